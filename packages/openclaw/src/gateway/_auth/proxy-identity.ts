/** The user whom a trusted proxy names, and what that user may do. Used by the WebSocket and by HTTP. */
import type { IncomingMessage } from "node:http";
import type { ProxyAuth } from "./auth-settings.ts";
import { isLoopback, plainAddress, type ClientAddress } from "./client-address.ts";
import { allows } from "./scopes.ts";
import type { Settings } from "../_listen/settings.ts";

export type ProxyVerdict =
  | { readonly ok: true; readonly user: string }
  /** `reason` is a code for the log and for whoever set the proxy up. */
  | { readonly ok: false; readonly reason: string };

type Headers = Pick<IncomingMessage, "headersDistinct">;

/** Judges a request in mode `trusted-proxy`; the first thing that is missing is the answer. */
export function proxyIdentity(
  request: Headers & { readonly socket: { readonly remoteAddress?: string | undefined } },
  client: ClientAddress,
  settings: Settings,
): ProxyVerdict {
  const { proxy } = settings.auth;
  if (proxy === undefined) return no("trusted_proxy_config_missing");
  const peer = plainAddress(request.socket.remoteAddress ?? "");
  if (!settings.proxies.trusts(peer)) return no("trusted_proxy_untrusted_source");
  if (isLoopback(peer) && !proxy.allowLoopback) return no("trusted_proxy_loopback_source");
  if (!isLoopback(peer) && settings.ownAddresses.includes(peer)) return no("trusted_proxy_local_interface_source");
  if (client.forwarding !== "trusted") return no("proxy_attribution_required");
  return named(request, proxy);
}

function named(request: Headers, proxy: ProxyAuth): ProxyVerdict {
  const missing = proxy.requiredHeaders.find((name) => !headerOf(request, name));
  if (missing !== undefined) return no(`trusted_proxy_missing_header_${missing}`);
  const user = headerOf(request, proxy.userHeader);
  if (!user) return no("trusted_proxy_user_missing");
  if (proxy.allowUsers !== undefined && !proxy.allowUsers.includes(user)) return no("trusted_proxy_user_not_allowed");
  return { ok: true, user };
}

/** The one value of a header; a header that came twice says nothing. */
export function headerOf({ headersDistinct }: Headers, name: string): string | undefined {
  const values = headersDistinct[name];
  const value = values?.length === 1 ? values[0]?.trim() : undefined;
  return value === "" ? undefined : value;
}

/** What the proxy lets this request do at most: `x-openclaw-scopes`. Undefined: no limit. An empty header allows nothing. */
export function scopeCap({ headersDistinct }: Headers): readonly string[] | undefined {
  const values = headersDistinct["x-openclaw-scopes"];
  return values
    ?.join(",")
    .split(",")
    .map((scope) => scope.trim())
    .filter((scope) => scope !== "");
}

/** What is configured for a user; undefined when nothing is. */
export function identityScopes(user: string, { auth }: Settings): readonly string[] | undefined {
  return Object.hasOwn(auth.identityScopes, user) ? auth.identityScopes[user] : undefined;
}

/** What a user may do by HTTP: what is configured for them or else `usual`, as far as the proxy allows it. */
export function userScopes(
  request: Headers,
  user: string,
  settings: Settings,
  usual: readonly string[],
): readonly string[] {
  return capped(identityScopes(user, settings) ?? usual, scopeCap(request));
}

/** What both lists allow. */
export function capped(scopes: readonly string[], cap: readonly string[] | undefined): readonly string[] {
  if (cap === undefined) return scopes;
  const within = scopes.filter((scope) => allows(cap, scope));
  const narrower = cap.filter((scope) => allows(scopes, scope));
  return [...new Set([...within, ...narrower])];
}

function no(reason: string): ProxyVerdict {
  return { ok: false, reason };
}
