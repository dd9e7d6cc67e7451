import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../icons/index.tsx";
import { t } from "../i18n/index.ts";
import { useApp } from "../state/app.ts";
import { Queue } from "./queue.tsx";

export function Composer() {
  const { conversation, sessions, ui, tab } = useApp();
  const draft = `draft.${conversation.key.value}`;
  const [text, setText] = useState(() => tab.get(draft) ?? "");
  const box = useRef<HTMLTextAreaElement>(null);
  const running = conversation.run.value !== undefined;
  const empty = text.trim() === "";

  useEffect(() => tab.set(draft, text), [text]);
  useEffect(() => box.current?.focus(), [ui.focusComposer.value]);
  useLayoutEffect(() => grow(box.current), [text]);

  function submit(): void {
    if (empty) return;
    conversation.submit(text.trim());
    setText("");
  }

  function onKey(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    }
    if (event.key === "ArrowUp" && text === "") {
      const last = takeLast();
      if (last === undefined) return;
      event.preventDefault();
      setText(last);
    }
  }

  /** The newest message for editing: out of the queue, else the last one sent. */
  function takeLast(): string | undefined {
    const queued = conversation.queue.value.at(-1);
    if (queued !== undefined) return conversation.unqueue(queued.id)?.text;
    const rows = [...conversation.stored.value, ...conversation.loose.value];
    const own = rows.findLast((row) => row.kind === "user");
    return own?.kind === "user" ? own.text : undefined;
  }

  return (
    <div class="composer">
      <Queue />
      <form
        class="composer-box"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <textarea
          ref={box}
          id="composer"
          rows={1}
          value={text}
          aria-label={t("composer.label")}
          aria-describedby="composer-hint"
          placeholder={t("composer.placeholder", { name: sessions.assistant.value.name })}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKey}
        />
        {running && empty ? (
          <button
            type="button"
            class="send stop"
            aria-label={t("composer.stop")}
            title={t("composer.stop")}
            onClick={() => conversation.stop()}
          >
            <Icon name="stop" size={14} />
          </button>
        ) : (
          <button
            type="submit"
            class="send"
            disabled={empty}
            aria-label={t(running ? "composer.queue" : "composer.send")}
            title={t(running ? "composer.queue" : "composer.send")}
          >
            <Icon name={running ? "queue" : "send"} size={18} />
          </button>
        )}
      </form>
      <p id="composer-hint" class="composer-hint">
        {t(running ? "composer.hint.running" : "composer.hint")}
      </p>
    </div>
  );
}

/** As tall as its text, up to what the style sheet allows. */
function grow(box: HTMLTextAreaElement | null): void {
  if (box === null) return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight}px`;
}
