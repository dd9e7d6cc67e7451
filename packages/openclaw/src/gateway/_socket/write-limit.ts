/** Holds back clients that change the gateway's own settings in a loop. In memory, bounded. */
import type { Clock } from "../../base/time.ts";
import type { Caller, Method } from "../../contracts/method.ts";
import type { WireError } from "./wire.ts";

const MAX_WRITES = 30;
const WINDOW_MS = 60_000;
const MAX_BUCKETS = 1000;
/** Admin methods that rewrite the gateway itself. */
const CONTROL = /^(?:config|plugins|update|secrets|wizard|exec\.approvals|gateway\.restart)(?:\.|$)/;

export class WriteLimit {
  readonly #clock: Clock;
  readonly #calls = new Map<string, number[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts a call, good or not; the error of one too many. */
  count(caller: Caller, method: Method): WireError | undefined {
    if (method.scope !== "operator.admin" || !CONTROL.test(method.name)) return undefined;
    const key = `${method.name} ${caller.deviceId ?? caller.clientId} ${caller.remoteAddress}`;
    const now = this.#clock.monotonic();
    const recent = (this.#calls.get(key) ?? []).filter((at) => now - at < WINDOW_MS);
    const [first] = recent;
    if (recent.length >= MAX_WRITES && first !== undefined) return refusal(method.name, first + WINDOW_MS - now);
    this.#calls.delete(key);
    this.#calls.set(key, [...recent, now]);
    const oldest = this.#calls.keys().next().value;
    if (this.#calls.size > MAX_BUCKETS && oldest !== undefined) this.#calls.delete(oldest);
    return undefined;
  }
}

function refusal(method: string, waitMs: number): WireError {
  const retryAfterMs = Math.ceil(waitMs);
  return {
    code: "UNAVAILABLE",
    message: `rate limit exceeded for ${method}; retry after ${Math.ceil(waitMs / 1000)}s`,
    details: { method, limit: `${MAX_WRITES} per ${WINDOW_MS / 1000}s` },
    retryable: true,
    retryAfterMs,
  };
}
