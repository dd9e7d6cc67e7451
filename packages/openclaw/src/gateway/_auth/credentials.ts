/** Whether the credentials of a `connect` are good. Says how, or why not; never repeats a secret. */
import { secretsEqual } from "../../base/compare.ts";
import type { DeviceRow } from "../../store/index.ts";
import type { Attempt, AuthLimiter, CredentialClass } from "./limiter.ts";
import type { AuthSettings } from "./auth-settings.ts";
import type { ProxyVerdict } from "./proxy-identity.ts";
import type { TailscaleClaim } from "./tailscale-identity.ts";

export interface Credentials {
  readonly token?: string;
  readonly password?: string;
  readonly deviceToken?: string;
  readonly bootstrapToken?: string;
}

export interface Claimant {
  /** Proven by signature; absent for clients without a device. */
  readonly deviceId?: string;
  readonly role: string;
  /** What failures are counted under. */
  readonly from: string;
  /** A program on this machine, without a page's origin. */
  readonly exempt: boolean;
  /** On this machine, with no proxy in between. */
  readonly onHost: boolean;
  readonly proxy?: ProxyVerdict;
  readonly tailscale?: TailscaleClaim;
}

export interface AuthParts {
  readonly auth: AuthSettings;
  readonly limiter: AuthLimiter;
  readonly byToken: (deviceId: string, role: string, token: string) => Promise<DeviceRow | undefined>;
  /** Whether a setup code with this token may still be used. */
  readonly bySetup: (token: string) => boolean;
  /** Whether Tailscale confirms what Serve said. */
  readonly whois: (claim: TailscaleClaim) => Promise<boolean>;
}

export interface AuthFailure {
  readonly reason:
    | "token_missing"
    | "token_mismatch"
    | "password_missing"
    | "password_mismatch"
    | "device_token_mismatch"
    | "scope_mismatch"
    | "bootstrap_token_invalid"
    | "proxy_identity"
    | "rate_limited";
  /** Why the proxy's word does not do, as a code. */
  readonly proxyReason?: string;
  readonly canRetryWithDeviceToken?: boolean;
  readonly retryAfterMs?: number;
  /** How long the answer is to be held back. */
  readonly delayMs?: number;
}

export type AuthMethod =
  | "token"
  | "password"
  | "none"
  | "device-token"
  | "bootstrap-token"
  | "trusted-proxy"
  | "tailscale";

export type AuthResult =
  | { readonly ok: true; readonly method: AuthMethod; readonly row?: DeviceRow; readonly user?: string }
  | { readonly ok: false; readonly failure: AuthFailure | "device-required" };

/**
 * First match wins: the user whom the proxy names, the shared secret, a token of the proven device, a setup
 * code, the user whom Tailscale names.
 */
export async function authenticate(sent: Credentials, who: Claimant, parts: AuthParts): Promise<AuthResult> {
  if (parts.auth.mode === "none") return { ok: true, method: "none" };
  if (who.proxy?.ok) return { ok: true, method: "trusted-proxy", user: who.proxy.user };
  const given = nonEmpty(sent);
  const counter = (kind: CredentialClass): Attempt => ({ from: who.from, kind, exempt: who.exempt });
  const presentsShared = given.token !== undefined || given.password !== undefined;
  const locked = presentsShared ? parts.limiter.lockedFor(counter("shared")) : 0;

  if (locked === 0 && matchesShared(given, who, parts.auth)) {
    parts.limiter.succeeded(counter("shared"));
    return { ok: true, method: parts.auth.mode === "token" ? "token" : "password" };
  }
  const device = await matchDevice(given, who, locked > 0, parts, counter("device"));
  if (device.row !== undefined) {
    parts.limiter.succeeded(counter("device"));
    const otherTokenToo = given.token !== undefined && !secretsEqual(given.token, device.token);
    if (otherTokenToo && locked === 0) parts.limiter.failed(counter("shared"));
    return { ok: true, method: "device-token", row: device.row };
  }
  const setup = matchSetup(given, who, parts, counter("bootstrap"));
  if (setup === "ok") return { ok: true, method: "bootstrap-token" };
  if (who.tailscale !== undefined && (await parts.whois(who.tailscale))) {
    if (presentsShared && locked === 0) parts.limiter.failed(counter("shared"));
    return { ok: true, method: "tailscale", user: who.tailscale.login };
  }
  const wait = Math.max(locked, device.lockedFor, setup);
  if (wait > 0) return { ok: false, failure: { reason: "rate_limited", retryAfterMs: wait } };
  const delayMs = countFailures(given, parts.limiter, counter);
  return { ok: false, failure: explain(given, who, parts.auth, delayMs) };
}

