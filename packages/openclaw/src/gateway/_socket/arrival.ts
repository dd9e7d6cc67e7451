/** What the request that became a socket said of its sender, before anything was proven. */
import type { IncomingMessage } from "node:http";
import type { ClientAddress } from "../_auth/client-address.ts";
import { proxyIdentity, scopeCap, type ProxyVerdict } from "../_auth/proxy-identity.ts";
import type { Settings } from "../_listen/settings.ts";
import { tailscaleClaim, type TailscaleClaim } from "../_auth/tailscale-identity.ts";
import { compact } from "../../base/text.ts";

export interface Arrival {
  readonly peer: ClientAddress;
  readonly origin?: string;
  readonly host?: string;
  /** In mode `trusted-proxy`. */
  readonly proxy?: ProxyVerdict;
  /** Where the identity of Tailscale may let in; not believed yet. */
  readonly tailscale?: TailscaleClaim;
  /** What a proxy allows at most. */
  readonly scopeCap?: readonly string[];
}

export function arrivalOf(request: IncomingMessage, peer: ClientAddress, settings: Settings): Arrival {
  const { origin, host } = request.headers;
  return compact({
    peer,
    origin,
    host,
    proxy: settings.auth.mode === "trusted-proxy" ? proxyIdentity(request, peer, settings) : undefined,
    tailscale: settings.auth.tailscale ? tailscaleClaim(request) : undefined,
    scopeCap: scopeCap(request),
  }) as unknown as Arrival;
}
