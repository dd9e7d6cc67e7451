import { useState } from "preact/hooks";
import { Icon } from "../icons/index.tsx";
import { t } from "../i18n/index.ts";
import { readReport } from "../model/helpers.ts";
import type { Row } from "../model/rows.ts";
import { useApp } from "../state/app.ts";
import { Markdown } from "./markdown.tsx";
import { MessageMenu } from "./message-tools.tsx";

/** Below the call that started a helper: what it does, and the way to it. */
export function HelperLine({ sessionKey }: { readonly sessionKey: string }) {
  const { sessions, stopSession } = useApp();
  const row = sessions.row(sessionKey);
  if (row === undefined) return null;
  return (
    <div class="helper-line">
      {row.hasActiveRun ? <span class="spinner" aria-hidden="true" /> : <Icon name="check" size={13} />}
      <span>{t(row.hasActiveRun ? "helper.running" : "helper.done")}</span>
      <OpenHelper sessionKey={sessionKey} />
      {row.hasActiveRun && (
        <button type="button" class="link-button quiet" onClick={() => void stopSession(sessionKey)}>
          {t("helper.stop")}
        </button>
      )}
    </div>
  );
}

function OpenHelper({ sessionKey }: { readonly sessionKey: string }) {
  const { openSession } = useApp();
  return (
    <button type="button" class="link-button" onClick={() => openSession(sessionKey)}>
      {t("helper.open")}
    </button>
  );
}

const STATES = ["success", "error", "timeout", "stopped"] as const;

/** What another session said to this one: one line that opens. */
export function ReportRow({ row }: { readonly row: Extract<Row, { kind: "report" }> }) {
  const { sessions } = useApp();
  const [open, setOpen] = useState(false);
  const report = readReport(row.text);
  const state = STATES.find((one) => one === report?.status) ?? "unknown";
  const known = row.sessionKey !== undefined && sessions.row(row.sessionKey) !== undefined;
  return (
    <div class="row fold report" data-status={state}>
      <div class="report-head">
        <button type="button" class="fold-head" aria-expanded={open} onClick={() => setOpen(!open)}>
          <Icon name="chevron" size={14} />
          <span class="tool-mark" aria-hidden="true">
            <Icon name="helper" size={14} />
          </span>
          <span class="tool-name">
            {report === undefined ? t("helper.says") : t("helper.reported", { name: report.name })}
          </span>
          <span class="fold-peek">{(report?.result ?? row.text).split("\n")[0]}</span>
          {report !== undefined && <span class="tool-time">{t(`helper.${state}`)}</span>}
        </button>
        <MessageMenu origin={row} />
      </div>
      {open && (
        <div class="fold-body">
          <Markdown text={report?.result ?? row.text} />
          {known && row.sessionKey !== undefined && <OpenHelper sessionKey={row.sessionKey} />}
        </div>
      )}
    </div>
  );
}
