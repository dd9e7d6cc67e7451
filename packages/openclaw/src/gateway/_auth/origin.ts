/** Which web pages may talk to the gateway: the browser names its page, we judge it. */
import { isIP } from "node:net";
import { isLoopback, plainAddress } from "./client-address.ts";

export interface OriginRules {
  /** Full origins; `*` allows any. */
  readonly allowed: readonly string[];
  /** An origin equal to the Host header counts as our own. */
  readonly believeHost: boolean;
}

export interface OriginClaim {
  /** The Origin header; absent for programs that are no browser. */
  readonly origin: string | undefined;
  readonly host: string | undefined;
  /** Directly from this machine. */
  readonly local: boolean;
  /** Whether the client says that it is a page. */
  readonly browser: boolean;
}

export type OriginVerdict = "ok" | "origin not allowed" | "origin missing or invalid";

const BROWSER_CLIENTS = new Set(["openclaw-control-ui", "webchat-ui"]);

/** Clients that run in a browser and so must name their page. */
export function isBrowserClient(client: { readonly id: string; readonly mode: string }): boolean {
  return BROWSER_CLIENTS.has(client.id) || client.mode === "webchat";
}

export function judgeOrigin(claim: OriginClaim, rules: OriginRules): OriginVerdict {
  const origin = normalOrigin(claim.origin);
  if (origin === undefined) {
    if (claim.browser) return "origin missing or invalid";
    return claim.origin === undefined ? "ok" : "origin not allowed";
  }
  if (rules.allowed.includes("*") || rules.allowed.some((entry) => normalOrigin(entry) === origin)) return "ok";
  const { hostname, host } = new URL(origin);
  if (claim.local && isLoopbackName(hostname)) return "ok";
  if (host === normalHost(claim.host, origin) && (rules.believeHost || isPrivateName(hostname))) return "ok";
  return "origin not allowed";
}

/**
 * Whether an upgrade may go on: a page that reaches a loopback listener under a foreign name has
 * had its name rebound to us.
 */
export function hostAllowed(
  request: { readonly host: string | undefined; readonly origin: string | undefined },
  rules: OriginRules,
): boolean {
  if (request.origin === undefined) return true;
  const name = hostName(request.host);
  if (isLoopbackName(name) || isIP(bare(name)) !== 0) return true;
  if (isPrivateName(name) || rules.believeHost) return true;
  return rules.allowed.some((entry) => entry === "*" || hostName(normalHostOf(entry)) === name);
}

/** `scheme://host[:port]`, lower case; undefined for `null`, absent and anything that is no web origin. */
export function normalOrigin(origin: string | undefined): string | undefined {
  if (origin === undefined || origin === "null" || origin.length > 512) return undefined;
  const url = URL.parse(origin);
  return url !== null && (url.protocol === "http:" || url.protocol === "https:") ? url.origin : undefined;
}

function isLoopbackName(name: string): boolean {
  const address = plainAddress(bare(name));
  return name === "localhost" || name.endsWith(".localhost") || isLoopback(address);
}

/** Names and addresses that no public site can have. */
export function isPrivateName(name: string): boolean {
  if (isLoopbackName(name) || name.endsWith(".local") || name.endsWith(".ts.net")) return true;
  const address = plainAddress(bare(name));
  if (isIP(address) === 4) {
    const [a = 0, b = 0] = address.split(".").map(Number);
    return (
      a === 10 ||
      (a === 172 && b >= 16 && b < 32) ||
      (a === 192 && b === 168) ||
      (a === 169 && b === 254) ||
      (a === 100 && b >= 64 && b < 128)
    );
  }
  return isIP(address) === 6 && /^(?:f[cd]|fe[89ab])/.test(address);
}

function bare(name: string): string {
  return name.replace(/^\[|\]$/g, "");
}

/** The Host header in the form that `URL.host` has for the scheme of `origin`: without the default port. */
function normalHost(host: string | undefined, origin: string): string | undefined {
  if (host === undefined) return undefined;
  return URL.parse(`${new URL(origin).protocol}//${host}`)?.host;
}

function normalHostOf(origin: string): string | undefined {
  return URL.parse(origin)?.host;
}

function hostName(host: string | undefined): string {
  return host === undefined ? "" : (URL.parse(`http://${host}`)?.hostname ?? "");
}
