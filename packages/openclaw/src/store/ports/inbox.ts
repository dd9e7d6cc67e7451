/** What came in. */
import type { Envelope } from "../../contracts/envelope.ts";
import type { Principal } from "../../contracts/principal.ts";
import type { NewPost } from "./outbox.ts";

/** Why an inbound message needs nothing more. Kept, so that "why did it not answer?" has an answer. */
export interface InboxOutcome {
  readonly kind: "turn" | "reply" | "ignored" | "dead";
  /** Machine-readable: `dm-policy:disabled`, `pairing:code-sent`, `command:status`, `steered`. */
  readonly reason: string;
  readonly turnId?: string;
  /** What a command answered, for callers that wait for it. */
  readonly reply?: string;
}

export interface InboxRow {
  readonly id: string;
  /** `<channel>:<account>`. */
  readonly account: string;
  readonly envelope: Envelope;
  /** Who sent it, when the surface knows better than the envelope (a device of the owner). */
  readonly principal?: Principal;
  /** Wishes of the caller that travel with the message (thinking level, deliver, timeout, queue mode). */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly state: "received" | "done" | "dead";
  readonly outcome?: InboxOutcome;
  readonly attempts: number;
  readonly receivedAt: number;
}

export interface Inbox {
  /** Stores the message once; unique on (account, native id). */
  accept(
    row: Pick<InboxRow, "id" | "account" | "envelope" | "principal" | "options" | "receivedAt">,
  ): Promise<{ accepted: boolean; id: string }>;
  get(id: string): Promise<InboxRow | undefined>;
  /** Rows not done, oldest first. */
  pending(limit: number): Promise<InboxRow[]>;
  /** Done without a turn: ignored, or answered by `posts` (which go to the outbox in the same step). */
  settle(id: string, outcome: InboxOutcome, posts?: readonly NewPost[]): Promise<void>;
  /** Counts by state, for health. */
  counts(): Promise<Record<InboxRow["state"], number>>;
  /** Counts a failed attempt; after `maxAttempts` the row is dead with that reason. */
  fail(id: string, reason: string, maxAttempts: number): Promise<"retry" | "dead">;
}
