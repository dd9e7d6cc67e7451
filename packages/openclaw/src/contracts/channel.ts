/**
 * A channel is a dumb, lazy pipe to one chat network. It translates; it decides nothing. Who may
 * talk, what is answered and when is the core's business.
 */
import type { Env } from "../base/env.ts";
import type { Fetch } from "../base/fetch.ts";
import type { Clock } from "../base/time.ts";
import type { Log } from "../base/log.ts";
import type { Address, Envelope, OutboundMessage, Previewed, Receipt, ReplyRoute } from "./envelope.ts";
import type { Random } from "../base/ids.ts";

export type DmPolicy = "pairing" | "allowlist" | "open" | "disabled";

/** One login of a channel, as configuration describes it. Plain data; `settings` is the channel's own. */
export interface ChannelAccount<S = unknown> {
  readonly id: string;
  readonly name?: string;
  readonly enabled: boolean;
  /** Credentials are complete. */
  readonly configured: boolean;
  /** Why it is not configured, one sentence with the key to set. */
  readonly missing?: string;
  readonly dmPolicy: DmPolicy;
  readonly allowFrom: readonly string[];
  /** Where the login comes from. */
  readonly credentialSource?: "config" | "file" | "env";
  /** Digest of the login and its server: two accounts with the same digest must not both receive. */
  readonly credential?: string;
  /** Longest text of one message, in the channel's unit. */
  readonly textLimit: number;
  readonly chunkMode: "length" | "newline";
  /** Which parts of an answer quote the question; absent = none, unless the answer asks for it. */
  readonly replyToMode?: "off" | "first" | "all" | "batched";
  readonly settings: S;
}

export type ConnectionState = "starting" | "connecting" | "connected" | "disconnected" | "stopped";

/** A request of the network to a webhook. */
export interface WebhookRequest {
  readonly method: string;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** As it came: signatures are made over these bytes. Not read before `handle` asks. */
  body(): Promise<Uint8Array>;
}

export interface WebhookAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A path on the gateway's port that the network calls. */
export interface Webhook {
  /** `/slack/events`. */
  readonly path: string;
  /** Default POST. */
  readonly methods?: readonly string[];
  /** Bytes; default 1 MB. */
  readonly bodyLimit?: number;
  /**
   * Proves who is calling (a signature over the raw bytes, a secret in a header) before anything else, and answers
   * 401 otherwise. What it throws becomes an internal error; the network sends the request again.
   */
  handle(request: WebhookRequest): Promise<WebhookAnswer>;
}

/** An entry of the network's menu of commands. */
export interface MenuCommand {
  /** Without the slash: `[a-z0-9_]`. */
  readonly name: string;
  readonly description: string;
  readonly source: "native" | "skill" | "plugin";
}

export interface ChannelLink {
  /**
   * Hands an inbound message to the core. Resolves once it is durably stored (or was known already);
   * only then may the platform be told that it was received. Rejects when it could not be stored:
   * the channel must then not acknowledge it, so that the platform delivers it again.
   */
  inbound(envelope: Envelope): Promise<"accepted" | "duplicate">;
  /**
   * Serves a webhook until the account stops or the returned function is called. Throws `ROUTE_TAKEN` when another
   * account has the path, `ROUTE_RESERVED` when it is the gateway's own.
   */
  webhook(webhook: Webhook): () => void;
  /** Reports the state of the connection; `problem` is one sentence for people. */
  state(state: ConnectionState, problem?: string): void;
  /** Small durable values of this account (cursors). Written atomically before the promise resolves. */
  readonly memory: { get(key: string): Promise<string | undefined>; set(key: string, value: string): Promise<void> };
  /** The commands for the network's menu, the most useful first; empty when there shall be none. To be asked once connected. */
  menu(): Promise<readonly MenuCommand[]>;
  /** Aborts when the account must stop. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly random: Random;
  readonly fetch: Fetch;
  readonly log: Log;
}

/** What went wrong with a send, so that the core can decide what to do. Thrown by `send`. */
export class ChannelError extends Error {
  readonly kind: "rate_limit" | "auth" | "not_found" | "permission" | "invalid" | "network";
  readonly retryAfterMs: number | undefined;
  /** Whether the message may nevertheless have reached the person (connection lost after sending). */
  readonly maybeSent: boolean;

  constructor(options: {
    kind: ChannelError["kind"];
    message: string;
    retryAfterMs?: number;
    maybeSent?: boolean;
    cause?: unknown;
  }) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "ChannelError";
    this.kind = options.kind;
    this.retryAfterMs = options.retryAfterMs;
    this.maybeSent = options.maybeSent ?? false;
  }
}

