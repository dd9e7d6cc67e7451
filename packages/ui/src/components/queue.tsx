import { Icon } from "../icons/index.tsx";
import { t } from "../i18n/index.ts";
import { useApp } from "../state/app.ts";

/** What was typed while an answer runs; each can be sent at once or taken back. */
export function Queue() {
  const { conversation } = useApp();
  const items = conversation.queue.value;
  if (items.length === 0) return null;
  return (
    <ul class="queue" aria-label={t("queue.label")}>
      {items.map((item) => (
        <li key={item.id}>
          <span class="queue-text">{item.text}</span>
          <button type="button" class="link-button" onClick={() => conversation.sendNow(item)}>
            {t("queue.now")}
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
      ))}
    </ul>
  );
}
