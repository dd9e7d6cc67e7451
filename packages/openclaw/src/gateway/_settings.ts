/** What the listener needs to know, resolved once at start from configuration, environment and flags. Fails closed. */
import { isIP } from "node:net";
import type { Env } from "../base/env.ts";
import { addressMatcher, isLoopback, type ProxyRules } from "./_client-address.ts";
import type { GatewayConfig } from "./config.ts";
import { errors } from "./errors.ts";
import type { LimitRules } from "./_limiter.ts";
import type { OriginRules } from "./_origin.ts";

export type AuthMode = "token" | "password" | "none" | "trusted-proxy";

/** What the command line may say in place of the configuration. */
export interface GatewayOptions {
  readonly port?: number;
  readonly bind?: GatewayConfig["bind"];
  readonly auth?: AuthMode;
  readonly token?: string;
  readonly password?: string;
}

export interface AuthSettings {
  readonly mode: AuthMode;
  /** The shared secret of modes token and password. */
  readonly secret?: string;
  /** Nothing was configured: the caller must make a token. */
  readonly generate: boolean;
}

export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly auth: AuthSettings;
  readonly limits: LimitRules;
  readonly origins: OriginRules;
  readonly proxies: ProxyRules;
  readonly strictProxies: boolean;
  readonly handshakeMs: number;
  /** The Control UI may connect without a device. */
  readonly uiWithoutDevice: boolean;
  readonly autoApproveLocal: boolean;
  readonly ui: { readonly enabled: boolean; readonly basePath: string; readonly root?: string };
  readonly hsts?: string;
  readonly embeds: { readonly sandbox: string; readonly external: boolean };
  /** Weakening keys that are set, for a warning at start. */
  readonly weak: readonly string[];
}

export function resolveSettings(
  config: GatewayConfig,
  options: GatewayOptions,
  env: Env,
  ownTailnet: readonly string[] = [],
): Settings {
  const host = bindHost(config, options.bind ?? config.bind);
  const port = options.port ?? wholeNumber(env["OPENCLAW_GATEWAY_PORT"]) ?? config.port;
  const auth = resolveAuth(config, options, env);
  checkReach(config, { host, port }, auth);
  return {
    host,
    port,
    auth,
    limits: config.auth.rateLimit,
    origins: {
      allowed: config.controlUi.allowedOrigins,
      believeHost: config.controlUi.dangerouslyAllowHostHeaderOriginFallback,
    },
    proxies: { trusts: addressMatcher(config.trustedProxies), realIpFallback: config.allowRealIpFallback, ownTailnet },
    strictProxies: config.strictProxyAttribution,
    handshakeMs: wholeNumber(env["OPENCLAW_HANDSHAKE_TIMEOUT_MS"]) ?? config.handshakeTimeoutMs,
    uiWithoutDevice: config.controlUi.allowInsecureAuth || config.controlUi.dangerouslyDisableDeviceAuth,
    autoApproveLocal: config.nodes.pairing.autoApproveLocal,
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

function resolveAuth(config: GatewayConfig, options: GatewayOptions, env: Env): AuthSettings {
  const token = secretOf(options.token, env["OPENCLAW_GATEWAY_TOKEN"], config.auth.token);
  const password = secretOf(options.password, env["OPENCLAW_GATEWAY_PASSWORD"], config.auth.password);
  const mode = options.auth ?? config.auth.mode ?? impliedMode(options, token, password);
  if (mode === "none") return { mode, generate: false };
  if (mode === "trusted-proxy") return checkedProxyAuth(config, token);
  const secret = mode === "token" ? token : password;
  if (secret.value !== undefined) return { mode, secret: secret.value, generate: false };
  if (secret.configured || mode === "password")
    throw errors.GATEWAY_SECRET_MISSING({ mode, key: `gateway.auth.${mode}` });
  return { mode, generate: true };
}

interface Secret {
  /** A key says something, even if nothing usable came of it. */
  readonly configured: boolean;
  readonly value?: string;
}

/** The first source that says something decides; a reference that was not resolved is no value. */
function secretOf(...sources: readonly unknown[]): Secret {
  const said = sources.find((source) => source !== undefined && source !== "");
  if (said === undefined) return { configured: sources.at(-1) === "" };
  return typeof said === "string" && said.trim() !== "" ? { configured: true, value: said } : { configured: true };
}

function impliedMode(options: GatewayOptions, token: Secret, password: Secret): AuthMode {
  if (options.token !== undefined) return "token";
  if (options.password !== undefined) return "password";
  if (token.configured && password.configured) throw errors.GATEWAY_AUTH_AMBIGUOUS();
  return password.configured ? "password" : "token";
}

function checkedProxyAuth(config: GatewayConfig, token: Secret): AuthSettings {
  const refuse = (reason: string) => errors.GATEWAY_PROXY_AUTH({ reason });
  if (token.configured) throw refuse("a shared token is configured beside it");
  if (config.trustedProxies.length === 0) throw refuse("gateway.trustedProxies is empty");
  if (config.auth.trustedProxy?.userHeader === undefined)
    throw refuse("gateway.auth.trustedProxy.userHeader is not set");
  throw refuse("this version does not take identities from a proxy yet");
}

/** What may be reached from elsewhere needs a secret. */
function checkReach(config: GatewayConfig, at: { host: string; port: number }, auth: AuthSettings): void {
  const open = !isLoopback(at.host);
  if (open && (auth.mode === "none" || auth.generate)) throw errors.GATEWAY_WITHOUT_AUTH(at);
  if (config.tls.enabled) throw errors.GATEWAY_TLS_UNSUPPORTED();
  if (config.tailscale.mode === "off") return;
  if (open) throw errors.GATEWAY_TAILSCALE({ reason: `mode ${config.tailscale.mode} needs a loopback bind` });
  if (config.tailscale.mode === "funnel" && auth.mode !== "password") {
    throw errors.GATEWAY_TAILSCALE({ reason: "funnel is open to the internet and needs gateway.auth.mode=password" });
  }
}

function bindHost(config: GatewayConfig, bind: GatewayConfig["bind"]): string {
  if (bind === "lan") return "0.0.0.0";
  if (bind !== "custom") return "127.0.0.1";
  const host = config.customBindHost ?? "";
  if (isIP(host) !== 4)
    throw errors.GATEWAY_BIND_FAILED({ host, port: config.port, reason: "gateway.customBindHost is no IPv4 address" });
  return host;
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
    "gateway.auth.mode=none": config.auth.mode === "none",
  };
  return Object.keys(flags).filter((key) => flags[key]);
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