/** An answer that is shown while it is written. */
export interface ChannelPreview {
  /** Between two updates, at least. */
  readonly everyMs: number;
  /** It grows in pieces like these instead of by every word. */
  readonly chunk?: {
    readonly minChars: number;
    readonly maxChars: number;
    readonly breakPreference: "paragraph" | "newline" | "sentence";
  };
  /**
   * Shows this Markdown in place of what was shown. Resolves with the message that shows it, undefined when nothing
   * stays of it; throws a `ChannelError`. Never called again before the last call has ended.
   */
  show(markdown: string): Promise<Previewed | undefined>;
}

/** A file on its way in. */
export interface Download {
  readonly body: AsyncIterable<Uint8Array>;
  /** What its server says that it is. */
  readonly mimeType?: string;
  readonly fileName?: string;
}

export interface ChannelConnection {
  /**
   * Says one message. Resolves with the receipt of the platform; throws a `ChannelError` otherwise.
   * Called for one conversation strictly in order, for several at once.
   */
  send(message: OutboundMessage): Promise<Receipt>;
  /** Shows that an answer is being prepared, once; the core repeats it. Best effort. */
  typing?(address: Address): Promise<void>;
  /** Puts an emoji on a message, or takes away the one that we put there. Best effort. */
  react?(address: Address, nativeId: string, emoji: string | undefined): Promise<void>;
  /**
   * Fetches a file that a message named (`FilePart.ref`). Asked only for senders who may talk. Stops after `maxBytes`;
   * throws a `ChannelError`, with kind `network` where another attempt may help.
   */
  download?(ref: string, options: { readonly maxBytes: number; readonly signal: AbortSignal }): Promise<Download>;
  /**
   * Begins to show an answer, or goes on in the message that an earlier process began; undefined where the account
   * shows none. The answer itself is sent with `replaces`.
   */
  preview?(route: ReplyRoute, begun?: Previewed): ChannelPreview | undefined;
  /** Asks the platform who we are. Throws a `ChannelError` when the login does not work. */
  probe(): Promise<{ readonly account: string }>;
  /**
   * Rejects when the connection has ended by itself: with kind `auth` it stays down until the
   * configuration changes, otherwise it is opened again. Absent = it never ends by itself.
   */
  readonly ended?: Promise<never>;
  /** Stops receiving, finishes sends under way within 5 s, frees the socket. Idempotent. */
  close(): Promise<void>;
}

export interface Channel<S = unknown> {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly label: string;
  readonly capabilities: {
    readonly chatKinds: readonly Address["kind"][];
    readonly typing: boolean;
    readonly pairing: boolean;
    /** A message sent twice with one key is shown once. */
    readonly idempotentSend: boolean;
    /** Takes files. */
    readonly media?: boolean;
    /** Longest caption of a file, in the channel's unit; what is longer goes before it. Default: no captions. */
    readonly captionLimit?: number;
    /** `agents.defaults.blockStreamingDefault` holds here; elsewhere blocks need `blockStreaming: true`. */
    readonly blocksByDefault?: boolean;
  };
  /** The network shows a menu of commands. `auto`: whether ours is put there when nobody says otherwise. */
  readonly commandMenu?: { readonly auto: boolean };
  /** Seconds between typing signals that the platform needs at most. */
  readonly typingEverySeconds?: number;
  /** Accounts described by the section `channels.<id>` and the environment. Pure. */
  accounts(section: unknown, env: Env): ChannelAccount<S>[];
  /** One spelling of a sender id, for allow-lists: both sides are normalised before they are compared. */
  normalizeSender(raw: string): string;
  /** All spellings of a sender to hold against an allow-list (id, `@username`). Normalised. */
  senderKeys?(from: Envelope["from"]): string[];
  /** How many units `markdown` takes once rendered for this platform. */
  measure(markdown: string): number;
  /** Connects one account. Throws a `ChannelError` with kind `auth` when it can never work as configured. */
  open(account: ChannelAccount<S>, link: ChannelLink): Promise<ChannelConnection>;
}

export function defineChannel<S>(channel: Channel<S>): Channel {
  return channel as unknown as Channel;
}

/** `extensions/<id>/openclaw.plugin.json`: what an extension provides, as data. */
export interface ExtensionManifest {
  readonly id: string;
  readonly version: string;
  readonly name: string;
  readonly description: string;
  readonly channels?: readonly { readonly id: string; readonly label: string; readonly aliases?: readonly string[] }[];
  readonly entry: string;
}
