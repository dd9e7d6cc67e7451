/** Remembers how long a platform asked us to wait, so that nothing is sent before. */
import { ChannelError } from "../contracts/channel.ts";
import type { Clock } from "../base/time.ts";

/**
 * Waits per conversation, and for all of them once two conversations are limited at the same time:
 * then the limit is the account's, not the conversation's.
 */
export class RetryGate {
  readonly #clock: Clock;
  readonly #until = new Map<string, number>();
  #allUntil = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds until something may be sent to `key`; 0 = now. */
  remaining(key: string): number {
    const now = this.#clock.monotonic();
    return Math.max(0, Math.ceil(Math.max(this.#until.get(key) ?? 0, this.#allUntil) - now));
  }

  /** The platform refused a send to `key` and wants `retryAfterMs` of silence. */
  limited(key: string, retryAfterMs: number): void {
    const now = this.#clock.monotonic();
    for (const [other, until] of this.#until) if (until <= now) this.#until.delete(other);
    if (this.#until.size > 0 && !this.#until.has(key)) this.#allUntil = Math.max(this.#allUntil, now + retryAfterMs);
    this.#until.set(key, now + retryAfterMs);
  }

  /** Throws a `ChannelError` of kind `rate_limit` while `key` has to wait. */
  check(key: string): void {
    const retryAfterMs = this.remaining(key);
    if (retryAfterMs > 0)
      throw new ChannelError({
        kind: "rate_limit",
        message: "The platform asked to wait before the next message.",
        retryAfterMs,
      });
  }
}
