/** What kind of place an IP address is (IANA special-purpose registries for IPv4 and IPv6). */
import { isIP } from "node:net";

export type AddressKind = "public" | "loopback" | "private" | "link-local" | "metadata" | "special";

type Range4 = readonly [network: number, bits: number, kind: AddressKind];

const v4 = (a: number, b: number, c: number, d: number): number => ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;

const RANGES4: readonly Range4[] = [
  [v4(0, 0, 0, 0), 8, "special"],
  [v4(10, 0, 0, 0), 8, "private"],
  [v4(100, 100, 100, 200), 32, "metadata"],
  [v4(100, 64, 0, 0), 10, "private"],
  [v4(127, 0, 0, 0), 8, "loopback"],
  [v4(169, 254, 0, 0), 16, "link-local"],
  [v4(172, 16, 0, 0), 12, "private"],
  [v4(192, 0, 0, 0), 24, "special"],
  [v4(192, 0, 2, 0), 24, "special"],
  [v4(192, 88, 99, 0), 24, "special"],
  [v4(192, 168, 0, 0), 16, "private"],
  [v4(198, 18, 0, 0), 15, "special"],
  [v4(198, 51, 100, 0), 24, "special"],
  [v4(203, 0, 113, 0), 24, "special"],
  [v4(224, 0, 0, 0), 3, "special"],
];

/** Kind of a textual address (dotted IPv4, any IPv6 spelling, zone ignored); undefined for anything else. */
export function addressKind(text: string): AddressKind | undefined {
  const address = text.split("%", 1)[0] ?? "";
  const family = isIP(address);
  if (family === 4) return kind4(parse4(address));
  return family === 6 ? kind6(parse6(address)) : undefined;
}

function kind4(address: number): AddressKind {
  const range = RANGES4.find(([network, bits]) => (address ^ network) >>> (32 - bits) === 0);
  return range?.[2] ?? "public";
}

/**
 * Addresses that carry an IPv4 address inside (mapped, compatible, NAT64, 6to4) are at best `special`:
 * nobody needs them to reach a public server, and they are a way around IPv4 rules.
 */
function kind6(groups: readonly number[]): AddressKind {
  const [first = 0, second = 0] = groups;
  const inner = embedded4(groups);
  if (inner !== undefined) {
    if (inner <= 1 && groups.slice(0, 6).every((group) => group === 0)) return inner === 1 ? "loopback" : "special";
    const kind = kind4(inner);
    return kind === "public" ? "special" : kind;
  }
  if (groups.join() === AWS_METADATA) return "metadata";
  if ((first & 0xfe00) === 0xfc00) return "private";
  if ((first & 0xffc0) === 0xfe80) return "link-local";
  if ((first & 0xe000) !== 0x2000) return "special";
  if (first === 0x2001 && (second < 0x200 || second === 0xdb8)) return "special";
  return (first & 0xfff0) === 0x3ff0 ? "special" : "public";
}

const AWS_METADATA = [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254].join();

/** The IPv4 address that an IPv6 address stands for, if any. */
function embedded4(g: readonly number[]): number | undefined {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, h = 0, i = 0] = g;
  const low = ((h << 16) | i) >>> 0;
  const zeros = a === 0 && b === 0 && c === 0 && d === 0;
  if (zeros && ((e === 0 && (f === 0 || f === 0xffff)) || (e === 0xffff && f === 0))) return low;
  if (a === 0x64 && b === 0xff9b) return low;
  if (a === 0x2002) return ((b << 16) | c) >>> 0;
  return undefined;
}

function parse4(text: string): number {
  const [a = 0, b = 0, c = 0, d = 0] = text.split(".").map(Number);
  return v4(a, b, c, d);
}

/** Eight groups of a valid IPv6 address. */
function parse6(text: string): number[] {
  const dotted = /(?<=:)\d+\.\d+\.\d+\.\d+$/.exec(text)?.[0];
  const plain = dotted === undefined ? text : text.slice(0, -dotted.length) + hexPair(parse4(dotted));
  const [head = "", tail] = plain.split("::");
  const left = groupsOf(head);
  if (tail === undefined) return left;
  const right = groupsOf(tail);
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right];
}

function hexPair(address: number): string {
  return `${(address >>> 16).toString(16)}:${(address & 0xffff).toString(16)}`;
}

function groupsOf(text: string): number[] {
  return text === "" ? [] : text.split(":").map((group) => parseInt(group, 16));
}
