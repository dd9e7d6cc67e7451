/** Where a request really comes from, seen through proxies that are trusted and those that are not. */
import type { IncomingHttpHeaders } from "node:http";
import { BlockList, isIP, isIPv6 } from "node:net";

export interface ProxyRules {
  readonly trusts: (address: string) => boolean;
  /** `X-Real-IP` alone is believed. */
  readonly realIpFallback: boolean;
  /** Addresses that only this machine uses: its own in the tailnet, and the one it was told to bind. */
  readonly self: readonly string[];
}

export interface ClientAddress {
  /** The address that limits are counted for. */
  readonly address: string;
  /** Directly from this machine, with no forwarding header. */
  readonly local: boolean;
  /** `none`: no forwarding header · `trusted`: resolved · `untrusted`: headers of a peer nobody listed · `broken`: a listed proxy that names no client. */
  readonly forwarding: "none" | "trusted" | "untrusted" | "broken";
}

/** Addresses and CIDR networks as one matcher. Entries that are neither match nothing. */
export function addressMatcher(entries: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const entry of entries) addEntry(list, entry.trim());
  return (address) => {
    const plain = plainAddress(address);
    return isIP(plain) !== 0 && list.check(plain, isIPv6(plain) ? "ipv6" : "ipv4");
  };
}

export function clientAddress(peer: string, headers: IncomingHttpHeaders, rules: ProxyRules): ClientAddress {
  const direct = plainAddress(peer);
  if (!isForwarded(headers)) {
    return { address: direct, local: isLoopback(direct) || rules.self.includes(direct), forwarding: "none" };
  }
  if (!rules.trusts(direct)) return { address: direct, local: false, forwarding: "untrusted" };
  const client = forwardedClient(headers, rules);
  if (client === undefined || isLoopback(client)) return { address: direct, local: false, forwarding: "broken" };
  return { address: client, local: false, forwarding: "trusted" };
}

/** Any sign that a proxy stands between the peer and us. */
function isForwarded(headers: IncomingHttpHeaders): boolean {
  return Object.keys(headers).some(
    (name) =>
      name === "forwarded" || name === "x-real-ip" || name.startsWith("x-forwarded-") || name.startsWith("tailscale-"),
  );
}

export function isLoopback(address: string): boolean {
  return address === "::1" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(address);
}

/** IPv4 addresses without the IPv6 mapping that dual-stack sockets put around them. */
export function plainAddress(address: string): string {
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address);
  return mapped?.[1] ?? address.toLowerCase();
}

/** What failures are counted under: the address, for IPv6 its /64, which one client owns as a whole. */
export function bucketOf(address: string): string {
  if (!address.includes(":") || !isIPv6(address)) return address;
  const [head = "", tail] = address.split("::", 2);
  const groups = head === "" ? [] : head.split(":");
  const rest = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? [] : new Array<string>(Math.max(0, 8 - groups.length - rest.length)).fill("0");
  return `${[...groups, ...zeros, ...rest].slice(0, 4).join(":")}::/64`;
}

/** Right to left through `X-Forwarded-For`, skipping trusted hops. */
function forwardedClient(headers: IncomingHttpHeaders, rules: ProxyRules): string | undefined {
  const hops = one(headers["x-forwarded-for"])
    .split(",")
    .map((hop) => hostOf(hop.trim()));
  for (const hop of hops.toReversed()) {
    if (isIP(hop) === 0) break;
    if (!rules.trusts(hop)) return hop;
  }
  const real = plainAddress(one(headers["x-real-ip"]).trim());
  return rules.realIpFallback && isIP(real) !== 0 ? real : undefined;
}

function hostOf(hop: string): string {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(hop);
  if (bracketed?.[1]) return plainAddress(bracketed[1]);
  const withPort = /^(\d{1,3}(?:\.\d{1,3}){3}):\d+$/.exec(hop);
  return plainAddress(withPort?.[1] ?? hop);
}

function one(header: string | string[] | undefined): string {
  return Array.isArray(header) ? header.join(",") : (header ?? "");
}

function addEntry(list: BlockList, entry: string): void {
  const [address = "", bits] = entry.split("/", 2);
  const family = isIP(address);
  if (family === 0) return;
  const kind = family === 6 ? "ipv6" : "ipv4";
  if (bits === undefined) return list.addAddress(address, kind);
  const prefix = Number(bits);
  if (Number.isInteger(prefix) && prefix >= 0 && prefix <= (family === 6 ? 128 : 32))
    list.addSubnet(address, prefix, kind);
}
