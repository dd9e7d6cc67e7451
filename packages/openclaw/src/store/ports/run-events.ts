/** What happened on the way of every message, as facts in order: the record that a run can be told again from. */

export type RunFactKind =
  /** What came in. */
  | "message"
  /** Where it went: agent, session, rule. */
  | "route"
  /** A run began, or was taken up again after a restart. */
  | "start"
  /** Where the content of the conversation came from, beside its owner (`labels`). */
  | "content"
  /** The prompt that the following calls of the model use. */
  | "prompt"
  /** One call of a model. */
  | "model"
  /** The gate's verdict on one call of a tool. */
  | "decision"
  /** One call of a tool. */
  | "tool"
  /** Messages that joined the run under way. */
  | "steered"
  | "compaction"
  /** One part of an answer, sent or given up. */
  | "delivery"
  | "end";

export interface RunFact {
  readonly runId: string;
  readonly sessionKey: string;
  readonly agentId: string;
  readonly kind: RunFactKind;
  /** Unix epoch milliseconds. */
  readonly at: number;
  /** Metadata: ids, sizes, digests, names, durations. What was said stands in the transcript. At most 16 KiB of JSON. */
  readonly data: Readonly<Record<string, unknown>>;
}

export interface RunFactRow extends RunFact {
  /** Rises with every fact of this installation, over restarts too: the cursor of whoever follows. */
  readonly cursor: number;
}

export interface RunFactFilter {
  readonly runId?: string;
  readonly sessionKey?: string;
  readonly agentId?: string;
  readonly kind?: RunFactKind;
  /** Unix epoch milliseconds. */
  readonly since?: number;
  readonly until?: number;
  readonly limit: number;
}

export interface RunEvents {
  /**
   * Adds a fact and returns its cursor. Batched: durable within half a second, and with everything before it as soon
   * as a turn is finished.
   */
  record(fact: RunFact): number;
  /** Facts in order, from after a cursor on, those not yet written included. */
  after(cursor: number, filter: RunFactFilter): Promise<RunFactRow[]>;
  /** Newest first, those before a cursor; without one the newest. */
  before(cursor: number | undefined, filter: RunFactFilter): Promise<RunFactRow[]>;
  /**
   * Facts from now on, as they are recorded. The listener must not throw. One with the same key takes the place of
   * the one before, and what ends them is the same function.
   */
  follow(listener: (fact: RunFactRow) => void, key?: string): () => void;
  /** Keeps a text under the hash of its content; batched like facts. A text that is known costs nothing. */
  keepBody(hash: string, text: string): void;
  body(hash: string): Promise<string | undefined>;
  /** Removes facts older than `before`, at most `limit`, and bodies that no run has used since. */
  prune(before: number, limit: number): Promise<number>;
}
