/** Whoever waits for a turn to end. */
import { compact } from "../../base/text.ts";
import type { Clock } from "../../base/time.ts";
import type { Store, TurnResult, TurnRow } from "../../store/index.ts";

/** Runs that were taken into another one after another: a bound for what a damaged row could say. */
const MAX_HOPS = 8;

type Tell = (row: TurnRow | undefined) => void;

export class TurnWaiters {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Set<Tell>>();
  /** Results whose rows could not be written yet. No more than there are turns under way: a full disk takes no new ones. */
  readonly #unwritten = new Map<string, TurnResult>();

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /**
   * The ended turn, or undefined after `timeoutMs` or when the signal aborts. One that became part of another run has
   * ended when that run has, with its outcome.
   */
  async wait(turnId: string, timeoutMs: number, signal?: AbortSignal): Promise<TurnRow | undefined> {
    const until = this.#clock.monotonic() + timeoutMs;
    const own = await this.#wait(turnId, timeoutMs, signal);
    let end = own;
    for (let hops = 0; end?.result?.mergedInto !== undefined && hops < MAX_HOPS; hops += 1)
      end = await this.#wait(end.result.mergedInto, Math.max(0, until - this.#clock.monotonic()), signal);
    if (end === own || !own || !end?.result) return end;
    const { startedAt = own.startedAt, endedAt = own.endedAt, state, result } = end;
    return { ...own, state, result, ...compact({ startedAt, endedAt }) };
  }

  async #wait(turnId: string, timeoutMs: number, signal?: AbortSignal): Promise<TurnRow | undefined> {
    const { promise, resolve } = Promise.withResolvers<TurnRow | undefined>();
    // First in line, then look: a turn that ends in between is not missed.
    const line = this.#waiting.get(turnId) ?? new Set<Tell>();
    this.#waiting.set(turnId, line.add(resolve));
    const cancel = this.#clock.timer(timeoutMs, () => resolve(undefined));
    const stop = () => resolve(undefined);
    signal?.addEventListener("abort", stop, { once: true });
    try {
      const row = await this.#row(turnId);
      if (row && (row.result || !isOpen(row))) resolve(row);
      return await promise;
    } finally {
      cancel();
      signal?.removeEventListener("abort", stop);
      line.delete(resolve);
      if (line.size === 0 && this.#waiting.get(turnId) === line) this.#waiting.delete(turnId);
    }
  }

  /** Tells everybody who waits for this turn. `result`: what it came to, should its row not say so yet. */
  async ended(turnId: string, result?: TurnResult): Promise<TurnRow | undefined> {
    if (result) this.#unwritten.set(turnId, result);
    const row = await this.#row(turnId);
    const line = this.#waiting.get(turnId);
    this.#waiting.delete(turnId);
    for (const tell of line ?? []) tell(row);
    return row;
  }

  async #row(turnId: string): Promise<TurnRow | undefined> {
    const row = await this.#store.turns.get(turnId);
    const result = this.#unwritten.get(turnId);
    if (row && isOpen(row) && result) return { ...row, result };
    this.#unwritten.delete(turnId);
    return row;
  }
}

function isOpen({ state }: TurnRow): boolean {
  return state === "queued" || state === "running";
}
