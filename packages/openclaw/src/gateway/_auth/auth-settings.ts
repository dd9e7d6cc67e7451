/** How clients prove themselves, resolved from flags, environment and configuration. Fails closed. */
import type { Env } from "../../base/env.ts";
import type { GatewayConfig } from "../config.ts";
import { errors } from "../errors.ts";

export type AuthMode = "token" | "password" | "none" | "trusted-proxy";

export interface AuthSettings {
  readonly mode: AuthMode;
  /** The shared secret; in mode `trusted-proxy` the password of programs on this machine, if there is one. */
  readonly secret?: string;
  /** Nothing was configured: the caller must make a token. */
  readonly generate: boolean;
  /** In mode `trusted-proxy`. */
  readonly proxy?: ProxyAuth;
  /** Scopes by user whom a proxy or Tailscale names. */
  readonly identityScopes: Readonly<Record<string, readonly string[]>>;
  /** The identity that Tailscale Serve vouches for lets in. */
  readonly tailscale: boolean;
}

/** What a request must show to count as that of a user. Header names in lower case. */
export interface ProxyAuth {
  readonly userHeader: string;
  readonly requiredHeaders: readonly string[];
  /** Absent: everybody whom the proxy lets through. */
  readonly allowUsers?: readonly string[];
  readonly allowLoopback: boolean;
}

/** What flags say in place of the configuration. */
export interface AuthFlags {
  readonly auth?: AuthMode;
  readonly token?: string;
  readonly password?: string;
}

export function resolveAuth(config: GatewayConfig, flags: AuthFlags, env: Env, serve: boolean): AuthSettings {
  const token = secretOf(flags.token, env["OPENCLAW_GATEWAY_TOKEN"], config.auth.token);
  const password = secretOf(flags.password, env["OPENCLAW_GATEWAY_PASSWORD"], config.auth.password);
  const mode = flags.auth ?? config.auth.mode ?? impliedMode(flags, token, password);
  const shared = {
    mode,
    identityScopes: config.auth.identityScopes ?? {},
    tailscale: (config.auth.allowTailscale ?? (serve && mode !== "password")) && mode !== "none",
  };
  if (mode === "none") return { ...shared, generate: false };
  if (mode === "trusted-proxy") return { ...shared, ...proxyAuth(config, token, password) };
  const secret = mode === "token" ? token : password;
  if (secret.value !== undefined) return { ...shared, secret: secret.value, generate: false };
  if (secret.configured || mode === "password")
    throw errors.GATEWAY_SECRET_MISSING({ mode, key: `gateway.auth.${mode}` });
  return { ...shared, generate: true };
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

function impliedMode(flags: AuthFlags, token: Secret, password: Secret): AuthMode {
  if (flags.token !== undefined) return "token";
  if (flags.password !== undefined) return "password";
  if (token.configured && password.configured) throw errors.GATEWAY_AUTH_AMBIGUOUS();
  return password.configured ? "password" : "token";
}

function proxyAuth(
  config: GatewayConfig,
  token: Secret,
  password: Secret,
): Omit<AuthSettings, "mode" | "identityScopes" | "tailscale"> {
  const refuse = (reason: string) => errors.GATEWAY_PROXY_AUTH({ reason });
  if (token.configured) throw refuse("a shared token is configured beside it");
  if (config.trustedProxies.length === 0) throw refuse("gateway.trustedProxies is empty");
  const rules = config.auth.trustedProxy;
  const userHeader = rules?.userHeader?.trim();
  if (rules === undefined || !userHeader) throw refuse("gateway.auth.trustedProxy.userHeader is not set");
  const proxy: ProxyAuth = {
    userHeader: userHeader.toLowerCase(),
    requiredHeaders: rules.requiredHeaders.map((name) => name.trim().toLowerCase()),
    allowLoopback: rules.allowLoopback,
    ...(rules.allowUsers === undefined ? {} : { allowUsers: rules.allowUsers }),
  };
  return { generate: false, proxy, ...(password.value === undefined ? {} : { secret: password.value }) };
}
