import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../icons/index.tsx";
import { t } from "../i18n/index.ts";
import { useApp } from "../state/app.ts";
import type { Queued } from "../state/queue.ts";

/** What was typed while an answer runs; each can be sent at once, changed, or taken back. */
export function Queue() {
  const { conversation } = useApp();
  const items = conversation.queue.value;
  if (items.length === 0) return null;
  return (
    <ul class="queue" aria-label={t("queue.label")}>
      {items.map((item) => (
        <Item key={item.id} item={item} />
      ))}
    </ul>
  );
}

function Item({ item }: { readonly item: Queued }) {
  const { conversation } = useApp();
  const [editing, setEditing] = useState(false);
  if (editing) return <Field item={item} onEnd={() => setEditing(false)} />;
  return (
    <li>
      <span class="queue-text">{item.text}</span>
      <button type="button" class="link-button" onClick={() => conversation.sendNow(item)}>
        {t("queue.now")}
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label={t("queue.edit")}
        title={t("queue.edit")}
        onClick={() => setEditing(true)}
      >
        <Icon name="edit" size={14} />
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label={t("queue.remove")}
        title={t("queue.remove")}
        onClick={() => conversation.unqueue(item.id)}
      >
        <Icon name="close" size={14} />
      </button>
    </li>
  );
}

/** Changes it in place: what stands in the box below stays. It is kept as it is typed, should the answer end meanwhile. */
function Field({ item, onEnd }: { readonly item: Queued; readonly onEnd: () => void }) {
  const { conversation } = useApp();
  const field = useRef<HTMLTextAreaElement>(null);
  const [before] = useState(item.text);
  useLayoutEffect(() => field.current?.focus(), []);

  function onKey(event: KeyboardEvent): void {
    if (event.isComposing || (event.key !== "Escape" && (event.key !== "Enter" || event.shiftKey))) return;
    event.preventDefault();
    if (event.key === "Escape") conversation.requeue(item.id, before);
    finish();
  }

  function finish(): void {
    if (item.text.trim() === "") conversation.unqueue(item.id);
    onEnd();
  }

  return (
    <li>
      <textarea
        ref={field}
        class="queue-field"
        rows={Math.min(6, item.text.split("\n").length)}
        aria-label={t("queue.field")}
        value={item.text}
        onInput={(event) => conversation.requeue(item.id, event.currentTarget.value)}
        onKeyDown={onKey}
      />
      <button type="button" class="link-button" onClick={finish}>
        {t("queue.save")}
      </button>
    </li>
  );
}
