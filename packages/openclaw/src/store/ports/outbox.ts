/** What is to be said. */
import type { OutboundMedia, OutboundMessage, Previewed, Receipt } from "../../contracts/envelope.ts";

/** How much of which answer of its turn a post says, for the turn's next attempt. */
export interface PostPart {
  /** Number of the answer within its turn, from 0. */
  readonly answer: number;
  /** Characters other than white space of the visible answer up to the end of this post; 0 = files only. */
  readonly to: number;
  /** Digest of those. */
  readonly digest: string;
  /** Files that went with it, as the answer names them. */
  readonly media?: readonly string[];
}

export interface NewPost {
  /** Idempotency key; a known key is not posted again. */
  readonly key: string;
  readonly address: OutboundMessage["address"];
  readonly text: string;
  readonly replyTo?: string;
  readonly native?: OutboundMessage["native"];
  readonly choices?: OutboundMessage["choices"];
  readonly turnId?: string;
  /** Order within the conversation. */
  readonly at: number;
  /** The transcript itself is the delivery (web chat): stored as sent. */
  readonly delivered?: boolean;
  /** Not before this time, Unix epoch milliseconds; what stands behind it in the conversation waits too. */
  readonly notBefore?: number;
  readonly media?: OutboundMedia;
  readonly replaces?: Previewed;
  /** Native id of the message whose acknowledgement is taken away once this is said. */
  readonly settles?: string;
  readonly part?: PostPart;
}

export type PostState = "pending" | "sending" | "sent" | "dead";

export interface PostRow extends Omit<NewPost, "notBefore"> {
  readonly id: number;
  readonly state: PostState;
  /** A platform call was under way when the process died, or ended without an answer. */
  readonly maybeSent: boolean;
  readonly attempts: number;
  readonly notBefore: number;
  readonly error?: string;
  readonly receipt?: Receipt;
}

export interface Outbox {
  post(posts: readonly NewPost[]): Promise<void>;
  /** The rows of these keys that are known, by id. */
  find(keys: readonly string[]): Promise<PostRow[]>;
  /** Rows to send for one account, in order of conversation and id. */
  due(account: string, now: number, limit: number): Promise<PostRow[]>;
  /** When the next row of one account that is held back beyond `now` may be tried; undefined when none is. */
  heldUntil(account: string, now: number): Promise<number | undefined>;
  /** Marks the platform call as begun. */
  sending(id: number): Promise<void>;
  sent(id: number, receipt: Receipt): Promise<void>;
  /** Puts it back (`notBefore`) or gives up (`dead`). `maybeSent` is sticky. */
  failed(
    id: number,
    outcome: { readonly error: string; readonly maybeSent: boolean; readonly retryAt?: number },
  ): Promise<void>;
  /** At start: calls that were under way become pending with `maybeSent`. Returns how many. */
  recover(): Promise<number>;
  /** Counts by state, for health. */
  counts(): Promise<Record<PostState, number>>;
}
