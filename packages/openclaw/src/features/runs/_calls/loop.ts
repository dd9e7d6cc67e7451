/**
 * Runs that go in circles. A call is known by its tool and arguments, what came of it by its text; clocks, pids and
 * session ids do not count. Three ways to go in circles:
 *
 * - genericRepeat: the same call with the same outcome, again and again
 * - knownPollNoProgress: a question about a state (`process`, `session_status`, …) that is answered the same
 * - pingPong: two calls in turn, each with the same outcome every time
 *
 * From `warningThreshold` repeats the model is told, from `criticalThreshold` the call is refused, at
 * `globalCircuitBreakerThreshold` the run ends. One guard per run.
 */
import { sha256 } from "../../../base/ids.ts";
import type { ToolResultMessage } from "../../../contracts/message.ts";

export interface LoopSettings {
  readonly enabled: boolean;
  readonly historySize: number;
  readonly warningThreshold: number;
  readonly criticalThreshold: number;
  readonly globalCircuitBreakerThreshold: number;
  readonly detectors: {
    readonly genericRepeat: boolean;
    readonly knownPollNoProgress: boolean;
    readonly pingPong: boolean;
  };
}

interface Seen {
  readonly tool: string;
  readonly call: string;
  readonly outcome: string;
}

/** Tools that are asked again until something changes. */
const POLLS: ReadonlySet<string> = new Set(["process", "session_status", "sessions_list", "subagents"]);

export class LoopGuard {
  readonly #settings: LoopSettings;
  #seen: Seen[] = [];

  constructor(settings: LoopSettings) {
    this.#settings = settings;
  }

  /** Whether a call may be made now; a call that is refused counts as one more repeat. */
  before(tool: string, args: unknown): "go" | "refuse" | "stop" {
    if (!this.#settings.enabled) return "go";
    const call = callOf(tool, args);
    const repeats = this.#repeats(tool, call);
    const { criticalThreshold, globalCircuitBreakerThreshold } = this.#settings;
    if (repeats < criticalThreshold) return "go";
    const last = this.#seen.findLast((one) => one.call === call);
    this.#add({ tool, call, outcome: last?.outcome ?? "" });
    return repeats + 1 >= globalCircuitBreakerThreshold ? "stop" : "refuse";
  }

  /** Remembers what came of a call; the note that the model is given with it, if any. */
  after(tool: string, args: unknown, result: ToolResultMessage): string | undefined {
    if (!this.#settings.enabled) return undefined;
    const call = callOf(tool, args);
    this.#add({ tool, call, outcome: outcomeOf(result) });
    const repeats = this.#repeats(tool, call);
    if (repeats < this.#settings.warningThreshold) return undefined;
    return `[This call gave the same result ${repeats} times in this run. Try something else, or say what is in the way.]`;
  }

  #add(seen: Seen): void {
    this.#seen.push(seen);
    // Repeats beyond the history are repeats all the same.
    const most = Math.max(this.#settings.historySize, this.#settings.globalCircuitBreakerThreshold);
    if (this.#seen.length > most) this.#seen = this.#seen.slice(-most);
  }

  #repeats(tool: string, call: string): number {
    const { genericRepeat, knownPollNoProgress, pingPong } = this.#settings.detectors;
    const wanted = POLLS.has(tool) ? knownPollNoProgress : genericRepeat;
    return Math.max(wanted ? this.#inARow(call) : 0, pingPong ? this.#inTurn(call) : 0);
  }

  /** How often the call came with its last outcome, since it last came with another. */
  #inARow(call: string): number {
    const mine = this.#seen.filter((one) => one.call === call);
    const last = mine.at(-1)?.outcome;
    const changed = mine.findLastIndex(({ outcome }) => outcome !== last);
    return mine.length - changed - 1;
  }

  /** Length of the tail in which this call and one other alternate without news, in rounds. */
  #inTurn(call: string): number {
    const other = this.#seen.findLast((one) => one.call !== call);
    if (!other) return 0;
    const outcomes = new Map<string, string>();
    let length = 0;
    for (const one of this.#seen.toReversed()) {
      if (one.call !== call && one.call !== other.call) break;
      const before = this.#seen.at(-length);
      if (length > 0 && before?.call === one.call) break;
      if ((outcomes.get(one.call) ?? one.outcome) !== one.outcome) break;
      outcomes.set(one.call, one.outcome);
      length += 1;
    }
    return length < 4 ? 0 : Math.floor(length / 2);
  }
}

function callOf(tool: string, args: unknown): string {
  return `${tool}:${sha256(JSON.stringify(sorted(args))).slice(0, 16)}`;
}

function outcomeOf({ content, isError }: ToolResultMessage): string {
  const text = content.map((part) => (part.type === "text" ? part.text : part.data)).join("\n");
  return sha256(`${isError}:${steady(text)}`).slice(0, 16);
}

/** Without what differs from call to call although nothing happened. */
function steady(text: string): string {
  return text
    .replace(/\b\d+(\.\d+)? ?(ms|s|min|h|m)\b/g, "<time>")
    .replace(/\b(pid|sessionId) \S+/g, "$1")
    .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?/g, "<time>")
    .replace(/\b\d\d:\d\d(:\d\d)?\b/g, "<time>");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
