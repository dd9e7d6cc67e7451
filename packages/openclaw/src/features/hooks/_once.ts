/**
 * The same key within ten minutes is the same request. Runs are recognised by an id that is made of the key,
 * so that a repeat after a restart starts nothing either; answers are remembered for 1000 keys.
 */
import { derivedUuid } from "../../base/ids.ts";
import type { Clock } from "../../base/time.ts";
import type { Turns } from "../../store/index.ts";

const WINDOW_MS = 600_000;
const MAX_KEYS = 1000;

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
      if (now - at < WINDOW_MS && this.#known.size < MAX_KEYS) break;
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

/**
 * The run id of a key: one per ten minutes, and that of the ten minutes before while its run is younger than that.
 */
export async function runIdOf(key: string, turns: Pick<Turns, "get">, now: number): Promise<string> {
  const slot = Math.floor(now / WINDOW_MS);
  const before = idIn(key, slot - 1);
  const earlier = await turns.get(before);
  return earlier !== undefined && now - earlier.createdAt < WINDOW_MS ? before : idIn(key, slot);
}

function idIn(key: string, slot: number): string {
  return derivedUuid(`hook:${slot}:${key}`);
}
