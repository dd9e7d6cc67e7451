/**
 * From the first frame to being logged in. The steps, in the order in which clients meet them:
 * 1 params · 2 protocol range · 3 role · 4 origin · 5 device proof · 6 credentials and rate limit ·
 * 7 startup · 8 build of the page · 9 pairing and scopes. The first failure is the answer; nothing before
 * step 6 is costly.
 */
import type { Clock } from "../../base/time.ts";
import { admitDevice, scopesOf } from "./admission.ts";
import type { Arrival } from "./arrival.ts";
import { authenticate, type AuthMethod, type AuthResult } from "../_auth/credentials.ts";
import { bucketOf, isLoopback } from "../_auth/client-address.ts";
import { readConnectParams, type ConnectParams } from "./connect-params.ts";
import { proveDevice } from "../_devices/device-proof.ts";
import { compact } from "../../base/text.ts";
import type { AuthLimiter } from "../_auth/limiter.ts";
import { isBrowserClient, judgeOrigin, normalOrigin } from "../_auth/origin.ts";
import type { PairingDesk } from "../_devices/pairing.ts";
import * as refusals from "./refusals.ts";
import type { Refusal } from "./refusals.ts";
import type { Settings } from "../_listen/settings.ts";
import type { SetupCode, SetupCodes } from "../_devices/setup-codes.ts";
import type { TailscaleUsers } from "../_auth/tailscale-identity.ts";
import { pageIsOutdated, type PageBuild } from "./page-build.ts";
import { invalid } from "./wire.ts";

export interface Gate {
  readonly settings: Settings;
  readonly limiter: AuthLimiter;
  readonly desk: PairingDesk;
  readonly setups: SetupCodes;
  readonly tailscale: TailscaleUsers;
  readonly clock: Clock;
  /** Build of the Control UI that this gateway serves. */
  readonly page: PageBuild;
  /** Whether start-up is through. */
  readonly ready: () => boolean;
}

/** The socket that a handshake happens on. */
export interface Knock {
  readonly nonce: string;
  readonly arrival: Arrival;
  readonly signal: AbortSignal;
}

export interface Login {
  readonly params: ConnectParams;
  readonly protocol: number;
  readonly role: "operator" | "node";
  readonly scopes: readonly string[];
  readonly method: AuthMethod;
  /** Whom a proxy or Tailscale names. */
  readonly user?: string;
  readonly deviceId?: string;
  readonly deviceToken?: string;
  readonly issuedAtMs?: number;
  /** The setup code that let it in. */
  readonly setup?: SetupCode;
  /** Tokens for further roles, after a setup code. */
  readonly deviceTokens?: readonly IssuedToken[];
}

export interface IssuedToken {
  readonly deviceToken: string;
  readonly role: string;
  readonly scopes: readonly string[];
  readonly issuedAtMs: number;
}

export type Outcome = { readonly ok: true; readonly login: Login } | { readonly ok: false; readonly refusal: Refusal };

export async function shakeHands(value: unknown, knock: Knock, gate: Gate): Promise<Outcome> {
  const read = readConnectParams(value);
  if (!read.ok) return no(paramsRefused(read));
  const { params } = read;
  const protocol = negotiate(params);
  if (protocol === undefined)
    return no(refusals.protocolMismatch({ min: params.minProtocol, max: params.maxProtocol }));
  const role = params.role ?? "operator";
  if (role !== "operator" && role !== "node") return no(refusals.refuse(invalid("invalid role")));
  const device = checkOrigin(params, knock, gate) ?? checkDevice(params, role, knock, gate);
  if ("error" in device) return no(device);

  const auth = await checkCredentials(params, role, device.publicKey, knock, gate);
  if (!auth.ok) return no(auth.refusal);
  if (!gate.ready()) return no(refusals.starting());
  const outdated = await pageIsOutdated(params.client, knock.arrival, gate.page);
  if (outdated !== undefined) return no(refusals.pageOutdated(outdated));
  const base = compact({ params, protocol, role, method: auth.method, user: auth.user }) as unknown as Omit<
    Login,
    "scopes"
  >;
  if (device.publicKey === undefined || params.device === undefined)
    return { ok: true, login: { ...base, scopes: scopesOf(base, knock.arrival, gate.settings) } };
  const proven = compact({ publicKey: device.publicKey, deviceId: params.device.id, row: auth.row });
  return admitDevice(base, proven as never, knock.arrival, gate);
}

