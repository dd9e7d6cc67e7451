/** Where the port is opened: `gateway.bind` as addresses of this machine. */
import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import { plainAddress } from "../_auth/client-address.ts";
import { errors } from "../errors.ts";

export const BINDS = ["loopback", "lan", "tailnet", "auto", "custom"] as const;
export type Bind = (typeof BINDS)[number];

/** Addresses of this machine, IPv4 first. */
export interface OwnAddresses {
  readonly all: readonly string[];
  /** Those in a tailnet: peers using them are this machine. */
  readonly tailnet: readonly string[];
  /** Those that other machines can reach. */
  readonly outward: readonly string[];
}

/** 100.64.0.0/10 and fd7a:115c:a1e0::/48, as the system writes them: asking `node:net` costs a start 4 ms. */
const TAILNET = /^(?:100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|fd7a:115c:a1e0:)/;

function inTailnet(address: string): boolean {
  return TAILNET.test(plainAddress(address));
}

export function ownAddresses(interfaces = networkInterfaces()): OwnAddresses {
  const found = Object.values(interfaces)
    .flatMap((list) => list ?? [])
    .toSorted((a, b) => (a.family < b.family ? -1 : a.family > b.family ? 1 : 0));
  const all = found.map(({ address }) => plainAddress(address));
  const outward = found
    .filter(({ address, internal }) => !internal && !inTailnet(address) && !/^(?:169\.254\.|fe80:)/.test(address))
    .map(({ address }) => plainAddress(address));
  return { all, tailnet: all.filter(inTailnet), outward };
}

/**
 * Addresses to open the port on, the first that works. `auto` prefers loopback and takes every interface
 * where there is none; `tailnet` is that address and no other.
 */
export function bindHosts(
  bind: Bind,
  at: { readonly custom: string | undefined; readonly port: number },
  own: OwnAddresses,
): readonly [string, ...string[]] {
  switch (bind) {
    case "loopback":
      return ["127.0.0.1"];
    case "auto":
      return ["127.0.0.1", "0.0.0.0"];
    case "lan":
      return ["0.0.0.0"];
    case "tailnet": {
      const host = own.tailnet.find((address) => isIP(address) === 4) ?? own.tailnet[0];
      if (host === undefined) throw errors.GATEWAY_NO_TAILNET();
      return [host];
    }
    case "custom": {
      const host = at.custom ?? "";
      if (isIP(host) !== 4)
        throw errors.GATEWAY_BIND_FAILED({
          host,
          port: at.port,
          reason: "gateway.customBindHost is no IPv4 address",
        });
      return [host];
    }
  }
}

/** The address that this machine itself uses to reach what is open on `host`. */
export function reachableHost(host: string): string {
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return name.includes(":") ? `[${name}]` : name;
}
