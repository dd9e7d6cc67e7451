import { Icon } from "../icons/index.tsx";
import { t } from "../i18n/index.ts";
import { useApp } from "../state/app.ts";
import type { Approval, Decision } from "../state/approvals.ts";
import { faultText } from "../state/connection.ts";
import { titleOf } from "../state/session-title.ts";

const MOST = 3;
const LABELS = {
  "allow-once": "approval.once",
  "allow-always": "approval.always",
  deny: "approval.deny",
} as const;

/** Commands that wait for the owner, those of the open conversation first. */
export function Approvals() {
  const { approvals, conversation } = useApp();
  const here = conversation.key.value;
  const open = approvals.open.value.toSorted((a, b) => Number(b.sessionKey === here) - Number(a.sessionKey === here));
  const newest = approvals.open.value.at(-1);
  return (
    <>
      <p class="offstage" role="alert">
        {newest === undefined ? "" : t("approval.announce", { command: newest.command.slice(0, 200) })}
      </p>
      {open.length > 0 && (
        <section class="approvals" aria-label={t("approval.label")}>
          {open.slice(0, MOST).map((approval) => (
            <Card key={approval.id} approval={approval} elsewhere={approval.sessionKey !== here} />
          ))}
          {open.length > MOST && <p class="approval-more">{t("approval.more", { count: open.length - MOST })}</p>}
        </section>
      )}
    </>
  );
}

function Card({ approval, elsewhere }: { readonly approval: Approval; readonly elsewhere: boolean }) {
  const { approvals, ui } = useApp();
  const busy = approvals.busy.value.has(approval.id);
  const title = `approval-${approval.id}`;
  const answer = (decision: Decision) => {
    approvals.answer(approval.id, decision).catch((error: unknown) => ui.toast(faultText(error)));
  };
  return (
    <div class="approval" role="group" aria-labelledby={title}>
      <h2 id={title}>
        <Icon name="lock" size={14} />
        {t("approval.title")}
      </h2>
      <pre tabIndex={0} aria-label={t("approval.command")}>
        {approval.command}
      </pre>
      <Facts approval={approval} elsewhere={elsewhere} />
      <div class="approval-actions">
        {approval.decisions.map((decision) => (
          <button
            key={decision}
            type="button"
            class={decision === "allow-once" ? "button primary" : "button"}
            disabled={busy}
            onClick={() => answer(decision)}
          >
            {t(LABELS[decision])}
          </button>
        ))}
      </div>
    </div>
  );
}

function Facts({ approval, elsewhere }: { readonly approval: Approval; readonly elsewhere: boolean }) {
  const { sessions, openSession } = useApp();
  const { sessionKey, program, cwd } = approval;
  const row = sessionKey === undefined ? undefined : sessions.row(sessionKey);
  return (
    <dl class="approval-facts">
      {program !== undefined && <Fact name={t("approval.program")} value={program} />}
      {cwd !== undefined && <Fact name={t("approval.folder")} value={cwd} />}
      {elsewhere && sessionKey !== undefined && (
        <div>
          <dt>{t("approval.session")}</dt>
          <dd>
            <button type="button" class="link-button" onClick={() => openSession(sessionKey)}>
              {row === undefined ? sessionKey : titleOf(row)}
            </button>
          </dd>
        </div>
      )}
    </dl>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd title={value}>{value}</dd>
    </div>
  );
}
