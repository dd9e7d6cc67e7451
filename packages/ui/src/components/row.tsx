import { useMemo } from "preact/hooks";
import { Icon } from "../icons/index.tsx";
import { t } from "../i18n/index.ts";
import { exactTime } from "../lib/time.ts";
import { attemptsIn } from "../model/failure.ts";
import type { Row } from "../model/rows.ts";
import { useApp } from "../state/app.ts";
import { CompactionRow } from "./compaction-row.tsx";
import { CopyButton } from "./copy-button.tsx";
import { ReportRow } from "./helper-rows.tsx";
import { Markdown } from "./markdown.tsx";
import { ForkControl, MessageMenu } from "./message-tools.tsx";
import { ThinkingRow } from "./thinking-row.tsx";
import { ToolRow } from "./tool-row.tsx";
import { When } from "./when.tsx";
import { UserRow } from "./user-row.tsx";

/** A row renders again only when it became another. */
export function RowView({ row }: { readonly row: Row }) {
  return useMemo(() => render(row), [row]);
}

function render(row: Row) {
  switch (row.kind) {
    case "user":
      return <UserRow row={row} />;
    case "text":
      return <TextRow row={row} />;
    case "thinking":
      return <ThinkingRow text={row.text} live={row.live} />;
    case "tool":
      return <ToolRow tool={row.tool} />;
    case "failure":
      return <Failure row={row} />;
    case "report":
      return <ReportRow row={row} />;
    case "notice":
      return (
        <p class="row notice" title={exactTime(row.at)}>
          {row.text}
        </p>
      );
    case "compaction":
      return <CompactionRow compaction={row.compaction} />;
    case "mark":
      return (
        <div class="row mark" title={exactTime(row.at)}>
          <span>{row.text}</span>
        </div>
      );
  }
}

function TextRow({ row }: { readonly row: Extract<Row, { kind: "text" }> }) {
  return (
    <article class="row answer" data-live={row.live} aria-label={t("message.assistant")}>
      <Markdown text={row.text} />
      {row.stopped && (
        <p class="stopped">
          <Icon name="stop" size={12} /> {t("message.stopped")}
        </p>
      )}
      {!row.live && (
        <div class="answer-tools">
          <ForkControl entryId={row.entryId} />
          <CopyButton text={row.text} label="message.copy" />
          <MessageMenu origin={row} />
          {row.at !== undefined && <When at={row.at} />}
          {row.model !== undefined && (
            <span class="when said-by" title={t("message.model", { model: row.model })}>
              {row.model.slice(row.model.indexOf("/") + 1)}
            </span>
          )}
        </div>
      )}
    </article>
  );
}

/** Where several models failed, what each of them said. */
function FailureText({ text }: { readonly text: string }) {
  const several = attemptsIn(text);
  if (several === undefined) return <p>{text}</p>;
  const { lead, models, remedy } = several;
  return (
    <>
      <p>{lead}</p>
      <ul>
        {models.map(({ ref, said }) => (
          <li key={ref}>
            <code>{ref}</code> {said}
          </li>
        ))}
      </ul>
      {remedy !== "" && <p>{remedy}</p>}
    </>
  );
}

function Failure({ row }: { readonly row: Extract<Row, { kind: "failure" }> }) {
  const { conversation, panel } = useApp();
  const { text, runId } = row;
  return (
    <div class="row failure" role="alert">
      <Icon name="alert" />
      <div>
        <strong>{t("message.error")}</strong>
        {text !== "" && <FailureText text={text} />}
        {runId !== undefined && (
          <button
            type="button"
            class="link-button quiet"
            onClick={() => panel.open({ kind: "run", sessionKey: conversation.key.value, runId })}
          >
            {t("message.why")}
          </button>
        )}
      </div>
    </div>
  );
}
