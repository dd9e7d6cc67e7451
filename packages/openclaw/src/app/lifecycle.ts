/**
 * Restarting inside the process. A request waits its delay (requests in between join it) and until 30 s
 * have passed since the last restart; then no further turn begins, those under way get their time, and
 * the gateway is closed and opened again.
 */
import type { Clock } from "../base/time.ts";
import type { Busy, Lifecycle, PartChange } from "../contracts/lifecycle.ts";

const DEFAULT_DELAY_MS = 2000;
/** Between the begin of one life and the next. */
const MIN_PAUSE_MS = 30_000;

export interface LifecycleDeps {
  readonly clock: Clock;
  readonly pid: number;
  readonly busy: () => Promise<Busy>;
  /** Monotonic time of the last restart of this process; absent before the first. */
  readonly lastRestart?: number;
}

export interface RunningLifecycle extends Lifecycle {
  /** Resolves with the reasons when the time to restart has come. */
  readonly due: Promise<string>;
}

export function createLifecycle({ clock, pid, busy, lastRestart }: LifecycleDeps): RunningLifecycle {
  const parts = new Map<string, (change: PartChange) => Promise<void>>();
  const reasons: string[] = [];
  let at: number | undefined;
  let tell: (reason: string) => void = () => {};
  const due = new Promise<string>((resolve) => (tell = resolve));
  const earliest = lastRestart === undefined ? 0 : lastRestart + MIN_PAUSE_MS;

  return {
    due,
    busy,
    restart({ reason, delayMs = DEFAULT_DELAY_MS }) {
      const now = clock.monotonic();
      const coalesced = at !== undefined;
      if (!reasons.includes(reason)) reasons.push(reason);
      if (at === undefined) {
        at = Math.max(now + delayMs, earliest);
        clock.timer(at - now, () => tell(reasons.join(", ")));
      }
      const left = Math.max(0, Math.round(at - now));
      return { ok: true, pid, signal: "SIGUSR1", mode: "in-process", reason, delayMs: left, coalesced };
    },
    part(name, restart) {
      parts.set(name, restart);
      return () => {
        if (parts.get(name) === restart) parts.delete(name);
      };
    },
    restartPart: async (name, change) => parts.get(name)?.(change),
  };
}
