/** Outcomes of turns: written, told to clients and to whoever waits. Also of those that never run by themselves. */
import { errorText } from "../../../base/errors.ts";
import type { Log } from "../../../base/log.ts";
import type { Clock } from "../../../base/time.ts";
import type { EventBus } from "../../../contracts/method.ts";
import { NO_USAGE } from "../../../contracts/message.ts";
import type { Store, TurnResult, TurnRow } from "../../../store/index.ts";
import { TurnWaiters } from "../_waiters.ts";
import { idsOf } from "./entry.ts";
import type { Entry } from "./entry.ts";
import { mergedImages, mergedText } from "./merged.ts";
import type { Header } from "./merged.ts";
import type { Choice } from "./pick.ts";

const EMPTY = { texts: [], usage: NO_USAGE, sessionId: "", durationMs: 0 } as const;

export interface OutcomeDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly events: EventBus | undefined;
  readonly log: Log;
  /** How the model is told where a message came from. */
  readonly header: Header;
}

export class Outcomes {
  readonly waiters: TurnWaiters;
  readonly #deps: OutcomeDeps;

  constructor(deps: OutcomeDeps) {
    this.#deps = deps;
    this.waiters = new TurnWaiters(deps.store, deps.clock);
  }

  /** Tells whoever waits. `result`: what it came to, should its row not say so yet. */
  async ended(id: string, result?: TurnResult): Promise<TurnRow | undefined> {
    try {
      return await this.waiters.ended(id, result);
    } catch (error) {
      this.#deps.log.error("waiters were not told", { turn: id, error: errorText(error) });
      return undefined;
    }
  }

  /** Ends turns that never ran: `reason` is who stopped them, or `queue-full`. */
  async drop(sessionKey: string, entries: readonly Entry[], reason: string): Promise<void> {
    if (entries.length > 0)
      await this.#settle(sessionKey, entries, { ...EMPTY, status: "aborted", stopReason: reason });
  }

  /** The turn begins; messages that become part of it end in the same step. Undefined when it is over by now. */
  async take(sessionKey: string, { run, takes, lines }: Choice): Promise<TurnRow | undefined> {
    const { turns } = this.#deps.store;
    const at = this.#deps.clock.now();
    if (takes.length + lines.length === 0) return turns.begin(run.id, at);
    const told = lines.includes(run) ? takes : [...takes, run];
    const [summarized, whole] = await Promise.all([this.#rows(lines), this.#rows(told)]);
    const others = [...lines, ...takes].filter((entry) => entry !== run);
    const result = joined("merged", run.id);
    const text = mergedText(summarized, whole, this.#deps.header);
    const row = await turns.merge(run.id, { at, text, images: mergedImages(whole), takes: idsOf(others), result });
    await this.#tell(sessionKey, others, result);
    return row;
  }

  /** Messages were told to a run under way, and end with it. Returns the ids that did. */
  async steered(sessionKey: string, entries: readonly Entry[], runId: string): Promise<readonly string[]> {
    return entries.length === 0 ? [] : this.#settle(sessionKey, entries, joined("steered", runId));
  }

  async #settle(sessionKey: string, entries: readonly Entry[], result: TurnResult): Promise<readonly string[]> {
    const state = result.status === "aborted" ? "aborted" : "done";
    const at = this.#deps.clock.now();
    const ended = await this.#deps.store.turns.settle(idsOf(entries), { state, at, result });
    await this.#tell(
      sessionKey,
      entries.filter(({ id }) => ended.includes(id)),
      result,
    );
    return ended;
  }

  /**
   * Clients get exactly one end for every run they were promised. One without a message says: this is settled, the
   * conversation tells the rest.
   */
  async #tell(sessionKey: string, entries: readonly Entry[], { status, stopReason }: TurnResult): Promise<void> {
    const state = status === "aborted" ? "aborted" : "final";
    for (const { id, agentId } of entries)
      this.#deps.events?.publish("chat", { runId: id, sessionKey, agentId, seq: 1, state, stopReason });
    for (const { id } of entries) await this.ended(id);
  }

  async #rows(entries: readonly Entry[]): Promise<TurnRow[]> {
    const rows = await Promise.all(entries.map(({ id }) => this.#deps.store.turns.get(id)));
    return rows.filter((row) => row !== undefined);
  }
}

/** `merged` with others into one turn, or `steered`: told to a run that was under way. */
function joined(how: "merged" | "steered", runId: string): TurnResult {
  return { ...EMPTY, status: "ok", stopReason: how, mergedInto: runId };
}

/** A run that ended without saying how. */
export function broken(error: { readonly code: string; readonly message: string }): TurnResult {
  const { code, message } = error;
  return { ...EMPTY, status: "error", stopReason: "error", error: { code, message } };
}
