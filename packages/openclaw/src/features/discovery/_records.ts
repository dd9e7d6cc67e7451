/** DNS-SD (RFC 6763) records of a gateway, and gateways read out of such records. Pure. */
import type { Beacon } from "./index.ts";

export const SERVICE = "_openclaw-gw._tcp.local";
const SERVICES = "_services._dns-sd._udp.local";
const TTL_S = 120;
const MAX_BEACONS = 64;

export type Answer =
  | { readonly name: string; readonly type: "PTR"; readonly ttl?: number; readonly data: string }
  | {
      readonly name: string;
      readonly type: "SRV";
      readonly ttl?: number;
      readonly flush?: boolean;
      readonly data: { readonly port: number; readonly target: string };
    }
  | {
      readonly name: string;
      readonly type: "TXT";
      readonly ttl?: number;
      readonly flush?: boolean;
      readonly data: readonly string[];
    }
  | {
      readonly name: string;
      readonly type: "A" | "AAAA";
      readonly ttl?: number;
      readonly flush?: boolean;
      readonly data: string;
    };

export interface Identity {
  /** Label of the machine, without `.local`. */
  readonly host: string;
  /** Instance name, shown to people. */
  readonly name: string;
  readonly port: number;
  readonly addresses: readonly string[];
  readonly txt: Readonly<Record<string, string>>;
}

/** Everything a resolver needs at once. `ttl` 0 takes it back. */
export function recordsOf(who: Identity, ttl = TTL_S): readonly Answer[] {
  const instance = instanceOf(who);
  const target = `${who.host}.local`;
  return [
    { name: SERVICES, type: "PTR", ttl, data: SERVICE },
    { name: SERVICE, type: "PTR", ttl, data: instance },
    { name: instance, type: "SRV", ttl, flush: true, data: { port: who.port, target } },
    {
      name: instance,
      type: "TXT",
      ttl,
      flush: true,
      data: Object.entries(who.txt).map(([key, value]) => `${key}=${value}`),
    },
    ...who.addresses.map((data): Answer => ({
      name: target,
      type: data.includes(":") ? "AAAA" : "A",
      ttl,
      flush: true,
      data,
    })),
  ];
}

/** Dots in an instance name would be label separators. */
function instanceOf({ name }: Pick<Identity, "name">): string {
  return `${name.replaceAll(".", " ").slice(0, 63)}.${SERVICE}`;
}

/** Whether a question is for us; then every record is the answer. */
export function concerns(question: { readonly name: string; readonly type: string }, who: Identity): boolean {
  const name = question.name.toLowerCase();
  const ours = [SERVICES, SERVICE, instanceOf(who), `${who.host}.local`].map((each) => each.toLowerCase());
  return ours.includes(name);
}

/** Gateways in everything that was answered so far. Records of others, and broken ones, count for nothing. */
export function beaconsIn(answers: readonly Answer[]): readonly Beacon[] {
  const instances = answers.flatMap((each) =>
    each.type === "PTR" && each.name.toLowerCase() === SERVICE && each.ttl !== 0 ? [each.data] : [],
  );
  const found = [...new Set(instances)].slice(0, MAX_BEACONS).map((instance) => beacon(instance, answers));
  return found.filter((each) => each !== undefined);
}

function beacon(instance: string, answers: readonly Answer[]): Beacon | undefined {
  const srv = answers.find((each) => each.type === "SRV" && each.name === instance);
  if (srv?.type !== "SRV") return undefined;
  const { port, target } = srv.data;
  const record = answers.find((each) => each.type === "TXT" && each.name === instance);
  const txt = record?.type === "TXT" ? textsOf(record.data) : {};
  const addresses = [
    ...new Set(
      answers.flatMap((each) =>
        (each.type === "A" || each.type === "AAAA") && each.name === target ? [each.data] : [],
      ),
    ),
  ].toSorted((a, b) => rank(a) - rank(b));
  const host = addresses[0] ?? target;
  const tls = txt["gatewayTls"] === "1";
  const fingerprint = txt["gatewayTlsSha256"];
  return {
    name: instance.replace(`.${SERVICE}`, ""),
    hostName: target,
    host,
    addresses,
    port,
    wsUrl: `${tls ? "wss" : "ws"}://${host.includes(":") ? `[${host}]` : host}:${port}`,
    tls,
    ...(tls && fingerprint !== undefined ? { tlsFingerprint: fingerprint } : {}),
    ...(txt["displayName"] === undefined ? {} : { displayName: txt["displayName"] }),
    txt,
  };
}

/** IPv4 first: link-local IPv6 addresses need a zone to be usable. */
function rank(address: string): number {
  if (!address.includes(":")) return 0;
  return address.toLowerCase().startsWith("fe80") ? 2 : 1;
}

function textsOf(data: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    data.flatMap((entry) => {
      const at = entry.indexOf("=");
      return at > 0 ? [[entry.slice(0, at), entry.slice(at + 1)]] : [];
    }),
  );
}
