import { useEffect, useState } from "preact/hooks";
import { Icon } from "../icons/index.tsx";
import { t } from "../i18n/index.ts";
import { useApp } from "../state/app.ts";
import type { Link } from "../state/connection.ts";

/** A slim bar while the gateway is away. */
export function ConnectionBar() {
  const { connection } = useApp();
  const link = connection.link.value;
  if (link.phase !== "away") return null;
  return (
    <div class="connection-bar" role="status">
      <Icon name="unplugged" size={14} />
      <span class="connection-text">
        {t("connection.lost")} <RetryText link={link} />
      </span>
      <button type="button" class="link-button" onClick={() => connection.retryNow()}>
        {t("connection.retry")}
      </button>
    </div>
  );
}

export function RetryText({ link }: { readonly link: Extract<Link, { phase: "away" }> }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.ceil(((link.retryAt ?? now) - now) / 1000);
  return (
    <span aria-hidden="true">{seconds > 0 ? t("connection.retry-in", { seconds }) : t("connection.connecting")}</span>
  );
}
