import { useState } from "preact/hooks";
import { Icon } from "../icons/index.tsx";
import { t } from "../i18n/index.ts";
import { spanText } from "../lib/time.ts";
import { startedBy } from "../model/helpers.ts";
import { argumentText, summaryOf } from "../model/tool-text.ts";
import type { ToolView } from "../model/tool-view.ts";
import { CopyButton } from "./copy-button.tsx";
import { Elapsed } from "./elapsed.tsx";
import { HelperLine } from "./helper-rows.tsx";

/** One line for a tool call; it opens into arguments and output. */
export function ToolRow({ tool }: { readonly tool: ToolView }) {
  const [open, setOpen] = useState(false);
  const helper = startedBy(tool);
  return (
    <div class="row fold tool" data-status={tool.status}>
      <button type="button" class="fold-head" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name="chevron" size={14} />
        <span class="tool-mark" aria-hidden="true">
          {tool.status === "running" ? (
            <span class="spinner" />
          ) : (
            <Icon name={tool.status === "failed" ? "alert" : helper === undefined ? "tool" : "helper"} size={13} />
          )}
        </span>
        <span class="tool-name">{helper === undefined ? tool.name : t("helper.started")}</span>
        <span class="fold-peek">{summaryOf(tool.args)}</span>
        <span class="tool-time">
          {tool.status === "failed" && <span class="tool-failed">{t("tool.failed")}</span>}
          {tool.status === "unknown" && <span>{t("tool.unknown")}</span>}
          {tool.status === "running" && tool.startedAt !== undefined ? (
            <Elapsed since={tool.startedAt} />
          ) : (
            tool.durationMs !== undefined && spanText(tool.durationMs)
          )}
        </span>
        <span class="offstage">{t(`tool.${tool.status}`)}</span>
      </button>
      {helper !== undefined && <HelperLine sessionKey={helper} />}
      {open && (
        <div class="fold-body">
          <Part title={t("tool.arguments")} text={argumentText(tool.args)} />
          <Part
            title={t("tool.output")}
            text={tool.output === "" && tool.status !== "running" ? t("tool.no-output") : tool.output}
          />
        </div>
      )}
    </div>
  );
}

/** Long outputs are shown up to here; the copy has all of it. */
const MOST = 20_000;

function Part({ title, text }: { readonly title: string; readonly text: string }) {
  if (text === "") return null;
  return (
    <section class="tool-part">
      <header>
        <h3>{title}</h3>
        <CopyButton text={text} />
      </header>
      <pre tabIndex={0}>{text.length > MOST ? `${text.slice(0, MOST)}\n…` : text}</pre>
    </section>
  );
}
