import { useMemo } from "preact/hooks";
import { Icon } from "../icons/index.tsx";
import { t } from "../i18n/index.ts";
import { exactTime } from "../lib/time.ts";
import type { Row } from "../model/rows.ts";
import { CopyButton } from "./copy-button.tsx";
import { Markdown } from "./markdown.tsx";
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
      return <Failure text={row.text} />;
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
          <CopyButton text={row.text} label="message.copy" />
          {row.at !== undefined && <When at={row.at} />}
        </div>
      )}
    </article>
  );
}

function Failure({ text }: { readonly text: string }) {
  return (
    <div class="row failure" role="alert">
      <Icon name="alert" />
      <div>
        <strong>{t("message.error")}</strong>
        {text !== "" && <p>{text}</p>}
      </div>
    </div>
  );
}
