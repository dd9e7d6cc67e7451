import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Icon } from "../icons/index.tsx";
import { t } from "../i18n/index.ts";
import { useApp } from "../state/app.ts";
import { Marked } from "./marked.tsx";
import { choicesOf } from "./palette-choices.ts";
import type { Choice } from "./palette-choices.ts";
import { useSaid } from "./use-said.ts";

/** One box for everything: conversations and commands. */
export function Palette() {
  const { ui } = useApp();
  return ui.palette.value ? <PaletteBox /> : null;
}

function PaletteBox() {
  const app = useApp();
  const element = useRef<HTMLDialogElement>(null);
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const said = useSaid(query);
  const choices = useMemo(
    () => choicesOf(app, query, said.rows),
    [app, query, said.rows, app.sessions.rows.value, app.slash.commands.value],
  );
  const close = () => (app.ui.palette.value = false);
  const chosen = Math.min(at, choices.length - 1);

  useEffect(() => app.slash.load(app.conversation.key.value), []);
  // Before the next key arrives: it belongs into the box.
  useLayoutEffect(() => element.current?.showModal(), []);
  useEffect(() => document.getElementById(`choice-${chosen}`)?.scrollIntoView({ block: "nearest" }), [chosen]);

  function run(choice: Choice | undefined): void {
    if (choice === undefined) return;
    close();
    choice.run();
  }

  function onKey(event: KeyboardEvent): void {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && choices.length > 0) {
      event.preventDefault();
      setAt((chosen + step + choices.length) % choices.length);
    }
    if (event.key === "Enter") {
      event.preventDefault();
      run(choices[chosen]);
    }
  }

  return (
    <dialog
      ref={element}
      class="palette"
      aria-label={t("palette.label")}
      onClose={close}
      onClick={(event) => event.target === element.current && close()}
    >
      <div class="palette-box">
        <div class="palette-field">
          <Icon name="search" />
          <input
            type="text"
            role="combobox"
            aria-expanded="true"
            aria-controls="choices"
            aria-activedescendant={choices.length > 0 ? `choice-${chosen}` : undefined}
            aria-label={t("palette.placeholder")}
            placeholder={t("palette.placeholder")}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => {
              setQuery(event.currentTarget.value);
              setAt(0);
            }}
            onKeyDown={onKey}
          />
        </div>
        <div id="choices" role="listbox" aria-label={t("palette.label")} class="choices">
          {choices.map((choice, index) => (
            <div key={choice.id}>
              {choice.group !== choices[index - 1]?.group && <div class="choice-group">{choice.group}</div>}
              <div
                id={`choice-${index}`}
                role="option"
                class={choice.marks ? "choice choice-found" : "choice"}
                aria-selected={index === chosen}
                onClick={() => run(choice)}
                onPointerMove={() => setAt(index)}
              >
                <Icon name={choice.icon} />
                <span>
                  <Marked text={choice.label} marks={choice.marks ?? []} />
                </span>
                {choice.hint !== undefined && <small>{choice.hint}</small>}
              </div>
            </div>
          ))}
          {said.searching ? (
            <p class="muted choice-none" role="status">
              {t("palette.searching")}
            </p>
          ) : (
            choices.length === 0 && <p class="muted choice-none">{t("palette.none")}</p>
          )}
        </div>
      </div>
    </dialog>
  );
}
