/** Slows down and locks out clients that present wrong credentials. In memory, bounded. */
import type { Clock } from "../../base/time.ts";

export interface LimitRules {
  readonly maxAttempts: number;
  readonly windowMs: number;
  readonly lockoutMs: number;
  readonly exemptLoopback: boolean;
}

/** What was presented: each class is counted on its own. */
export type CredentialClass = "shared" | "device" | "bootstrap";

export interface Attempt {
  /** Address bucket, or the origin of a page on this machine. */
  readonly from: string;
  readonly kind: CredentialClass;
  /** A program on this machine: delayed, never locked out. */
  readonly exempt: boolean;
}

interface Bucket {
  failures: number[];
  lockedUntil: number;
  /** Failures in a row of an exempt client. */
  streak: number;
}

const MAX_BUCKETS = 10_000;
const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 5000;

export class AuthLimiter {
  readonly #rules: LimitRules;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(rules: LimitRules, clock: Clock) {
    this.#rules = rules;
    this.#clock = clock;
  }

  /** Milliseconds that the client must wait before anything it presents is looked at; 0 = none. */
  lockedFor(attempt: Attempt): number {
    if (attempt.exempt) return 0;
    const bucket = this.#buckets.get(keyOf(attempt));
    return bucket === undefined ? 0 : Math.max(0, bucket.lockedUntil - this.#clock.monotonic());
  }

  /** Counts a wrong credential. Returns how long its answer is to be held back. */
  failed(attempt: Attempt): number {
    const bucket = this.#bucket(keyOf(attempt));
    if (attempt.exempt) {
      bucket.streak += 1;
      return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(bucket.streak - 1, 16));
    }
    const now = this.#clock.monotonic();
    bucket.failures = bucket.failures.filter((at) => now - at < this.#rules.windowMs);
    bucket.failures.push(now);
    if (bucket.failures.length >= this.#rules.maxAttempts) {
      bucket.lockedUntil = now + this.#rules.lockoutMs;
      bucket.failures = [];
    }
    return 0;
  }

  /** A right credential clears the record of its class. */
  succeeded(attempt: Attempt): void {
    this.#buckets.delete(keyOf(attempt));
  }

  get size(): number {
    return this.#buckets.size;
  }

  #bucket(key: string): Bucket {
    const known = this.#buckets.get(key);
    if (known !== undefined) return known;
    const oldest = this.#buckets.keys().next().value;
    if (this.#buckets.size >= MAX_BUCKETS && oldest !== undefined) this.#buckets.delete(oldest);
    const bucket: Bucket = { failures: [], lockedUntil: 0, streak: 0 };
    this.#buckets.set(key, bucket);
    return bucket;
  }
}

function keyOf(attempt: Attempt): string {
  return `${attempt.kind} ${attempt.from}`;
}
