/** Wrong hook tokens, counted per address: after 20 within a minute, a minute of refusals. A right token always passes. */
import type { Clock } from "../../base/time.ts";

const MOST = 20;
const WINDOW_MS = 60_000;
const LOCK_MS = 60_000;
const MAX_ADDRESSES = 5000;

interface Failures {
  at: number[];
  lockedUntil: number;
}

export class TokenFailures {
  readonly #clock: Clock;
  readonly #byAddress = new Map<string, Failures>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts a wrong token. Returns for how many ms its address is locked; 0 = not. */
  count(address: string): number {
    const now = this.#clock.monotonic();
    const known = this.#entry(address);
    if (known.lockedUntil > now) return known.lockedUntil - now;
    known.at = known.at.filter((at) => now - at < WINDOW_MS);
    if (known.at.length >= MOST) {
      known.at = [];
      known.lockedUntil = now + LOCK_MS;
      return LOCK_MS;
    }
    known.at.push(now);
    return 0;
  }

  get size(): number {
    return this.#byAddress.size;
  }

  #entry(address: string): Failures {
    const known = this.#byAddress.get(address) ?? { at: [], lockedUntil: 0 };
    // The address heard of longest ago goes first.
    this.#byAddress.delete(address);
    this.#byAddress.set(address, known);
    const oldest = this.#byAddress.keys().next().value;
    if (this.#byAddress.size > MAX_ADDRESSES && oldest !== undefined) this.#byAddress.delete(oldest);
    return known;
  }
}
