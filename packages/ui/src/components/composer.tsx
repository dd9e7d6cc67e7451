import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../icons/index.tsx";
import { t } from "../i18n/index.ts";
import { useApp } from "../state/app.ts";
import type { ConversationStore } from "../state/conversation.ts";
import { Queue } from "./queue.tsx";
import { SlashMenu } from "./slash-menu.tsx";
import { useSlash } from "./use-slash.ts";

export function Composer() {
  const { conversation, sessions, ui, tab } = useApp();
  const draft = `draft.${conversation.key.value}`;
  const [text, setText] = useState(() => tab.get(draft) ?? "");
  const box = useRef<HTMLTextAreaElement>(null);
  const running = conversation.run.value !== undefined;

  const slash = useSlash(text, write);

  useEffect(() => box.current?.focus(), [ui.focusComposer.value]);
  useEffect(() => {
    const given = ui.compose.value;
    if (given === undefined) return;
    ui.compose.value = undefined;
    write(given);
    box.current?.focus();
  }, [ui.compose.value]);
  useLayoutEffect(() => grow(box.current), [text]);

  function write(next: string): void {
    setText(next);
    tab.set(draft, next);
  }

  function submit(event: Event): void {
    event.preventDefault();
    if (text.trim() === "") return;
    conversation.submit(text.trim());
    write("");
  }

  function onKey(event: KeyboardEvent): void {
    if (event.isComposing || slash.onKey(event)) return;
    if (event.key === "Enter" && !event.shiftKey) submit(event);
    if (event.key !== "ArrowUp" || text !== "") return;
    const last = takeLast(conversation);
    if (last === undefined) return;
    event.preventDefault();
    write(last);
  }

  return (
    <div class="composer">
      <Queue />
      <SlashMenu items={slash.items} chosen={slash.chosen} onChoose={slash.choose} onLook={slash.look} />
      <form class="composer-box" onSubmit={submit}>
        <textarea
          ref={box}
          id="composer"
          rows={1}
          aria-controls={slash.items.length > 0 ? "slash" : undefined}
          aria-activedescendant={slash.items.length > 0 ? `slash-${slash.chosen}` : undefined}
          value={text}
          aria-label={t("composer.label")}
          aria-describedby="composer-hint"
          placeholder={t("composer.placeholder", { name: sessions.assistant.value.name })}
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={onKey}
        />
        <SendButton running={running} empty={text.trim() === ""} />
      </form>
      <p id="composer-hint" class="composer-hint">
        {t(running ? "composer.hint.running" : "composer.hint")}
      </p>
    </div>
  );
}

/** Sends; queues while an answer runs; stops it when there is nothing to send. */
function SendButton({ running, empty }: { readonly running: boolean; readonly empty: boolean }) {
  const { conversation } = useApp();
  if (running && empty) {
    const label = t("composer.stop");
    return (
      <button type="button" class="send stop" aria-label={label} title={label} onClick={() => conversation.stop()}>
        <Icon name="stop" size={14} />
      </button>
    );
  }
  const label = t(running ? "composer.queue" : "composer.send");
  return (
    <button type="submit" class="send" disabled={empty} aria-label={label} title={label}>
      <Icon name={running ? "queue" : "send"} size={18} />
    </button>
  );
}

/** The newest message for editing: out of the queue, else the last one sent. */
function takeLast(conversation: ConversationStore): string | undefined {
  const queued = conversation.queue.value.at(-1);
  if (queued !== undefined) return conversation.unqueue(queued.id)?.text;
  const rows = [...conversation.stored.value, ...conversation.loose.value];
  const own = rows.findLast((row) => row.kind === "user");
  return own?.kind === "user" ? own.text : undefined;
}

/** As tall as its text, up to what the style sheet allows. */
function grow(box: HTMLTextAreaElement | null): void {
  if (box === null) return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight}px`;
}
