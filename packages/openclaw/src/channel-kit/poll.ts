/** The loop of a channel that asks its platform again and again. */
import type { Random } from "../base/ids.ts";
import type { Log } from "../base/log.ts";
import type { Clock } from "../base/time.ts";
import { ChannelError, type ChannelLink } from "../contracts/channel.ts";
import { Backoff } from "./backoff.ts";

export interface PollOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly state: ChannelLink["state"];
  /** Ends the loop. */
  readonly signal: AbortSignal;
  /** A poll that takes longer is abandoned and begun again. */
  readonly stallMs: number;
  /** One request and everything that must happen before the next. Aborted when it stalls. */
  poll(signal: AbortSignal): Promise<void>;
  /** First wait after a failure; default 1 s. The cap is 2 minutes. */
  readonly firstWaitMs?: number;
}

/**
 * Polls until `signal` aborts (then it resolves) or a poll fails with kind `auth` (then it rejects with
 * that error). Any other failure is reported once and tried again with growing waits.
 */
export async function pollLoop(options: PollOptions): Promise<void> {
  const backoff = new Backoff(
    options.random,
    options.firstWaitMs === undefined ? {} : { firstMs: options.firstWaitMs },
  );
  while (!options.signal.aborted) {
    try {
      await watched(options);
      if (backoff.attempts > 0) options.state("connected");
      backoff.reset();
    } catch (error) {
      if (options.signal.aborted) return;
      if (error instanceof ChannelError && error.kind === "auth") throw error;
      const wait = backoff.next(error instanceof ChannelError ? error.retryAfterMs : undefined);
      report(options, error, wait);
      await options.clock.sleep(wait, options.signal).catch(() => undefined);
    }
  }
}

async function watched({ clock, log, poll, signal, stallMs }: PollOptions): Promise<void> {
  const stalled = new AbortController();
  let cancel = () => {};
  const late = new Promise<never>((_, reject) => {
    cancel = clock.timer(stallMs, () => {
      log.warn("Polling stall detected", { stallMs });
      stalled.abort();
      reject(
        new ChannelError({ kind: "network", message: `No answer to a poll for ${Math.round(stallMs / 1000)} s.` }),
      );
    });
  });
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    await Promise.race([poll(AbortSignal.any([signal, stalled.signal])), late, stopped]);
  } finally {
    cancel();
    signal.removeEventListener("abort", stop);
  }
}

function report({ log, state }: PollOptions, error: unknown, waitMs: number): void {
  const message = error instanceof Error ? error.message : String(error);
  log.warn(`poll failed, again in ${Math.round(waitMs / 100) / 10} s: ${message}`);
  state("disconnected", message);
}
