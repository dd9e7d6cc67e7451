/** Which turn of a session is next, and when. Pure. */
import type { Entry } from "./entry.ts";
import type { QueueSettings } from "./settings.ts";

export interface Choice {
  /** The turn that runs. */
  readonly run: Entry;
  /** Messages that become part of it, oldest first, `run` left out. */
  readonly takes: readonly Entry[];
  /** Messages beyond the cap, of which the run is told a line each; `run` may be the last of them. */
  readonly lines: readonly Entry[];
}

/**
 * The first in line. A message that collects takes along those of its group that collect too; what came over the
 * cap is told in lines to the next turn of its group.
 */
export function choose(waiting: readonly Entry[], { cap, drop }: QueueSettings): Choice | undefined {
  const head = waiting[0];
  if (!head) return undefined;
  const alone = { run: head, takes: [], lines: [] };
  if (head.begun || head.mode === undefined) return alone;
  const talk = waiting.filter(({ mode, begun }) => mode !== undefined && !begun);
  const over = drop === "summarize" ? talk.slice(0, Math.max(0, talk.length - cap)) : [];
  const lines = over.filter(({ group }) => group === head.group);
  const whole = talk.slice(over.length).filter(({ group }) => group === head.group);
  const first = whole[0];
  if (!first) return { run: lines.at(-1) ?? head, takes: [], lines };
  const together = first.mode === "collect" ? whole.filter(({ mode }) => mode === "collect") : [first];
  return { run: together.at(-1) ?? first, takes: together.slice(0, -1), lines };
}

/** No message holds the others up for longer than this many quiet times. */
const MOST_QUIET_TIMES = 10;

/**
 * When the first in line may begin: at once, or after the quiet time that follows the last message that came
 * during a run. `freeAt`: when that run ended. Times are those of one clock.
 */
export function dueAt(
  waiting: readonly Entry[],
  { debounceMs }: QueueSettings,
  { now, freeAt }: { readonly now: number; readonly freeAt: number },
): number {
  const head = waiting[0];
  if (!head || head.begun || head.mode === undefined || head.mode === "interrupt" || !head.during) return now;
  const last = Math.max(...waiting.filter(({ mode }) => mode !== undefined).map(({ arrivedAt }) => arrivedAt));
  return Math.min(Math.min(last, now) + debounceMs, freeAt + MOST_QUIET_TIMES * debounceMs);
}
