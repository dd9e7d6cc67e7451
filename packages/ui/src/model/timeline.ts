/** The way of a message as steps on one time axis. Pure. */

/** A fact as the gateway records it. */
export interface Fact {
  readonly id: number;
  /** Epoch ms. */
  readonly ts: number;
  readonly kind: string;
  readonly runId: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface RunSummary {
  readonly runId: string;
  readonly state?: string;
  readonly status?: string;
  readonly stopReason?: string;
  readonly provider?: string;
  readonly model?: string;
  readonly error?: string;
}

export interface RunTold {
  readonly run: RunSummary;
  /** In order. */
  readonly events: readonly Fact[];
}

/** What of the conversation a step made or used. */
export type Place =
  | { readonly kind: "asked"; readonly turnId: string }
  /** The n-th answer of the model in its run. */
  | { readonly kind: "answer"; readonly nth: number }
  | { readonly kind: "tool"; readonly callId: string }
  | { readonly kind: "entry"; readonly id: string };

export interface Step {
  readonly key: string;
  readonly kind: string;
  /** Epoch ms; equal for what takes no time. */
  readonly from: number;
  readonly to: number;
  /** When the first piece of an answer came. */
  readonly first?: number;
  readonly tone: "plain" | "bad" | "warn";
  readonly data: Readonly<Record<string, unknown>>;
  readonly place?: Place;
}

/** A shorter wait is none. */
export const WORTH_TELLING_MS = 50;

export function stepsOf({ run, events }: RunTold): readonly Step[] {
  let answers = 0;
  return events.flatMap((fact, index): readonly Step[] => {
    const { id, ts, kind, data } = fact;
    const ms = numberIn(data, "ms") ?? 0;
    const step: Step = { key: String(id), kind, from: ts - ms, to: ts, tone: toneOf(fact), data };
    switch (kind) {
      case "message":
        return [{ ...step, place: { kind: "asked", turnId: run.runId } }];
      case "start":
        return [...waitBefore(fact), step];
      case "prompt": {
        // Recorded with the call that uses it; it stood before that.
        const call = events.slice(index + 1).find((one) => one.kind === "model");
        const at = call === undefined ? ts : Math.min(ts, call.ts - (numberIn(call.data, "ms") ?? 0));
        return [{ ...step, from: at, to: at }];
      }
      case "model": {
        const first = numberIn(data, "firstMs");
        const mark = first === undefined ? {} : { first: step.from + first };
        if (data["failure"] !== undefined) return [{ ...step, ...mark }];
        answers += 1;
        return [{ ...step, ...mark, place: { kind: "answer", nth: answers - 1 } }];
      }
      case "tool":
        return [{ ...step, place: { kind: "tool", callId: String(data["callId"]) } }];
      case "steered": {
        const turns = Array.isArray(data["turns"]) ? data["turns"].map(String) : [];
        return [{ ...step, ...(turns[0] === undefined ? {} : { place: { kind: "asked", turnId: turns[0] } }) }];
      }
      case "compaction":
        return [{ ...step, ...(typeof data["entryId"] === "string" ? { place: entry(data["entryId"]) } : {}) }];
      default:
        return [step];
    }
  });
}

function entry(id: string): Place {
  return { kind: "entry", id };
}

/** A run that waited for its turn. */
function waitBefore({ id, ts, data }: Fact): readonly Step[] {
  const waited = numberIn(data, "waitedMs") ?? 0;
  if (waited < WORTH_TELLING_MS || numberIn(data, "attempt") !== 1) return [];
  return [{ key: `${id} wait`, kind: "wait", from: ts - waited, to: ts, tone: "plain", data }];
}

function toneOf({ kind, data }: Fact): Step["tone"] {
  if (kind === "model") return data["failure"] === undefined ? "plain" : "bad";
  if (kind === "tool") return data["isError"] === true ? "bad" : "plain";
  if (kind === "decision") return data["verdict"] === "deny" ? "bad" : data["verdict"] === "ask" ? "warn" : "plain";
  if (kind === "delivery") return data["state"] === "dead" ? "bad" : data["state"] === "retry" ? "warn" : "plain";
  if (kind === "compaction") return data["completed"] === false ? "warn" : "plain";
  if (kind === "end") return data["status"] === "ok" ? "plain" : data["status"] === "error" ? "bad" : "warn";
  return "plain";
}

export interface Axis {
  readonly from: number;
  readonly to: number;
}

export function axisOf(steps: readonly Step[]): Axis {
  const from = Math.min(...steps.map((step) => step.from));
  return { from, to: Math.max(from + 1, ...steps.map((step) => step.to)) };
}

/** Per cent of the axis. What takes no time is a tick; every bar can be seen. */
export function barOf({ from, to, first }: Step, axis: Axis): { left: number; width: number; lead: number } {
  const whole = axis.to - axis.from;
  const width = Math.max(0.75, ((to - from) / whole) * 100);
  const left = Math.min(100 - width, ((from - axis.from) / whole) * 100);
  const lead = first === undefined || to <= from ? 0 : Math.min(100, ((first - from) / (to - from)) * 100);
  return { left, width, lead };
}

export interface Totals {
  readonly calls: number;
  readonly tools: number;
  readonly input: number;
  readonly output: number;
  /** US dollars; undefined where no price is known. */
  readonly cost?: number;
}

export function totalsOf(events: readonly Fact[]): Totals {
  const calls = events.filter(({ kind }) => kind === "model");
  const usages = calls.map(({ data }) => usageIn(data));
  const costs = usages.flatMap(({ cost }) => (cost === undefined ? [] : [cost]));
  return {
    calls: calls.length,
    tools: events.filter(({ kind }) => kind === "tool").length,
    input: usages.reduce((sum, { input }) => sum + input, 0),
    output: usages.reduce((sum, { output }) => sum + output, 0),
    ...(costs.length === 0 ? {} : { cost: costs.reduce((sum, one) => sum + one, 0) }),
  };
}

/** Tokens of one call; what was read from a cache is part of the input. */
export function usageIn(data: Readonly<Record<string, unknown>>): { input: number; output: number; cost?: number } {
  const usage = (data["usage"] ?? {}) as Readonly<Record<string, unknown>>;
  const of = (name: string) => numberIn(usage, name) ?? 0;
  const cost = numberIn((usage["cost"] ?? {}) as Readonly<Record<string, unknown>>, "total");
  return {
    input: of("input") + of("cacheRead") + of("cacheWrite"),
    output: of("output"),
    ...(cost === undefined ? {} : { cost }),
  };
}

export function numberIn(data: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const value = data[name];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
