import type { ComponentChildren } from "preact";
import type { UsageKey } from "../../i18n/en-usage.ts";
import { t } from "../../i18n/usage.ts";
import { cacheShare, dollars, largestFirst, tokenText } from "../../model/usage.ts";
import type { Report, Totals } from "../../model/usage.ts";
import { useApp } from "../../state/app.ts";
import { MOST_SESSIONS } from "../../state/usage.ts";
import { titleOf } from "../../state/session-title.ts";

interface Line {
  readonly id: string;
  readonly name: ComponentChildren;
  readonly totals: Totals;
}

/** Who and what used it. */
export function Shares({ report: { sessions, aggregates } }: { readonly report: Report }) {
  const app = useApp();
  const { byModel, byAgent, byChannel } = aggregates;
  const models = byModel.map(({ provider, model, totals }) => ({
    id: `${provider}/${model}`,
    name: <code>{`${provider}/${model}`}</code>,
    totals,
  }));
  const talks = sessions.flatMap(({ key, sessionId, usage }): Line[] => {
    const row = app.sessions.row(key);
    const name = row === undefined ? key : titleOf(row);
    const open = (
      <button
        type="button"
        class="link-button"
        aria-label={t("session.open", { name })}
        onClick={() => app.openSession(key)}
      >
        {name}
      </button>
    );
    return usage === null
      ? []
      : [{ id: sessionId, name: row === undefined ? <code>{key}</code> : open, totals: usage }];
  });
  return (
    <>
      <Share title="byModel" column="model" lines={largestFirst(models)} />
      <Share
        title="byAgent"
        column="agent"
        lines={largestFirst(byAgent.map(({ agentId, totals }) => ({ id: agentId, name: agentId, totals })))}
      />
      <Share
        title="byChannel"
        column="channel"
        lines={largestFirst(
          byChannel.map(({ channel, totals }) => ({ id: channel, name: channel || t("channel.none"), totals })),
        )}
      />
      <Share
        title="bySession"
        column="session"
        lines={talks}
        {...(talks.length < MOST_SESSIONS ? {} : { note: t("session.most", { count: talks.length }) })}
      />
    </>
  );
}

interface ShareProps {
  readonly title: UsageKey;
  readonly column: UsageKey;
  readonly lines: readonly Line[];
  readonly note?: string;
}

function Share({ title, column, lines, note }: ShareProps) {
  if (lines.length === 0) return null;
  return (
    <section class="usage-part">
      <h2>{t(title)}</h2>
      {note !== undefined && <p class="muted">{note}</p>}
      <div class="usage-table">
        <table>
          <thead>
            <tr>
              <th scope="col">{t(column)}</th>
              <th scope="col">{t("cost")}</th>
              <th scope="col">{t("tokens")}</th>
              <th scope="col">{t("cacheRead")}</th>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ id, name, totals }) => (
              <tr key={id}>
                <th scope="row">{name}</th>
                <td>{dollars(totals.totalCost)}</td>
                <td>{tokenText(totals.totalTokens)}</td>
                <td>{shareText(totals)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function shareText(totals: Totals): string {
  const share = cacheShare(totals);
  return share === undefined ? "–" : `${Math.round(share * 100)} %`;
}
