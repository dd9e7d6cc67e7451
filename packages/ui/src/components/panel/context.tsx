import { useEffect, useState } from "preact/hooks";
import { Icon } from "../../icons/index.tsx";
import { t } from "../../i18n/panel.ts";
import { detailsOf, sharesOf } from "../../model/context.ts";
import type { ContextReport, PartShare } from "../../model/context.ts";
import { useApp } from "../../state/app.ts";
import { Elapsed } from "../elapsed.tsx";
import { number } from "./step-text.ts";
import { usePanel } from "./use-panel.ts";

export function ContextView({ sessionKey }: { readonly sessionKey: string }) {
  const { context } = usePanel();
  useEffect(() => context.open(sessionKey), [context, sessionKey]);
  const report = context.report.value;
  if (report === undefined && context.problem.value !== undefined)
    return (
      <div class="panel-note" role="alert">
        <p class="complaint">
          <Icon name="alert" size={14} /> {context.problem.value}
        </p>
        <button type="button" class="button" onClick={() => context.reload()}>
          {t("retry")}
        </button>
      </div>
    );
  if (report === undefined) return <p class="panel-note muted">{t("loading")}</p>;
  return (
    <>
      <Fill report={report} />
      <MakeRoom />
    </>
  );
}

function Fill({ report }: { readonly report: ContextReport }) {
  const parts = sharesOf(report);
  const { contextTokens, tokens, source, model, messages } = report;
  const used = number(tokens.used);
  return (
    <section>
      <p class="context-total">
        {contextTokens === null
          ? t("context.used", { used })
          : t("context.of", { used, window: number(contextTokens) })}
      </p>
      <div class="context-bar" aria-hidden="true">
        {parts.map(({ name, share }) => (
          <span key={name} data-part={name} style={{ width: `${share * 100}%` }} />
        ))}
      </div>
      <p class="muted">
        {source === "run" ? t("context.run", { model }) : t("context.estimate")}{" "}
        {messages === 1 ? t("context.message") : t("context.messages", { count: messages })}
      </p>
      <table class="context-table">
        <thead>
          <tr>
            <th scope="col">{t("context.part")}</th>
            <th scope="col">{t("context.tokens")}</th>
            <th scope="col">{t("context.share")}</th>
          </tr>
        </thead>
        <tbody>
          {parts.map((part) => (
            <Part key={part.name} part={part} report={report} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** A part; it opens into its largest pieces where it has any. */
function Part({ part, report }: { readonly part: PartShare; readonly report: ContextReport }) {
  const [open, setOpen] = useState(false);
  const details = detailsOf(report, part.name);
  const label = (
    <>
      <span class="swatch" data-part={part.name} aria-hidden="true" />
      {t(`part.${part.name}`)}
    </>
  );
  return (
    <>
      <tr>
        <th scope="row">
          {details.length === 0 ? (
            <span class="context-name">{label}</span>
          ) : (
            <button type="button" class="context-name" aria-expanded={open} onClick={() => setOpen(!open)}>
              {label} <Icon name="chevron" size={12} />
            </button>
          )}
        </th>
        <td>{number(part.tokens)}</td>
        <td>{percent(part.share)}</td>
      </tr>
      {open &&
        details.map(({ name, tokens, note }) => (
          <tr key={name} class="context-detail">
            <th scope="row">
              {name}
              {note !== undefined && <em> {t(`part.${note}`)}</em>}
            </th>
            <td>{number(tokens)}</td>
            <td />
          </tr>
        ))}
    </>
  );
}

function percent(share: number): string {
  return share > 0 && share < 0.01 ? "< 1 %" : `${Math.round(share * 100)} %`;
}

function MakeRoom() {
  const { conversation } = useApp();
  const { context } = usePanel();
  const [focus, setFocus] = useState("");
  const room = context.room.value;
  const working = room?.state === "working" || conversation.compacting.value;
  return (
    <form
      class="room"
      onSubmit={(event) => {
        event.preventDefault();
        void context.compact(focus);
      }}
    >
      <h3>{t("room.title")}</h3>
      <p class="muted">{t("room.lead")}</p>
      <label>
        <span>{t("room.focus")}</span>
        <textarea rows={2} value={focus} maxLength={2000} onInput={(event) => setFocus(event.currentTarget.value)} />
      </label>
      {conversation.run.value !== undefined && !working && <p class="muted">{t("room.running")}</p>}
      <div class="room-line">
        <button type="submit" class="button primary" disabled={working}>
          {t(working ? "room.working" : "room.do")}
        </button>
        {room?.state === "working" && <Elapsed since={room.since} />}
      </div>
      <p role="status" class={room?.state === "failed" ? "complaint" : "room-result"}>
        {room?.state === "done" && t("room.done", { before: number(room.before), after: number(room.after) })}
        {room?.state === "nothing" && t("room.nothing")}
        {room?.state === "failed" && room.problem}
      </p>
    </form>
  );
}
