import type { Clock } from "../../base/time.ts";

/** Counts what each one did within the last minute. */
export class PerMinute {
  readonly #clock: Clock;
  readonly #times = new Map<string, readonly number[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether `who` may once more, of `most` times a minute; counted when it may. */
  take(who: string, most: number): boolean {
    const now = this.#clock.now();
    const recent = (this.#times.get(who) ?? []).filter((at) => at > now - 60_000);
    if (recent.length >= most) return false;
    this.#times.set(who, [...recent, now]);
    return true;
  }

  forget(who: string): void {
    this.#times.delete(who);
  }
}
