/** What the listener needs to know, resolved once at start from configuration, environment and flags. Fails closed. */
import { ownCertificate } from "../../base/certificate.ts";
import type { Env } from "../../base/env.ts";
import { resolveAuth, type AuthMode, type AuthSettings } from "../_auth/auth-settings.ts";
import { BINDS, bindHosts, type Bind, type OwnAddresses } from "./bind.ts";
import { addressMatcher, isLoopback, type ProxyRules } from "../_auth/client-address.ts";
import type { GatewayConfig } from "../config.ts";
import { errors } from "../errors.ts";
import type { LimitRules } from "../_auth/limiter.ts";
import type { OriginRules } from "../_auth/origin.ts";

/** What the command line may say in place of the configuration. */
export interface GatewayOptions {
  readonly port?: number;
  readonly bind?: Bind;
  readonly auth?: AuthMode;
  readonly token?: string;
  readonly password?: string;
  readonly tailscale?: "off" | "serve" | "funnel";
  readonly tailscaleResetOnExit?: boolean;
}

/** Certificate of the listener, by absolute path. */
export interface TlsSettings {
  readonly certPath: string;
  readonly keyPath: string;
  readonly caPath?: string;
  /** Make what is not there. */
  readonly autoGenerate: boolean;
}

export interface TailscaleSettings {
  readonly mode: "serve" | "funnel";
  readonly resetOnExit: boolean;
}

export interface Settings {
  readonly bind: Bind;
  /** The first that can be opened. */
  readonly hosts: readonly [string, ...string[]];
  readonly port: number;
  readonly tls?: TlsSettings;
  readonly tailscale?: TailscaleSettings;
  readonly auth: AuthSettings;
  /** Addresses of this machine: no proxy that is told from its users sits on one. */
  readonly ownAddresses: readonly string[];
  readonly limits: LimitRules;
  readonly origins: OriginRules;
  readonly proxies: ProxyRules;
  readonly strictProxies: boolean;
  readonly handshakeMs: number;
  /** The Control UI may connect without a device. */
  readonly uiWithoutDevice: boolean;
  /** The Control UI needs no pairing either. */
  readonly uiWithoutPairing: boolean;
  readonly autoApproveLocal: boolean;
  /** Networks whose nodes are paired when first seen. */
  readonly approvesFrom: (address: string) => boolean;
  readonly ui: { readonly enabled: boolean; readonly basePath: string; readonly root?: string };
  readonly hsts?: string;
  readonly embeds: { readonly sandbox: string; readonly external: boolean };
  /** Weakening keys that are set, for a warning at start. */
  readonly weak: readonly string[];
}

export interface Surroundings {
  readonly env: Env;
  readonly paths: { readonly state: string; readonly home: string };
  readonly own: OwnAddresses;
}

export function resolveSettings(config: GatewayConfig, options: GatewayOptions, around: Surroundings): Settings {
  const { env, own } = around;
  const port = options.port ?? wholeNumber(env["OPENCLAW_GATEWAY_PORT"]) ?? config.port;
  const bind = options.bind ?? config.bind ?? bindOf(env["OPENCLAW_GATEWAY_BIND"]);
  const [host, ...others] = bindHosts(bind, { custom: config.customBindHost, port }, own);
  const tailscale = tailscaleOf(config, options);
  const auth = resolveAuth(config, options, env, tailscale?.mode === "serve");
  checkReach({ host, port }, auth, tailscale);
  const hosts = [host, ...others.filter((other) => isLoopback(other) || (isProtected(auth) && !tailscale))] as const;
  return {
    bind,
    hosts: [...hosts],
    port,
    auth,
    ownAddresses: own.all,
    ...tlsOf(config, around.paths),
    ...(tailscale === undefined ? {} : { tailscale }),
    limits: config.auth.rateLimit,
    origins: {
      allowed: config.controlUi.allowedOrigins,
      believeHost: config.controlUi.dangerouslyAllowHostHeaderOriginFallback,
    },
    proxies: {
      trusts: addressMatcher(config.trustedProxies),
      realIpFallback: config.allowRealIpFallback,
      self: [...own.tailnet, ...(bind === "custom" ? [host] : [])],
    },
    strictProxies: config.strictProxyAttribution,
    handshakeMs: wholeNumber(env["OPENCLAW_HANDSHAKE_TIMEOUT_MS"]) ?? config.handshakeTimeoutMs,
    uiWithoutDevice: config.controlUi.allowInsecureAuth || config.controlUi.dangerouslyDisableDeviceAuth,
    uiWithoutPairing: config.controlUi.dangerouslyDisableDeviceAuth,
    autoApproveLocal: config.nodes.pairing.autoApproveLocal,
    approvesFrom: addressMatcher(config.nodes.pairing.autoApproveCidrs ?? []),
    ui: {
      enabled: config.controlUi.enabled,
      basePath: normalBasePath(config.controlUi.basePath),
      ...(config.controlUi.root === undefined ? {} : { root: config.controlUi.root }),
    },
    ...hsts(config),
    embeds: { sandbox: config.controlUi.embedSandbox, external: config.controlUi.allowExternalEmbedUrls },
    weak: weakKeys(config),
  };
}

