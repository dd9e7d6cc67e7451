import { useState } from "preact/hooks";
import { Icon } from "../../icons/index.tsx";
import { t } from "../../i18n/models.ts";
import { aliasProblem, aliasesOf, hasList, withAlias } from "../../model/models/choices.ts";
import { Refusal } from "./refusal.tsx";
import { Picker } from "./picker.tsx";
import { useChange, useModels } from "./use-models.ts";

/** Short names of models. */
export function Aliases() {
  const { file, mayWrite, saving } = useModels();
  const save = useChange();
  const [adding, setAdding] = useState(false);
  const base = file.value?.base ?? {};
  const list = aliasesOf(base);
  return (
    <section class="models-group" aria-label={t("aliases")}>
      <h2>{t("aliases")}</h2>
      <p class="settings-lead">{t("aliases.lead", { alias: list[0]?.alias ?? "sonnet" })}</p>
      {list.length === 0 && <p class="muted">{t("aliases.none")}</p>}
      <ul class="aliases">
        {list.map(({ alias, ref }) => (
          <li key={ref}>
            <strong>{alias}</strong>
            <code>{ref}</code>
            {mayWrite.value && (
              <button
                type="button"
                class="icon-button"
                aria-label={t("alias.remove", { alias })}
                title={t("alias.remove", { alias })}
                disabled={saving.value}
                onClick={() => void save("aliases", (now) => withAlias(now, ref, undefined))}
              >
                <Icon name="delete" size={14} />
              </button>
            )}
          </li>
        ))}
      </ul>
      {mayWrite.value && !adding && (
        <button type="button" class="link-button" onClick={() => setAdding(true)}>
          {t("alias.new")}
        </button>
      )}
      {adding && <NewAlias first={!hasList(base)} onDone={() => setAdding(false)} />}
      <Refusal at="aliases" />
    </section>
  );
}

function NewAlias({ first, onDone }: { readonly first: boolean; readonly onDone: () => void }) {
  const { file, saving } = useModels();
  const save = useChange();
  const [alias, setAlias] = useState("");
  const [ref, setRef] = useState<string | undefined>(undefined);
  const wish = { alias: alias.trim(), ref: ref ?? "" };
  const problem = wish.alias === "" ? undefined : aliasProblem(file.value?.base ?? {}, wish);
  async function add(): Promise<void> {
    if (ref === undefined || wish.alias === "" || problem !== undefined) return;
    if (await save("aliases", (base) => withAlias(base, ref, wish.alias))) onDone();
  }
  if (ref === undefined) return <Picker label={t("pick.model")} onPick={setRef} onCancel={onDone} />;
  return (
    <form
      class="alias-new"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <code>{ref}</code>
      <div class="picker-field">
        <input
          class="setting-input"
          aria-label={t("alias.name")}
          aria-invalid={problem !== undefined}
          placeholder={t("alias.name")}
          autocomplete="off"
          spellcheck={false}
          ref={(field) => void (alias === "" && field?.focus())}
          value={alias}
          onInput={(event) => setAlias(event.currentTarget.value)}
          onKeyDown={(event) => event.key === "Escape" && onDone()}
        />
        <button type="submit" class="button" disabled={saving.value || wish.alias === "" || problem !== undefined}>
          {t("alias.add")}
        </button>
        <button type="button" class="button" onClick={onDone}>
          {t("cancel")}
        </button>
      </div>
      {problem !== undefined && (
        <p class="complaint" role="alert">
          <Icon name="alert" /> {t(`alias.problem.${problem}`)}
        </p>
      )}
      {first && <p class="muted">{t("aliases.first")}</p>}
    </form>
  );
}
