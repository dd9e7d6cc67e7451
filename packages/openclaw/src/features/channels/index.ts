/** The door of channels: which accounts exist and what state they are in. */
import { token } from "../../contracts/service.ts";
import type { Channel, ChannelAccount, ConnectionState, DmPolicy, ExtensionManifest } from "../../contracts/channel.ts";

export interface RegisteredChannels {
  readonly manifest: ExtensionManifest;
  readonly load: () => Promise<Channel>;
}

/** The extensions that are there; a channel is loaded when its section exists. */
export const ChannelRegistry = token<readonly RegisteredChannels[]>("channel-registry");

export interface AccountStatus {
  readonly channel: string;
  readonly account: string;
  /** Display name of the channel. */
  readonly label: string;
  readonly name?: string;
  readonly enabled: boolean;
  readonly configured: boolean;
  readonly state: ConnectionState | "disabled" | "not-configured";
  /** One sentence for people: what is missing or wrong. */
  readonly problem?: string;
  readonly dmPolicy: DmPolicy;
  /** Senders that the configuration lists. */
  readonly allowFrom: readonly string[];
  readonly tokenSource?: "config" | "file" | "env";
  readonly reconnectAttempts: number;
  /** Unix epoch milliseconds. */
  readonly lastStartAt?: number;
  readonly lastStopAt?: number;
  readonly lastConnectedAt?: number;
  readonly lastInboundAt?: number;
  readonly lastOutboundAt?: number;
  readonly lastError?: string;
}

export interface ChannelProbe {
  readonly ok: boolean;
  readonly elapsedMs: number;
  /** Who the network says we are. */
  readonly account?: string;
  readonly error?: string;
}

export interface ChannelsService {
  /** Starts every account that is enabled and configured. Never throws: a failing account reports itself. */
  start(): Promise<void>;
  /** Accounts of the configuration, sorted; complete from the start. */
  status(): readonly AccountStatus[];
  /** Ids of the channels that are there, configured or not, with their names. */
  readonly known: readonly { readonly id: string; readonly label: string }[];
  /** The account meant when none is named; undefined when the channel has none. */
  defaultAccount(channel: string): string | undefined;
  /** Called whenever the state of an account changes. Returns how to stop it. */
  onChange(listener: (status: AccountStatus) => void): () => void;
  /** Connects an account that was stopped; false when there is no such account or it cannot run. */
  startAccount(channel: string, account: string): Promise<boolean>;
  /** Ends the connection of an account until it is started again; false when there is no such account. */
  stopAccount(channel: string, account: string): Promise<boolean>;
  /** Asks the network who we are; undefined for an account that is not connected. Never throws. */
  probe(channel: string, account: string, timeoutMs: number): Promise<ChannelProbe | undefined>;
  /** The channel and account behind an address (aliases count); undefined when not configured. */
  lookup(channel: string, account: string): Promise<{ channel: Channel; account: ChannelAccount } | undefined>;
}

export { Channels } from "./_service-tokens.ts";
