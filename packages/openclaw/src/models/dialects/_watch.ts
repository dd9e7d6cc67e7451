/** What ends a model call from this side: the caller's stop, silence, and the deadline of the whole. */
import type { ModelFailure, ModelRequest } from "../../contracts/model.ts";
import { formatDuration } from "../../base/time.ts";
import type { Clock } from "../../base/time.ts";

export interface Watch {
  /** Aborts when the call must end. */
  readonly signal: AbortSignal;
  /** Why it had to end; undefined while it may go on. */
  failure(): ModelFailure | undefined;
  /** `work`, given up as soon as the call must end, whether or not the work listens to the signal. */
  settle<T>(work: Promise<T>): Promise<T>;
  /** Silence counts from now on. */
  waiting(): void;
  /** Silence does not count: something came, and this side is busy with it. */
  busy(): void;
  /** Calls `stop` once when the call must end. */
  onEnd(stop: () => void): void;
  close(): void;
}

export function watchCall(request: ModelRequest, clock: Clock): Watch {
  const controller = new AbortController();
  const stops: (() => void)[] = [];
  let failure: ModelFailure | undefined;
  let silentSince: number | undefined = clock.monotonic();

  const end = (because: ModelFailure) => {
    if (failure) return;
    failure = because;
    controller.abort(new Error(because.message));
    for (const stop of stops) stop();
  };

  const onAbort = () => end({ class: "abort", message: "The call was stopped." });
  if (request.signal.aborted) onAbort();
  else request.signal.addEventListener("abort", onAbort, { once: true });

  let cancelIdle = () => {};
  const armIdle = (ms: number) => {
    cancelIdle = clock.timer(ms, () => {
      const silent = silentSince === undefined ? 0 : clock.monotonic() - silentSince;
      if (silent >= request.idleMs) end(silence(request.idleMs));
      else armIdle(Math.max(1, request.idleMs - silent));
    });
  };
  armIdle(request.idleMs);
  const { timeoutMs } = request.endpoint;
  const cancelTotal = timeoutMs === undefined ? () => {} : clock.timer(timeoutMs, () => end(tooLong(timeoutMs)));

  return {
    signal: controller.signal,
    failure: () => failure,
    settle: (work) =>
      new Promise((resolve, reject) => {
        work.then(resolve, reject);
        const stop = () => reject(controller.signal.reason);
        if (failure) stop();
        else stops.push(stop);
      }),
    waiting: () => void (silentSince = clock.monotonic()),
    busy: () => void (silentSince = undefined),
    onEnd: (stop) => (failure ? stop() : void stops.push(stop)),
    close: () => {
      request.signal.removeEventListener("abort", onAbort);
      cancelIdle();
      cancelTotal();
    },
  };
}

function silence(ms: number): ModelFailure {
  return { class: "timeout", code: "idle", message: `The model sent nothing for ${formatDuration(ms)}.` };
}

function tooLong(ms: number): ModelFailure {
  return { class: "timeout", code: "deadline", message: `The model did not finish within ${formatDuration(ms)}.` };
}
