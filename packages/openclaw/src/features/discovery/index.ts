/** The door of discovery: telling the local network where this gateway is, and finding others. */
import { token } from "../../contracts/service.ts";
import type { Scope } from "../../base/scope.ts";

export interface Announcement {
  readonly port: number;
  /** Addresses that the port is open on, without loopback ones. Nothing is announced when there are none. */
  readonly addresses: readonly string[];
  /** SHA-256 of the certificate, when the port speaks TLS. */
  readonly tlsFingerprint?: string;
}

/** A gateway that answered. What its TXT record says is a hint: the address is what the network resolved. */
export interface Beacon {
  readonly name: string;
  /** Name of the machine: `openclaw.local`. */
  readonly hostName: string;
  /** First address that it resolves to; its name where it resolved to none. */
  readonly host: string;
  readonly addresses: readonly string[];
  readonly port: number;
  readonly wsUrl: string;
  readonly tls: boolean;
  readonly tlsFingerprint?: string;
  readonly displayName?: string;
  readonly txt: Readonly<Record<string, string>>;
}

export interface DiscoveryService {
  /** Announces until the scope ends. Never throws: a network that does not want it is logged. */
  announce(what: Announcement, scope: Scope): Promise<void>;
  /** Asks the local network; resolves after `timeoutMs` with everybody who answered. */
  discover(timeoutMs: number): Promise<readonly Beacon[]>;
}

export const Discovery = token<DiscoveryService>("discovery");
