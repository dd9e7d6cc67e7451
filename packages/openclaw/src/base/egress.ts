/** Which destinations a request may have. */
import type { LookupAddress } from "node:dns";
import { addressKind } from "./address.ts";
import type { AddressKind } from "./address.ts";
import { errors } from "./faults.ts";

export type Egress = "public" | { readonly origin: string };

/** All addresses of a host name; rejects when there is none. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

/** Names under which clouds serve credentials to whoever runs there. */
const METADATA_HOSTS = new Set([
  "metadata",
  "metadata.google.internal",
  "metadata.goog",
  "instance-data",
  "instance-data.ec2.internal",
]);
const LOCAL_NAME = /(?:^|\.)(?:localhost|local|internal|localdomain|home\.arpa)$/;

const NEVER: ReadonlySet<AddressKind> = new Set(["link-local", "metadata"]);

/** The URL of a request, when scheme, credentials, host name and origin are legal. Throws `EGRESS_REFUSED`. */
export function legalUrl(text: string, egress: Egress): URL {
  const url = parse(text);
  const refuse = (reason: string) => errors.EGRESS_REFUSED({ host: url.host, reason });
  if (url.protocol !== "http:" && url.protocol !== "https:") throw refuse(`${url.protocol} is not http or https`);
  if (url.username !== "" || url.password !== "") throw refuse("the address holds a user name or password");
  if (egress !== "public" && url.origin !== parse(egress.origin).origin)
    throw refuse(`only ${parse(egress.origin).origin} may be called here`);
  const host = hostOf(url);
  if (host === "") throw refuse("it names no host");
  if (METADATA_HOSTS.has(host)) throw refuse("it serves the credentials of a cloud machine");
  if (egress === "public" && LOCAL_NAME.test(host)) throw refuse("it is a name of the local network");
  const kind = addressKind(host);
  if (kind !== undefined && !allows(egress, kind)) throw refuse(reasonFor(kind));
  return url;
}

function parse(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw errors.EGRESS_REFUSED({ host: text.slice(0, 80), reason: "it is not a valid address" });
  }
}

/** Host name or address without brackets and closing dot. */
export function hostOf(url: URL): string {
  return url.hostname
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
}

function allows(egress: Egress, kind: AddressKind): boolean {
  return egress === "public" ? kind === "public" : !NEVER.has(kind);
}

function reasonFor(kind: AddressKind): string {
  return kind === "special" ? "its address is reserved for special use" : `its address is ${kind}`;
}

/** The addresses of `host` that may be connected to. Throws `EGRESS_REFUSED` when there is none. */
export async function legalAddresses(host: string, egress: Egress, resolve: Resolve): Promise<LookupAddress[]> {
  const found = await resolve(host);
  const legal = found.filter(({ address }) => allows(egress, addressKind(address) ?? "special"));
  if (legal.length > 0) return legal;
  const kind = addressKind(found[0]?.address ?? "") ?? "special";
  throw errors.EGRESS_REFUSED({ host, reason: reasonFor(kind) });
}
