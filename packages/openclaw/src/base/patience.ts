import { Fault } from "./errors.ts";
import type { Clock } from "./time.ts";

const FIRST_MS = 250;
const LAST_MS = 8000;

/**
 * Repeats `work` while it fails with what may pass (a `retryable` fault: disk full, database busy), at
 * growing intervals. Rejects with any other error at once, and with the last one when `signal` aborts.
 */
export async function patiently<T>(clock: Clock, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let wait = FIRST_MS; ; wait = Math.min(wait * 2, LAST_MS)) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Fault && error.retryable) || signal.aborted) throw error;
      await clock.sleep(wait, signal).catch(() => undefined);
      if (signal.aborted) throw error;
    }
  }
}
