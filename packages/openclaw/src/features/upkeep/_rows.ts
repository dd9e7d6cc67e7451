/** Turns, messages, posts, facts and verdicts are kept for 30 days. */
import type { Log } from "../../base/log.ts";
import type { Clock } from "../../base/time.ts";
import type { Store } from "../../store/index.ts";

const KEEP_MS = 30 * 86_400_000;
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
  const before = clock.now() - KEEP_MS;
  const kinds = { turns: store.turns, audit: store.audit, facts: store.runEvents };
  const removed: Record<string, number> = {};
  for (const [name, port] of Object.entries(kinds)) {
    for (let steps = 0; steps < MOST_STEPS && !signal.aborted; steps += 1) {
      const count = await port.prune(before, AT_ONCE);
      removed[name] = (removed[name] ?? 0) + count;
      if (count < AT_ONCE) break;
      await clock.sleep(PAUSE_MS, signal).catch(() => undefined);
    }
  }
  if (Object.values(removed).some((count) => count > 0)) log.info("old rows were removed", removed);
}