/** How long setup codes are locked out for this client, unless it has a good one. */
function matchSetup(given: Credentials, who: Claimant, parts: AuthParts, attempt: Attempt): number | "ok" {
  if (given.bootstrapToken === undefined || who.deviceId === undefined) return 0;
  const lockedFor = parts.limiter.lockedFor(attempt);
  if (lockedFor > 0 || who.role !== "node" || !parts.bySetup(given.bootstrapToken)) return lockedFor;
  parts.limiter.succeeded(attempt);
  return "ok";
}

function matchesShared(given: Credentials, who: Claimant, auth: AuthSettings): boolean {
  // Behind a proxy the password is for programs beside the gateway only.
  if (auth.mode === "trusted-proxy" && !who.onHost) return false;
  if (auth.mode === "token") return secretsEqual(given.token, auth.secret);
  // Clients that know one field only send the password as their token.
  const asPassword = secretsEqual(given.password, auth.secret);
  return secretsEqual(given.token, auth.secret) || asPassword;
}

async function matchDevice(
  given: Credentials,
  who: Claimant,
  sharedLocked: boolean,
  parts: AuthParts,
  attempt: Attempt,
): Promise<{ row?: DeviceRow; token?: string; lockedFor: number }> {
  if (who.deviceId === undefined) return { lockedFor: 0 };
  const lockedFor = given.deviceToken === undefined ? 0 : parts.limiter.lockedFor(attempt);
  const candidates = [sharedLocked ? undefined : given.token, lockedFor > 0 ? undefined : given.deviceToken];
  for (const token of candidates) {
    const row = token === undefined ? undefined : await parts.byToken(who.deviceId, who.role, token);
    if (row !== undefined && token !== undefined) return { row, token, lockedFor: 0 };
  }
  return { lockedFor };
}

function countFailures(given: Credentials, limiter: AuthLimiter, counter: (kind: CredentialClass) => Attempt): number {
  const presented: CredentialClass[] = [];
  if (given.token !== undefined || given.password !== undefined) presented.push("shared");
  if (given.deviceToken !== undefined) presented.push("device");
  if (given.bootstrapToken !== undefined) presented.push("bootstrap");
  return Math.max(0, ...presented.map((kind) => limiter.failed(counter(kind))));
}

function explain(
  given: Credentials,
  who: Claimant,
  auth: AuthSettings,
  delayMs: number,
): AuthFailure | "device-required" {
  const kind = auth.mode === "token" ? "token" : "password";
  const withDevice = who.deviceId !== undefined;
  if (given.deviceToken !== undefined)
    return withDevice ? { reason: "device_token_mismatch", delayMs } : "device-required";
  if (given.bootstrapToken !== undefined && given.token === undefined)
    return withDevice ? { reason: "bootstrap_token_invalid", delayMs } : "device-required";
  if (who.proxy?.ok === false && !(who.onHost && auth.secret !== undefined))
    return { reason: "proxy_identity", proxyReason: who.proxy.reason, delayMs };
  if (given.token !== undefined || given.password !== undefined) {
    return {
      reason: `${kind}_mismatch`,
      canRetryWithDeviceToken: kind === "token" && withDevice && given.token !== undefined,
      delayMs,
    };
  }
  return withDevice ? { reason: `${kind}_missing` } : "device-required";
}

function nonEmpty(sent: Credentials): Credentials {
  return Object.fromEntries(
    Object.entries(sent).filter(([, value]) => value !== "" && value !== undefined),
  ) as Credentials;
}
