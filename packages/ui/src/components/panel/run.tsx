import { useEffect, useMemo } from "preact/hooks";
import { Icon } from "../../icons/index.tsx";
import { t } from "../../i18n/panel.ts";
import { exactTime, spanText } from "../../lib/time.ts";
import { rowKeyOf } from "../../model/step-row.ts";
import { axisOf, barOf, stepsOf, totalsOf } from "../../model/timeline.ts";
import type { Axis, RunTold, Step } from "../../model/timeline.ts";
import { textIn } from "../../model/conversation.ts";
import { useApp } from "../../state/app.ts";
import type { PanelPlace } from "../../state/panel.ts";
import { costText, number, statusText, stepText } from "./step-text.ts";
import { usePanel } from "./use-panel.ts";

/** The way of a message through the gateway, step by step, on one axis of time. */
export function RunView({ place }: { readonly place: Extract<PanelPlace, { kind: "run" }> }) {
  const { runs } = usePanel();
  const { sessionKey, runId } = place;
  useEffect(() => runs.open(sessionKey, runId), [runs, sessionKey, runId]);
  const told = runs.told.value;
  const problem = runs.problem.value;
  if (problem !== undefined && told === undefined)
    return (
      <div class="panel-note" role="alert">
        <p class="complaint">
          <Icon name="alert" size={14} /> {problem}
        </p>
        <button type="button" class="button" onClick={() => runs.open(sessionKey, runId)}>
          {t("retry")}
        </button>
      </div>
    );
  if (told === undefined) return <p class="panel-note muted">{t("loading")}</p>;
  if (told === "none") return <p class="panel-note muted">{t("run.none")}</p>;
  return <Told told={told} />;
}

function Told({ told }: { readonly told: RunTold }) {
  const steps = useMemo(() => stepsOf(told), [told]);
  const axis = axisOf(steps);
  return (
    <>
      <Summary told={told} axis={axis} />
      <ol class="steps" aria-label={t("run.steps")}>
        {steps.map((step) => (
          <StepLine key={step.key} step={step} axis={axis} runId={told.run.runId} />
        ))}
      </ol>
    </>
  );
}

function Summary({ told, axis }: { readonly told: RunTold; readonly axis: Axis }) {
  const { run, events } = told;
  const why = useWhy(told);
  const { calls, tools, input, output, cost } = totalsOf(events);
  const status = run.status;
  const facts = [
    t("run.time", { time: spanText(axis.to - axis.from) }),
    calls === 1 ? t("run.calls.one") : t("run.calls", { count: calls }),
    ...(tools === 0 ? [] : [tools === 1 ? t("run.tools.one") : t("run.tools", { count: tools })]),
    t("run.tokens", { input: number(input), output: number(output) }),
    ...(cost === undefined ? [] : [costText(cost)]),
  ];
  return (
    <section class="run-summary" data-status={status ?? "running"}>
      <p class="run-status" role="status">
        <strong>{status === undefined ? t("run.under-way") : statusText(status)}</strong>
        {run.model !== undefined && <span class="muted">{`${run.provider ?? ""}/${run.model}`}</span>}
      </p>
      {why !== undefined && <p class="run-why">{why}</p>}
      <p class="muted">{facts.join(" · ")}</p>
    </section>
  );
}

/** Why there was no answer; undefined where there was one, or where that cannot be told. */
function useWhy({ run }: RunTold): string | undefined {
  const { conversation } = useApp();
  if (run.status === undefined) return undefined;
  if (run.error !== undefined) return run.error;
  if (run.status === "aborted") return t("run.stopped", { reason: run.stopReason ?? "" });
  const { entries } = conversation.conversation.value;
  const own = entries.filter(({ message }) => message.__openclaw?.runId === run.runId);
  const isSaid = own.some(({ message }) => message.role === "assistant" && textIn(message.content).trim() !== "");
  return own.length > 0 && !isSaid ? t("run.silent") : undefined;
}

interface StepProps {
  readonly step: Step;
  readonly axis: Axis;
  readonly runId: string;
}

function StepLine({ step, axis, runId }: StepProps) {
  const app = useApp();
  const { title, text, notes } = stepText(step, app.sessions.assistant.value.name);
  const { left, width, lead } = barOf(step, axis);
  const took = step.to - step.from;
  const { place } = step;
  return (
    <li class="step" data-kind={step.kind} data-tone={step.tone}>
      <div class="step-line" title={exactTime(step.from)}>
        <span class="step-title">{title}</span>
        <span class="step-text">{text}</span>
        {took > 0 && <span class="step-time">{spanText(took)}</span>}
        {place !== undefined && (
          <button
            type="button"
            class="icon-button"
            aria-label={t("run.show")}
            title={t("run.show")}
            onClick={() => {
              const { entries } = app.conversation.conversation.value;
              const key = rowKeyOf(place, { runId, entries, rows: app.conversation.stored.value });
              if (key === undefined) return app.ui.toast(t("run.not-loaded"));
              if (app.narrow.value) app.panel.close();
              app.ui.reveal.value = { key };
            }}
          >
            <Icon name="message" size={14} />
          </button>
        )}
      </div>
      <div class="step-axis" aria-hidden="true">
        <span class="step-bar" style={{ left: `${left}%`, width: `${width}%` }}>
          {lead > 0 && <span class="step-lead" style={{ width: `${lead}%` }} />}
        </span>
      </div>
      {notes.map((note) => (
        <p key={note} class="step-note">
          {note}
        </p>
      ))}
    </li>
  );
}