function paramsRefused(read: { message: string; nonceMissing: boolean }): Refusal {
  const details = { code: "DEVICE_AUTH_NONCE_REQUIRED", reason: "device-nonce-missing" };
  return refusals.refuse(invalid(read.message, read.nonceMissing ? details : undefined));
}

/** The version both sides speak. Nodes and probes of version 3 understand version 4. */
function negotiate({ minProtocol, maxProtocol, role, client }: ConnectParams): number | undefined {
  if (minProtocol > maxProtocol) return undefined;
  if (minProtocol <= refusals.PROTOCOL && refusals.PROTOCOL <= maxProtocol) return refusals.PROTOCOL;
  if (maxProtocol !== refusals.OLDEST_PROTOCOL) return undefined;
  return role === "node" || client.mode === "probe" ? refusals.PROTOCOL : refusals.OLDEST_PROTOCOL;
}

function checkOrigin({ client }: ConnectParams, { arrival }: Knock, gate: Gate): Refusal | undefined {
  const verdict = judgeOrigin(
    { origin: arrival.origin, host: arrival.host, local: arrival.peer.local, browser: isBrowserClient(client) },
    gate.settings.origins,
  );
  return verdict === "ok" ? undefined : refusals.originRefused(verdict);
}

/** The public key of a proven device, none where none is needed, or the refusal. */
function checkDevice(params: ConnectParams, role: string, knock: Knock, gate: Gate): { publicKey?: string } | Refusal {
  const { client, device } = params;
  if (device === undefined) return withoutDevice(client, role, knock, gate) ?? {};
  const signed = {
    clientId: client.id,
    clientMode: client.mode,
    role,
    scopes: params.scopes ?? [],
    token: params.auth?.token ?? params.auth?.deviceToken ?? params.auth?.bootstrapToken ?? "",
    platform: client.platform,
    deviceFamily: client.deviceFamily ?? "",
  };
  const proof = proveDevice(device, signed, { nonce: knock.nonce, now: gate.clock.now() });
  return proof.ok ? { publicKey: proof.publicKey } : refusals.proofRefused(proof.problem);
}

function withoutDevice(
  client: ConnectParams["client"],
  role: string,
  { arrival }: Knock,
  { settings }: Gate,
): Refusal | undefined {
  if (role === "node") return refusals.deviceRequired();
  const isUi = client.id === "openclaw-control-ui";
  if (isUi && (settings.uiWithoutDevice || arrival.proxy?.ok)) return undefined;
  if (isUi || client.id === "openclaw-tui") return refusals.uiDeviceRequired();
  const helper = client.id === "gateway-client" && client.mode === "backend";
  return settings.auth.mode === "none" && !helper ? refusals.deviceRequired() : undefined;
}

async function checkCredentials(
  params: ConnectParams,
  role: string,
  publicKey: string | undefined,
  knock: Knock,
  gate: Gate,
): Promise<Extract<AuthResult, { ok: true }> | { ok: false; refusal: Refusal }> {
  const { peer, proxy, tailscale, origin: page } = knock.arrival;
  const origin = normalOrigin(page);
  const onHost = isLoopback(peer.address) && peer.local;
  const who = compact({
    deviceId: publicKey === undefined ? undefined : params.device?.id,
    role,
    from: onHost && origin !== undefined ? `origin ${origin}` : bucketOf(peer.address),
    exempt: onHost && origin === undefined && gate.settings.limits.exemptLoopback,
    onHost,
    proxy,
    tailscale,
  });
  const result = await authenticate(params.auth ?? {}, who as never, {
    auth: gate.settings.auth,
    limiter: gate.limiter,
    byToken: (deviceId, wanted, token) => gate.desk.byToken(deviceId, wanted, token),
    bySetup: (token) => gate.setups.knows(token),
    whois: (claim) => gate.tailscale.verify(claim),
  });
  if (result.ok) return result;
  if (result.failure === "device-required") return { ok: false, refusal: refusals.deviceRequired() };
  if (result.failure.delayMs) await gate.clock.sleep(result.failure.delayMs, knock.signal).catch(() => undefined);
  return { ok: false, refusal: refusals.authRefused(result.failure, { id: params.client.id, local: peer.local }) };
}

function no(refusal: Refusal): Outcome {
  return { ok: false, refusal };
}
