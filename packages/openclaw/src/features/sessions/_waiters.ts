/** Whoever waits for a turn to end. */
import type { Clock } from "../../base/time.ts";
import type { Store, TurnRow } from "../../store/index.ts";

type Tell = (row: TurnRow | undefined) => void;

export class TurnWaiters {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Set<Tell>>();

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** The ended turn, or undefined after `timeoutMs` or when the signal aborts. */
  async wait(turnId: string, timeoutMs: number, signal?: AbortSignal): Promise<TurnRow | undefined> {
    const { promise, resolve } = Promise.withResolvers<TurnRow | undefined>();
    // First in line, then look: a turn that ends in between is not missed.
    const line = this.#waiting.get(turnId) ?? new Set<Tell>();
    this.#waiting.set(turnId, line.add(resolve));
    const cancel = this.#clock.timer(timeoutMs, () => resolve(undefined));
    const stop = () => resolve(undefined);
    signal?.addEventListener("abort", stop, { once: true });
    try {
      const row = await this.#store.turns.get(turnId);
      if (row && row.state !== "queued" && row.state !== "running") resolve(row);
      return await promise;
    } finally {
      cancel();
      signal?.removeEventListener("abort", stop);
      line.delete(resolve);
      if (line.size === 0 && this.#waiting.get(turnId) === line) this.#waiting.delete(turnId);
    }
  }

  /** Tells everybody who waits for this turn. */
  async ended(turnId: string): Promise<void> {
    const line = this.#waiting.get(turnId);
    if (!line) return;
    this.#waiting.delete(turnId);
    const row = await this.#store.turns.get(turnId);
    for (const tell of line) tell(row);
  }
}
