/** The door of channels: which accounts exist and what state they are in. */
import { token } from "../../contracts/service.ts";
import type { Channel, ChannelAccount, ConnectionState } from "../../contracts/channel.ts";

export interface AccountStatus {
  readonly channel: string;
  readonly account: string;
  readonly label: string;
  readonly enabled: boolean;
  readonly configured: boolean;
  readonly state: ConnectionState | "disabled" | "not-configured";
  readonly problem?: string;
  readonly lastInboundAt?: number;
  readonly lastConnectedAt?: number;
}

export interface ChannelsService {
  /** Starts every account that is enabled and configured. Never throws: a failing account reports itself. */
  start(): Promise<void>;
  status(): readonly AccountStatus[];
  /** The channel and account behind an address; undefined when not configured. Loads the channel. */
  lookup(channel: string, account: string): Promise<{ channel: Channel; account: ChannelAccount } | undefined>;
}

export const Channels = token<ChannelsService>("channels");
