/** The door of outbound: hops 9 and 10, what is to be said and saying it. */
import type { Channel, ChannelAccount, ChannelConnection } from "../../contracts/channel.ts";
import type { Address } from "../../contracts/envelope.ts";
import type { ReplyRoute } from "../../contracts/envelope.ts";
import type { NewPost } from "../../store/index.ts";

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
  /** Shows typing at the address until the returned function is called. */
  typing(route: ReplyRoute): () => void;
  /** At start: what was under way may have been sent. */
  recover(): Promise<number>;
}

export { Outbound } from "./_service-tokens.ts";
