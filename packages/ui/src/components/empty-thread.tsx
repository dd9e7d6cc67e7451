import { Logo } from "../icons/index.tsx";
import { t } from "../i18n/index.ts";
import { useApp } from "../state/app.ts";

const SUGGESTIONS = ["thread.suggest.1", "thread.suggest.2", "thread.suggest.3"] as const;

/** A new conversation teaches the first step. */
export function EmptyThread() {
  const { conversation } = useApp();
  return (
    <div class="empty">
      <Logo size={40} />
      <h2>{t("thread.empty.title")}</h2>
      <p class="muted">{t("thread.empty.lead")}</p>
      <div class="suggestions">
        {SUGGESTIONS.map((key) => (
          <button key={key} type="button" class="suggestion" onClick={() => conversation.submit(t(key), "after")}>
            {t(key)}
          </button>
        ))}
      </div>
    </div>
  );
}
