/** When a growing text is shown again: at once at first, then at a steady pace, slower when it is long. */
import type { Clock } from "../../base/time.ts";

const FAST_MS = 40;
const SLOW_MS = 150;
const LONG_TEXT = 8192;

/** Calls `emit` for the newest state of something that changes often. */
export class Pace {
  readonly #clock: Clock;
  readonly #emit: () => void;
  #last: number | undefined;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, emit: () => void) {
    this.#clock = clock;
    this.#emit = emit;
  }

  /** Something changed. `length` is that of the whole text. */
  changed(length: number): void {
    if (this.#cancel !== undefined) return;
    const interval = length < LONG_TEXT ? FAST_MS : SLOW_MS;
    const wait = this.#last === undefined ? 0 : this.#last + interval - this.#clock.monotonic();
    if (wait <= 0) return this.#fire();
    this.#cancel = this.#clock.timer(wait, () => this.#fire());
  }

  /** Shows at once what still waits. */
  flush(): void {
    if (this.#cancel !== undefined) this.#fire();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #fire(): void {
    this.stop();
    this.#last = this.#clock.monotonic();
    this.#emit();
  }
}
