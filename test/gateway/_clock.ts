/** A FAKE clock that stands still until a test moves it. */
import type { Clock } from "../../packages/openclaw/src/base/time.ts";

export interface ManualClock extends Clock {
  /** Moves time on and fires what falls due, in order. */
  advance(ms: number): void;
  /** Resolves with the length of the next `sleep` once somebody begins it. */
  asleep(): Promise<number>;
}

export function manualClock(start = Date.now()): ManualClock {
  let elapsed = 0;
  const timers = new Set<{ at: number; fire: () => void }>();
  let noticeSleep = (_ms: number) => {};
  const timer = (ms: number, fire: () => void) => {
    const entry = { at: elapsed + ms, fire };
    timers.add(entry);
    return () => void timers.delete(entry);
  };
  return {
    now: () => start + elapsed,
    monotonic: () => elapsed,
    timer,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const cancel = timer(ms, resolve);
        noticeSleep(ms);
        signal?.addEventListener("abort", () => (cancel(), reject(signal.reason)), { once: true });
      }),
    asleep: () => new Promise((resolve) => (noticeSleep = resolve)),
    advance(ms) {
      const until = elapsed + ms;
      for (;;) {
        const next = [...timers].filter((entry) => entry.at <= until).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        elapsed = Math.max(elapsed, next.at);
        timers.delete(next);
        next.fire();
      }
      elapsed = until;
    },
  };
}
