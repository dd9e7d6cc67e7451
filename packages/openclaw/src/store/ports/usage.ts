/** What models cost. */
import type { Usage } from "../../contracts/message.ts";

/** What the turns of one session used with one model within a quarter of an hour. */
export interface UsageRow {
  /** Beginning of the quarter, Unix epoch milliseconds. */
  readonly at: number;
  readonly agentId: string;
  readonly sessionKey: string;
  readonly sessionId: string;
  readonly provider: string;
  readonly model: string;
  /** `webchat`, `telegram`, … where the question came from; empty when nowhere. */
  readonly channel: string;
  readonly turns: number;
  readonly errors: number;
  readonly assistant: number;
  readonly tools: Readonly<Record<string, number>>;
  readonly usage: Usage;
  /** Turns that used tokens of unknown price. */
  readonly unpriced: number;
}

/** A call of a model that is no part of a turn's answer: a summary, notes before one, a question beside it. */
export interface UsageCall {
  /** Unix epoch milliseconds. */
  readonly at: number;
  readonly agentId: string;
  readonly sessionKey: string;
  readonly sessionId: string;
  readonly provider: string;
  readonly model: string;
  readonly channel?: string;
  readonly usage: Usage;
}

export interface UsageBooks {
  /** Adds the call to the books and, while the session has that id, to the sums in its row. A turn is not counted. */
  add(call: UsageCall): Promise<void>;
  /** Rows of `since` up to, not including, `until`, oldest first. */
  read(filter: {
    readonly since: number;
    readonly until: number;
    readonly agentId?: string;
    readonly sessionKey?: string;
  }): Promise<UsageRow[]>;
}
