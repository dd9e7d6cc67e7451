/** The door of people: who a sender is, and how strangers become known. */
import { token } from "../../contracts/service.ts";
import type { Envelope } from "../../contracts/envelope.ts";
import type { Principal } from "../../contracts/principal.ts";
import type { Channel, ChannelAccount } from "../../contracts/channel.ts";

export { PAIRING_LIMITS } from "./_requests.ts";

export type Admission =
  | { readonly verdict: "allow"; readonly principal: Principal; readonly reason: string }
  | { readonly verdict: "pair"; readonly reply?: string; readonly reason: string }
  | { readonly verdict: "ignore"; readonly reason: string };

/** Somebody who wrote without being known, and the code that the owner approves. */
export interface PairingRequest {
  readonly channel: string;
  readonly account: string;
  /** Normalised sender id. */
  readonly senderId: string;
  readonly code: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly meta: Readonly<Record<string, string>>;
}

export interface PeopleService {
  /** Who sent this and whether they may talk, by the account's policy. May create a pairing request. */
  admit(envelope: Envelope, channel: Channel, account: ChannelAccount): Promise<Admission>;
  /** Open pairing requests of a channel; expired ones are gone. */
  pairings(channel?: string): Promise<readonly PairingRequest[]>;
  /**
   * Approves by code (any case, spaces and dashes ignored). Without a channel, the one that has the code;
   * with an account, only its requests count. Throws `PAIRING_CODE_UNKNOWN`.
   */
  approve(channel: string | undefined, code: string, account?: string): Promise<PairingRequest>;
  /** Whether somebody is named as an owner: in the configuration or by the first approval. */
  hasOwner(): Promise<boolean>;
}

export const People = token<PeopleService>("people");
