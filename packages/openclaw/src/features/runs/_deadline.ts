/** The time a run may take. It stands still while the run waits for a person. */
import type { Clock } from "../../base/time.ts";

export class Deadline {
  readonly #clock: Clock;
  readonly #controller = new AbortController();
  readonly #late: () => Error;
  #leftMs: number;
  #since: number;
  #pauses = 0;
  #cancel = () => {};

  constructor(clock: Clock, ms: number, late: () => Error) {
    this.#clock = clock;
    this.#late = late;
    this.#leftMs = ms;
    this.#since = clock.monotonic();
    this.#start();
  }

  /** Aborts with what `late` gives. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Holds the time until the returned function is called; several may hold it at once. */
  pause(): () => void {
    if (this.#pauses === 0) {
      this.#cancel();
      this.#leftMs -= this.#clock.monotonic() - this.#since;
    }
    this.#pauses += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#pauses -= 1;
      if (this.#pauses === 0) this.#start();
    };
  }

  /** What is left of it. */
  leftMs(): number {
    const running = this.#pauses === 0 ? this.#clock.monotonic() - this.#since : 0;
    return Math.max(0, this.#leftMs - running);
  }

  end(): void {
    this.#pauses = 1;
    this.#cancel();
  }

  #start(): void {
    this.#since = this.#clock.monotonic();
    this.#cancel = this.#clock.timer(Math.max(0, this.#leftMs), () => this.#controller.abort(this.#late()));
  }
}
