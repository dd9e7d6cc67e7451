import { Logo } from "../icons/index.tsx";
import { t } from "../i18n/index.ts";
import { useApp } from "../state/app.ts";
import { RetryText } from "./connection-bar.tsx";

/** Until the gateway has answered for the first time. */
export function Splash() {
  const { connection } = useApp();
  const link = connection.link.value;
  return (
    <main class="splash" aria-live="polite">
      <Logo size={40} />
      {link.phase === "away" ? (
        <>
          <p>{link.problem}</p>
          <p class="muted">
            <RetryText link={link} />
          </p>
          <button type="button" class="button" onClick={() => connection.retryNow()}>
            {t("connection.retry")}
          </button>
        </>
      ) : (
        <p class="muted splash-wait">{t("connection.connecting")}</p>
      )}
    </main>
  );
}
