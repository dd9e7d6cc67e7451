/** Answered messages, ended turns and sent posts are kept for a week beside the transcripts; facts and verdicts a month. */
import type { Log } from "../../base/log.ts";
import type { Clock } from "../../base/time.ts";
import type { Store } from "../../store/index.ts";

const DAY_MS = 86_400_000;
const KEPT_DAYS = { turns: 7, audit: 30, runEvents: 30 } as const;
/** Rows of one step: a few milliseconds of the writer. */
const AT_ONCE = 500;
const PAUSE_MS = 50;
/** Steps of one pass: the rest waits for the next. */
const MOST_STEPS = 2000;

export interface PruneDeps {
  readonly store: Pick<Store, "turns" | "audit" | "runEvents">;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

export async function pruneRows({ store, clock, log, signal }: PruneDeps): Promise<void> {
  const removed: Record<string, number> = {};
  for (const [name, days] of Object.entries(KEPT_DAYS) as [keyof typeof KEPT_DAYS, number][]) {
    const before = clock.now() - days * DAY_MS;
    for (let steps = 0; steps < MOST_STEPS && !signal.aborted; steps += 1) {
      const count = await store[name].prune(before, AT_ONCE);
      removed[name] = (removed[name] ?? 0) + count;
      if (count < AT_ONCE) break;
      await clock.sleep(PAUSE_MS, signal).catch(() => undefined);
    }
  }
  if (Object.values(removed).some((count) => count > 0)) log.info("old rows were removed", removed);
}
