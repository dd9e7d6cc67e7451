/** What a step of a run says to people. */
import { t } from "../../i18n/panel.ts";
import type { PanelKey } from "../../i18n/panel.ts";
import { spanText } from "../../lib/time.ts";
import { WORTH_TELLING_MS, numberIn, usageIn } from "../../model/timeline.ts";
import type { Step } from "../../model/timeline.ts";

export interface StepText {
  readonly title: string;
  readonly text: string;
  /** Lines below it. */
  readonly notes: readonly string[];
}

/** `title`: where it is not that of its kind. */
interface Words extends Omit<StepText, "title"> {
  readonly title?: PanelKey;
}

const count = new Intl.NumberFormat();

export function number(value: number | undefined): string {
  return count.format(value ?? 0);
}

const WORDS: Readonly<Record<string, (step: Step, agent: string) => Words>> = {
  message: ({ data }) =>
    said(t("step.message.text", { channel: text(data, "channel"), chars: number(of(data, "chars")) })),
  route: ({ data }, agent) => {
    const by = text(data, "by");
    return said(
      by === "asked" || by === "default" ? t(`step.route.${by}`, { agent }) : t("step.route.text", { agent, by }),
    );
  },
  wait: () => said(t("step.wait.text")),
  start: ({ data }) =>
    (of(data, "attempt") ?? 1) > 1
      ? { title: "step.again", ...said(t("step.again.text", { attempt: number(of(data, "attempt")) })) }
      : said((of(data, "waitedMs") ?? 0) < WORTH_TELLING_MS ? t("step.start.text") : ""),
  prompt: ({ data }) => {
    const system = Array.isArray(data["system"]) ? (data["system"] as { chars?: number }[]) : [];
    const tools = (data["tools"] ?? {}) as Readonly<Record<string, unknown>>;
    const chars = system.reduce((sum, part) => sum + (part.chars ?? 0), 0) + (of(tools, "chars") ?? 0);
    return said(t("step.prompt.text", { chars: number(chars), tools: number(of(tools, "count")) }));
  },
  model: modelText,
  decision: ({ data }) => {
    const verdict = (["allow", "ask", "deny"] as const).find((one) => one === data["verdict"]) ?? "ask";
    return {
      text: t(`step.decision.${verdict}`, { tool: text(data, "tool") }),
      notes: [t("step.decision.rule", { rule: text(data, "rule") })],
    };
  },
  tool: ({ data }) => ({
    text: text(data, "name"),
    notes: [
      data["isError"] === true ? t("step.tool.failed") : t("step.tool.text", { chars: number(of(data, "chars")) }),
    ],
  }),
  steered: ({ data }) => {
    const turns = Array.isArray(data["turns"]) ? data["turns"].length : 1;
    return said(turns === 1 ? t("step.steered.one") : t("step.steered.text", { count: turns }));
  },
  compaction: ({ data }) =>
    said(
      data["completed"] === true
        ? t("step.compaction.text", {
            before: number(of(data, "tokensBefore")),
            after: number(of(data, "tokensAfter")),
          })
        : t("step.compaction.failed", { why: text(data, "why") }),
    ),
  delivery: ({ data }) => {
    const state = (["sent", "retry", "dead"] as const).find((one) => one === data["state"]) ?? "sent";
    const error = text(data, "error");
    return {
      text: t(`step.delivery.${state}`, { channel: text(data, "channel") }),
      notes: error === "" ? [] : [error],
    };
  },
  end: ({ data }) => said([statusText(text(data, "status")), text(data, "code")].filter(Boolean).join(" · ")),
};

export function stepText(step: Step, agent: string): StepText {
  const words: Words = WORDS[step.kind]?.(step, agent) ?? said(JSON.stringify(step.data));
  const key = words.title ?? (`step.${step.kind}` as PanelKey);
  return { title: step.kind in WORDS ? t(key) : step.kind, text: words.text, notes: words.notes };
}

function modelText(step: Step): Words {
  const { data, from, first } = step;
  const name = `${text(data, "provider")}/${text(data, "model")}`;
  const failure = data["failure"] as { readonly class?: string; readonly message?: string } | undefined;
  if (failure !== undefined)
    return { text: name, notes: [[failure.class, failure.message].filter(Boolean).join(": ")] };
  const { input, output, cost } = usageIn(data);
  const ends = { toolUse: "step.model.wants", length: "step.model.length" } as const;
  const stop = text(data, "stopReason");
  return {
    text: name,
    notes: [
      [
        t("step.model.text", { input: number(input), output: number(output) }),
        ...(cost === undefined ? [] : [costText(cost)]),
        ...(first === undefined ? [] : [t("step.model.first", { time: spanText(first - from) })]),
        t(stop in ends ? ends[stop as keyof typeof ends] : "step.model.ends"),
      ].join(" · "),
    ],
  };
}

export function costText(cost: number): string {
  return t("run.cost", { cost: cost.toFixed(cost < 0.01 ? 4 : 2) });
}

export function statusText(status: string): string {
  const known = (["ok", "error", "aborted", "timeout"] as const).find((one) => one === status);
  return known === undefined ? status : t(`run.${known}`);
}

function said(words: string): Words {
  return { text: words, notes: [] };
}

function text(data: Readonly<Record<string, unknown>>, name: string): string {
  const value = data[name];
  return value === undefined || value === null ? "" : String(value);
}

const of = numberIn;
