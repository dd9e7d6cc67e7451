/** Answers by idempotency key: a repeat gets the first outcome and starts nothing. Bounded, for 5 minutes. */
import type { Clock } from "../../base/time.ts";
import { errors } from "./errors.ts";

const KEPT_MS = 300_000;
const MAX_KEPT = 1000;

interface Kept<T> {
  readonly fingerprint: string;
  readonly outcome: Promise<T>;
  /** Undefined while it is under way. */
  endedAt: number | undefined;
}

export class Repeats<T> {
  readonly #clock: Clock;
  readonly #kept = new Map<string, Kept<T>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What `start` came to, or what it came to before. `final`: whether a failure would be the same again. */
  run(key: string, fingerprint: string, start: () => Promise<T>, final: (error: unknown) => boolean): Promise<T> {
    this.#tidy();
    const known = this.#kept.get(key);
    if (known !== undefined) {
      if (known.fingerprint !== fingerprint) return Promise.reject(errors.NODE_KEY_REUSED());
      return known.outcome;
    }
    const outcome = start();
    const kept: Kept<T> = { fingerprint, outcome, endedAt: undefined };
    this.#kept.set(key, kept);
    outcome.then(
      () => this.#ended(kept),
      (error: unknown) => {
        if (final(error)) this.#ended(kept);
        else this.#kept.delete(key);
      },
    );
    return outcome;
  }

  #ended(kept: Kept<T>): void {
    kept.endedAt = this.#clock.now();
  }

  /** Entries are in order of their beginning; those under way stay, however many. */
  #tidy(): void {
    const oldest = this.#clock.now() - KEPT_MS;
    for (const [key, { endedAt }] of this.#kept) {
      if (endedAt === undefined) continue;
      if (endedAt < oldest || this.#kept.size >= MAX_KEPT) this.#kept.delete(key);
    }
  }
}
