/** Who an HTTP request comes from, and whether it brought the shared secret. */
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { secretsEqual } from "../../base/compare.ts";
import { bucketOf, clientAddress, isLoopback, type ClientAddress } from "../_auth/client-address.ts";
import type { AuthLimiter } from "../_auth/limiter.ts";
import { isPrivateName, judgeOrigin } from "../_auth/origin.ts";
import { proxyIdentity, type ProxyVerdict } from "../_auth/proxy-identity.ts";
import type { Settings } from "../_listen/settings.ts";

export interface Visitor extends ClientAddress {
  readonly authorized: boolean;
  /** A wrong secret was counted: how long its answer is to be held back. */
  readonly delayMs: number;
  /** Seconds that a locked-out client must wait; 0 = not locked out. */
  readonly lockedSeconds: number;
  /** Mode `none`: the request used a name that is not ours, as a page does whose name was rebound to us. */
  readonly foreignHost: boolean;
  /** Mode `trusted-proxy`: whom the proxy names. */
  readonly user?: string;
  /** Mode `trusted-proxy`: why the proxy's word does not do, as a code for the log. */
  readonly refusal?: string;
}

const NOTHING = { authorized: false, delayMs: 0, lockedSeconds: 0, foreignHost: false };

/** Where a request comes from, whatever secret it may bring. */
export function strangerOf(request: IncomingMessage, settings: Settings): Visitor {
  return { ...clientAddress(request.socket.remoteAddress ?? "", request.headers, settings.proxies), ...NOTHING };
}

export function visitorOf(request: IncomingMessage, settings: Settings, limiter: AuthLimiter): Visitor {
  const peer = strangerOf(request, settings);
  if (settings.auth.mode === "none") return { ...peer, ...ownPage(request, peer, settings) };
  const onHost = peer.local && isLoopback(peer.address);
  if (settings.auth.mode === "trusted-proxy") {
    const verdict = proxiedUser(request, peer, settings);
    if (verdict.ok) return { ...peer, authorized: true, user: verdict.user };
    if (!onHost || settings.auth.secret === undefined) return { ...peer, refusal: verdict.reason };
  }
  const given = bearer(request.headers.authorization);
  if (given === undefined) return peer;
  const exempt = onHost && settings.limits.exemptLoopback;
  const attempt = { from: bucketOf(peer.address), kind: "shared", exempt } as const;
  const locked = limiter.lockedFor(attempt);
  if (locked > 0) return { ...peer, lockedSeconds: Math.ceil(locked / 1000) };
  if (!secretsEqual(given, settings.auth.secret)) return { ...peer, delayMs: limiter.failed(attempt) };
  limiter.succeeded(attempt);
  return { ...peer, authorized: true };
}

function bearer(header: string | undefined): string | undefined {
  return /^\s*bearer\s+(\S+)\s*$/i.exec(header ?? "")?.[1];
}

/** The user whom the proxy names, if the page that asks is one of ours. */
function proxiedUser(request: IncomingMessage, peer: ClientAddress, settings: Settings): ProxyVerdict {
  const verdict = proxyIdentity(request, peer, settings);
  const { origin, host } = request.headers;
  const page = judgeOrigin({ origin, host, local: false, browser: false }, settings.origins);
  return verdict.ok && page !== "ok" ? { ok: false, reason: "trusted_proxy_origin_not_allowed" } : verdict;
}

/** Without a secret, only the origin and the name that the request used tell a foreign page from the owner. */
function ownPage(request: IncomingMessage, peer: ClientAddress, settings: Settings) {
  const { origin, host } = request.headers;
  const name = URL.parse(`http://${host ?? ""}`)?.hostname ?? "";
  const listed = settings.origins.allowed.some((entry) => URL.parse(entry)?.hostname === name);
  const named = listed || isPrivateName(name) || isIP(name.replace(/^\[|\]$/g, "")) !== 0;
  const own = judgeOrigin({ origin, host, local: peer.local, browser: false }, settings.origins) === "ok";
  return { authorized: named && own, foreignHost: own && !named };
}
