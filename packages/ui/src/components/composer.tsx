import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../icons/index.tsx";
import { t } from "../i18n/index.ts";
import { isMac } from "../lib/platform.ts";
import { useApp } from "../state/app.ts";
import type { ConversationStore, When } from "../state/conversation.ts";
import type { Edited } from "../state/editing.ts";
import { AttachButton, Attached, useDrops } from "./attached.tsx";
import { Menu } from "./menu.tsx";
import { Meter } from "./meter.tsx";
import { Queue } from "./queue.tsx";
import { SlashMenu } from "./slash-menu.tsx";
import { useSlash } from "./use-slash.ts";

/** The box for the draft, or for a message that is said anew; the draft stays where it is meanwhile. */
export function Composer() {
  const edited = useApp().conversation.editing.message.value;
  return (
    <div class="composer">
      <Queue />
      <Box key={edited?.entryId ?? "draft"} edited={edited} />
    </div>
  );
}

function Box({ edited }: { readonly edited: Edited | undefined }) {
  const app = useApp();
  const { conversation, attachments, sessions, ui, tab, tells, resend } = app;
  const draft = `draft.${conversation.key.value}`;
  const [text, setText] = useState(() => edited?.text ?? tab.get(draft) ?? "");
  const box = useRef<HTMLTextAreaElement>(null);
  const running = conversation.run.value !== undefined;
  const usual: When = tells.value ? "now" : "after";

  const slash = useSlash(text, write);
  const dropping = useDrops(box, edited === undefined);
  const nothing = text.trim() === "" && (edited !== undefined || attachments.files.value.length === 0);

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
    if (edited === undefined) tab.set(draft, next);
    else conversation.editing.write(next);
  }

  function submit(event: Event, when: When = usual): void {
    event.preventDefault();
    const said = text.trim();
    if (nothing) return;
    if (edited !== undefined) {
      void resend(said);
      return;
    }
    conversation.submit(said, when, attachments.take());
    write("");
  }

  function onKey(event: KeyboardEvent): void {
    if (event.isComposing || slash.onKey(event)) return;
    const other = event.ctrlKey || event.metaKey;
    if (event.key === "Enter" && !event.shiftKey) submit(event, other && running ? opposite(usual) : usual);
    if (event.key === "Escape" && edited !== undefined) {
      event.preventDefault();
      conversation.editing.end();
    }
    if (event.key !== "ArrowUp" || text !== "" || edited !== undefined) return;
    const last = takeLast(conversation);
    if (last === undefined) return;
    event.preventDefault();
    write(last);
  }

  return (
    <>
      {edited !== undefined && <EditBar />}
      <SlashMenu items={slash.items} chosen={slash.chosen} onChoose={slash.choose} onLook={slash.look} />
      {edited === undefined && <Attached />}
      <form class="composer-box" data-drop={dropping} onSubmit={submit}>
        {edited === undefined && <AttachButton />}
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
        <Meter />
        {running && !nothing && edited === undefined && <SendHow onChoose={submit} usual={usual} />}
        <SendButton running={running} empty={nothing} edits={edited !== undefined} usual={usual} />
      </form>
      <p id="composer-hint" class="composer-hint">
        {running ? t(`composer.hint.${usual}`, { other: isMac() ? "⌘Enter" : "Ctrl+Enter" }) : t("composer.hint")}
      </p>
    </>
  );
}

function EditBar() {
  const { conversation } = useApp();
  return (
    <div class="edit-bar">
      <Icon name="edit" size={14} />
      <span>{t("composer.editing")}</span>
      <button type="button" class="link-button" onClick={() => conversation.editing.end()}>
        {t("composer.editing.end")}
      </button>
    </div>
  );
}

interface HowProps {
  readonly usual: When;
  readonly onChoose: (event: Event, when: When) => void;
}

/** Both ways to say something while an answer runs, the usual one first. */
function SendHow({ usual, onChoose }: HowProps) {
  const send = (when: When) => () => onChoose(new Event("submit"), when);
  const now = { icon: "now", label: t("composer.now"), hint: t("composer.now.hint"), run: send("now") } as const;
  const after = {
    icon: "queue",
    label: t("composer.after"),
    hint: t("composer.after.hint"),
    run: send("after"),
  } as const;
  return (
    <Menu
      label={t("composer.how")}
      icon="chevron"
      class="icon-button send-how"
      items={() => (usual === "now" ? [now, after] : [after, now])}
    />
  );
}

interface SendProps {
  readonly running: boolean;
  readonly empty: boolean;
  readonly edits: boolean;
  readonly usual: When;
}

/** Sends; queues or tells while an answer runs; stops it when there is nothing to send. */
function SendButton({ running, empty, edits, usual }: SendProps) {
  const { conversation, branches } = useApp();
  if (running && empty) {
    const label = t("composer.stop");
    return (
      <button type="button" class="send stop" aria-label={label} title={label} onClick={() => conversation.stop()}>
        <Icon name="stop" size={14} />
      </button>
    );
  }
  const meanwhile = running && !edits;
  const label = edits
    ? t("composer.resend")
    : t(meanwhile ? (usual === "now" ? "composer.steer" : "composer.queue") : "composer.send");
  return (
    <button type="submit" class="send" disabled={empty || branches.turning.value} aria-label={label} title={label}>
      <Icon name={meanwhile ? (usual === "now" ? "now" : "queue") : "send"} size={18} />
    </button>
  );
}

function opposite(when: When): When {
  return when === "now" ? "after" : "now";
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
