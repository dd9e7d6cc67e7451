/** The door of outbound: hops 9 and 10, what is to be said and saying it. */
import type { Channel, ChannelAccount, ChannelConnection, Download } from "../../contracts/channel.ts";
import type { Address, Previewed, ReplyRoute } from "../../contracts/envelope.ts";
import type { NewPost, PostPart } from "../../store/index.ts";
import type { BlockStream, BlockStreamOptions } from "./_blocks/stream.ts";
import type { Directions } from "./_directives.ts";
import type { LivePreview } from "./_preview.ts";
import type { Typing } from "./_typing.ts";

/** One thing that an assistant says in a run. */
export interface Payload {
  /** Markdown, with directions in it unless `plain`. */
  readonly text: string;
  /** Nothing in the text is a direction: they were taken out, or it was written by the gateway. */
  readonly plain?: true;
  /** What was taken out of a plain text. */
  readonly directions?: Omit<Directions, "text">;
  readonly part?: PostPart;
}

export interface AnswerOptions {
  readonly keyPrefix: string;
  /** Number of the first key. */
  readonly first?: number;
  readonly turnId?: string;
  readonly at: number;
  /** Stands before each text that does not begin with it. */
  readonly prefix?: string | undefined;
  /** Absolute; where relative paths of files begin. */
  readonly workspace: string;
  /** Whoever asked is a guest: files of the workspace only, and not the owner's notes. */
  readonly forGuest?: boolean;
  /** Whoever asked is not the owner: not the owner's notes. */
  readonly withoutNotes?: boolean;
  /** Something of this answer quotes the question already. */
  readonly quoted?: boolean;
  /** Unix epoch milliseconds. */
  readonly notBefore?: number;
}

/** `waiting`: the account is not connected, or the network asked for patience. */
export type Said =
  | { readonly state: "sent"; readonly nativeIds: readonly string[] }
  | { readonly state: "waiting"; readonly error?: string }
  | { readonly state: "failed"; readonly error: string };

export interface OutboundService {
  /** Hop 9: strips control tokens, chunks for the channel and gives each piece its key. Pure. */
  compose(
    texts: readonly string[],
    route: ReplyRoute,
    options: {
      readonly keyPrefix: string;
      readonly turnId?: string;
      readonly at: number;
      /** Nothing in the texts is a direction to the sender. */
      readonly literal?: true;
    },
  ): NewPost[];
  /**
   * Hop 9 for what is said in a run: takes files along, puts the prefix before, quotes as the account does. A file
   * that cannot go is named in the text with its reason.
   */
  answer(payloads: readonly Payload[], route: ReplyRoute, options: AnswerOptions): Promise<NewPost[]>;
  /** An answer as blocks, while it is written. Nothing is posted by this. */
  blocks(options: Omit<BlockStreamOptions, "clock">): BlockStream;
  /**
   * Shows an answer while it is written, where the account does so; `begun` goes on in the message of an earlier
   * process. `began` must remember the message durably.
   */
  preview(
    route: ReplyRoute,
    options: { readonly begun?: Previewed; readonly began: (message: Previewed) => Promise<void> },
  ): LivePreview | undefined;
  /** Fetches a file that a message of this account named. Throws a `ChannelError`. */
  download(
    address: Address,
    ref: string,
    options: { readonly maxBytes: number; readonly signal: AbortSignal },
  ): Promise<Download>;
  /** Puts an emoji on the message of a route, or takes it away. Best effort, not awaited. */
  react(route: ReplyRoute, emoji: string | undefined): void;
  /** Says that rows were added for an account. */
  wake(account: string): void;
  /** Says that a channel account exists, connected or not: replies are cut to its limits from now on. */
  know(channel: Channel, account: ChannelAccount): void;
  /** A known account; undefined for web chat and for what is not configured. */
  known(channel: string, account: string): { readonly channel: Channel; readonly account: ChannelAccount } | undefined;
  /** Every account that is known. */
  accounts(): readonly { readonly channel: Channel; readonly account: ChannelAccount }[];
  /**
   * Says something that is no reply: queued, then waited for as long as told. A known key says nothing again;
   * what has not been said in time is said later.
   */
  say(message: {
    readonly key: string;
    readonly address: Address;
    readonly text: string;
    readonly replyTo?: string | undefined;
    readonly timeoutMs: number;
    readonly signal?: AbortSignal;
  }): Promise<Said>;
  /** A channel account can send from now on. Returns how to take it back. */
  attach(channel: Channel, account: ChannelAccount, connection: ChannelConnection): () => void;
  /** Typing at the address: nothing before the first `touch`, and no longer than two minutes after the last one. */
  typing(route: ReplyRoute, everySeconds: number): Typing;
  /** At start: what was under way may have been sent. */
  recover(): Promise<number>;
}

export { takeDirections } from "./_directives.ts";
export type { Directions } from "./_directives.ts";
export { channelSetting, channelSettings } from "./_settings.ts";
export { restAfter, saidOf } from "./_blocks/said.ts";
export { NO_TYPING } from "./_typing.ts";
export type { Typing } from "./_typing.ts";
export type { LivePreview } from "./_preview.ts";
export type { Block, BlockSettings, BlockStream } from "./_blocks/stream.ts";
export { Outbound } from "./_service-tokens.ts";
