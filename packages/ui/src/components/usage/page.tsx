import { useEffect } from "preact/hooks";
import { Icon } from "../../icons/index.tsx";
import { t } from "../../i18n/usage.ts";
import { cacheShare, dollars, tokenText } from "../../model/usage.ts";
import type { Report } from "../../model/usage.ts";
import { useApp } from "../../state/app.ts";
import { SPANS } from "../../state/usage.ts";
import { Days } from "./days.tsx";
import { Quotas } from "./quotas.tsx";
import { Shares } from "./shares.tsx";
import { useUsage } from "./use-usage.ts";

export function UsagePage() {
  const { report, reload } = useUsage();
  useEffect(() => {
    if (report.value !== undefined) reload();
  }, []);
  return (
    <div class="settings usage">
      <Head />
      <div class="settings-body">
        <div class="settings-measure">
          <Content />
        </div>
      </div>
    </div>
  );
}

function Head() {
  const { ui } = useApp();
  const { span, choose } = useUsage();
  return (
    <header class="header">
      <button
        type="button"
        class="icon-button only-narrow"
        aria-label={t("menu")}
        onClick={() => (ui.drawer.value = true)}
      >
        <Icon name="panel" size={18} />
      </button>
      <h1 class="header-title">{t("title")}</h1>
      <div class="settings-views" role="group" aria-label={t("span")}>
        {SPANS.map((days) => (
          <button key={days} type="button" aria-pressed={span.value === days} onClick={() => choose(days)}>
            {t(`span.${days}`)}
          </button>
        ))}
      </div>
    </header>
  );
}

function Content() {
  const { report, problem, reload } = useUsage();
  const found = report.value;
  if (found === undefined && problem.value !== undefined)
    return (
      <div class="settings-notice problem" role="alert">
        <p>{problem.value}</p>
        <button type="button" class="button" onClick={reload}>
          {t("retry")}
        </button>
      </div>
    );
  if (found === undefined) return <p class="muted">{t("loading")}</p>;
  return (
    <>
      <p class="settings-lead">{t("lead", { from: found.startDate })}</p>
      <Sums report={found} />
      <Days days={found.aggregates.daily} />
      <Quotas />
      <Shares report={found} />
    </>
  );
}

function Sums({ report: { totals, aggregates } }: { readonly report: Report }) {
  const share = cacheShare(totals);
  const { assistant, errors } = aggregates.messages;
  const read = tokenText(totals.input + totals.cacheRead + totals.cacheWrite);
  return (
    <>
      <dl class="usage-sums">
        <Sum name={t("cost")} value={dollars(totals.totalCost)} />
        <Sum
          name={t("tokens")}
          value={tokenText(totals.totalTokens)}
          hint={t("tokens.hint", { input: read, output: tokenText(totals.output) })}
        />
        <Sum
          name={t("cached")}
          value={share === undefined ? "–" : `${Math.round(share * 100)} %`}
          hint={t("cached.hint")}
        />
        <Sum
          name={t("answers")}
          value={String(assistant)}
          {...(errors > 0 ? { hint: t("answers.failed", { count: errors }) } : {})}
        />
      </dl>
      {totals.missingCostEntries > 0 && <p class="muted">{t("unpriced", { count: totals.missingCostEntries })}</p>}
    </>
  );
}

function Sum({ name, value, hint }: { readonly name: string; readonly value: string; readonly hint?: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
      {hint !== undefined && <dd class="usage-hint">{hint}</dd>}
    </div>
  );
}
