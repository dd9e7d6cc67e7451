import { t } from "../../i18n/usage.ts";
import { shortMoment } from "../../lib/time.ts";
import type { Quota } from "../../model/usage.ts";
import { useUsage } from "./use-usage.ts";

/** What is left of plans, as providers say. */
export function Quotas() {
  const quotas = useUsage().quotas.value;
  if (quotas === undefined) return null;
  return (
    <section class="usage-part">
      <h2>{t("quotas")}</h2>
      {quotas.length === 0 && <p class="muted">{t("quotas.none")}</p>}
      {quotas.map((quota) => (
        <Plan key={quota.provider} quota={quota} />
      ))}
    </section>
  );
}

function Plan({ quota: { displayName: name, plan, windows, error } }: { readonly quota: Quota }) {
  return (
    <div class="usage-plan">
      <h3>
        {name} {plan !== undefined && <span class="chip">{plan}</span>}
      </h3>
      {error !== undefined && <p class="muted">{error}</p>}
      <ul>
        {windows.map(({ label, usedPercent, resetAt }) => {
          const left = Math.max(0, Math.round(100 - usedPercent));
          return (
            <li key={label}>
              <span>{label}</span>
              <svg
                class="usage-left"
                data-low={left <= 10}
                viewBox="0 0 100 4"
                preserveAspectRatio="none"
                aria-hidden="true"
              >
                <rect class="usage-left-ground" width={100} height={4} />
                <rect width={left} height={4} />
              </svg>
              <span>
                {t("quota.left", { percent: left })}
                {resetAt !== undefined && `, ${t("quota.resets", { time: shortMoment(resetAt, Date.now()) })}`}
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