/** Leading slash, no trailing slash; the root is the empty string. */
function normalBasePath(path: string): string {
  const parts = path.split("/").filter((part) => part !== "" && part !== "." && part !== "..");
  return parts.map((part) => `/${part}`).join("");
}

/** What may be reached from elsewhere needs a secret. */
function checkReach(
  at: { host: string; port: number },
  auth: AuthSettings,
  tailscale: TailscaleSettings | undefined,
): void {
  const open = !isLoopback(at.host);
  if (open && !isProtected(auth)) throw errors.GATEWAY_WITHOUT_AUTH(at);
  if (tailscale === undefined) return;
  if (open) throw errors.GATEWAY_TAILSCALE({ reason: `mode ${tailscale.mode} needs a loopback bind` });
  if (tailscale.mode === "funnel" && auth.mode !== "password") {
    throw errors.GATEWAY_TAILSCALE({ reason: "funnel is open to the internet and needs gateway.auth.mode=password" });
  }
}

/** Whether it may be open to others than programs on this machine. */
function isProtected(auth: AuthSettings): boolean {
  return auth.mode !== "none" && !auth.generate;
}

function bindOf(text: string | undefined): Bind {
  return BINDS.find((bind) => bind === text) ?? "loopback";
}

function tailscaleOf(config: GatewayConfig, options: GatewayOptions): TailscaleSettings | undefined {
  const mode = options.tailscale ?? config.tailscale.mode;
  const resetOnExit = options.tailscaleResetOnExit ?? config.tailscale.resetOnExit;
  return mode === "off" ? undefined : { mode, resetOnExit };
}

/** A certificate of one's own, or one that is made under `<state>/tls`. */
function tlsOf({ tls }: GatewayConfig, paths: Surroundings["paths"]): { tls?: TlsSettings } {
  if (!tls.enabled) return {};
  const { certPath, keyPath, caPath, autoGenerate } = tls;
  if ((certPath === undefined) !== (keyPath === undefined))
    throw errors.GATEWAY_TLS({ reason: "gateway.tls.certPath and gateway.tls.keyPath go together" });
  if (certPath === undefined && !autoGenerate)
    throw errors.GATEWAY_TLS({ reason: "no certificate is configured and gateway.tls.autoGenerate is off" });
  const own = ownCertificate(paths.state);
  const place = (path: string) => path.replace(/^~(?=\/|$)/, paths.home);
  return {
    tls: {
      certPath: certPath === undefined ? own.cert : place(certPath),
      keyPath: keyPath === undefined ? own.key : place(keyPath),
      autoGenerate,
      ...(caPath === undefined ? {} : { caPath: place(caPath) }),
    },
  };
}

function hsts(config: GatewayConfig): { hsts?: string } {
  const value = config.http.securityHeaders.strictTransportSecurity;
  return typeof value === "string" && /^[\t\x20-\x7e]+$/.test(value) ? { hsts: value } : {};
}

function weakKeys(config: GatewayConfig): string[] {
  const flags: Record<string, boolean> = {
    "gateway.controlUi.allowInsecureAuth": config.controlUi.allowInsecureAuth,
    "gateway.controlUi.dangerouslyDisableDeviceAuth": config.controlUi.dangerouslyDisableDeviceAuth,
    "gateway.controlUi.dangerouslyAllowHostHeaderOriginFallback":
      config.controlUi.dangerouslyAllowHostHeaderOriginFallback,
    "gateway.controlUi.allowedOrigins[*]": config.controlUi.allowedOrigins.includes("*"),
    "gateway.allowRealIpFallback": config.allowRealIpFallback,
    "gateway.auth.trustedProxy.allowLoopback": config.auth.trustedProxy?.allowLoopback ?? false,
    "gateway.auth.mode=none": config.auth.mode === "none",
  };
  return Object.keys(flags).filter((key) => flags[key]);
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
