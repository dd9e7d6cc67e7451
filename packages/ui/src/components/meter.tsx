import { t } from "../i18n/index.ts";
import { useApp } from "../state/app.ts";

const RADIUS = 7;
const ROUND = 2 * Math.PI * RADIUS;
/** Percent from which on it is worth a look. */
const FULL = 80;

/** How full the window of the model is; it opens into what fills it. */
export function Meter() {
  const { conversation, sessions, panel } = useApp();
  const key = conversation.key.value;
  const { totalTokens, contextTokens } = sessions.row(key) ?? {};
  if (contextTokens === undefined || contextTokens <= 0) return null;
  const share = Math.min(1, (totalTokens ?? 0) / contextTokens);
  const percent = Math.round(share * 100);
  const label = totalTokens === undefined ? t("meter.unknown") : t("meter.label", { percent });
  const open = panel.place.value?.kind === "context";
  return (
    <button
      type="button"
      class="icon-button meter"
      data-full={percent >= FULL}
      aria-label={label}
      aria-expanded={open}
      title={label}
      onClick={() => (open ? panel.close() : panel.open({ kind: "context", sessionKey: key }))}
    >
      <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
        <circle cx="10" cy="10" r={RADIUS} />
        <circle cx="10" cy="10" r={RADIUS} stroke-dasharray={`${share * ROUND} ${ROUND}`} />
      </svg>
    </button>
  );
}
