/** The same key within ten minutes is the same request. */
import type { Clock } from "./time.ts";

export const ONCE_WINDOW_MS = 600_000;
const MAX_KEYS = 1000;

/** Remembers the answers of 1000 keys at most, in memory: the oldest goes. */
export class Once<T> {
  readonly #clock: Clock;
  readonly #known = new Map<string, { readonly at: number; readonly answer: Promise<T> }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The answer of the first call with this key; a failure is forgotten. Without a key `work` always runs. */
  run(key: string | undefined, work: () => Promise<T>): Promise<T> {
    if (key === undefined) return work();
    const now = this.#clock.monotonic();
    for (const [old, { at }] of this.#known) {
      if (now - at < ONCE_WINDOW_MS && this.#known.size < MAX_KEYS) break;
      this.#known.delete(old);
    }
    const known = this.#known.get(key);
    if (known !== undefined) return known.answer;
    const answer = work();
    this.#known.set(key, { at: now, answer });
    answer.catch(() => this.#known.get(key)?.answer === answer && this.#known.delete(key));
    return answer;
  }
}
