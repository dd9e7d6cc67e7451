/**
 * From the first frame to being logged in. The steps, in the order in which clients meet them:
 * 1 params · 2 protocol range · 3 role · 4 origin · 5 device proof · 6 credentials and rate limit ·
 * 7 startup · 8 pairing and scopes. The first failure is the answer; nothing before step 6 is costly.
 */
import type { Clock } from "../base/time.ts";
import type { DeviceRow } from "../store/index.ts";
import { authenticate, type AuthResult } from "./_auth.ts";
import { bucketOf, isLoopback, type ClientAddress } from "./_client-address.ts";
import { readConnectParams, type ConnectParams } from "./_connect-params.ts";
import { proveDevice } from "./_device-proof.ts";
import { tokenOf, type DeviceAsk } from "./_devices.ts";
import { compact } from "../base/text.ts";
import type { AuthLimiter } from "./_limiter.ts";
import { isBrowserClient, judgeOrigin, normalOrigin } from "./_origin.ts";
import type { PairingDesk } from "./pairing.ts";
import * as refusals from "./_refusals.ts";
import type { Refusal } from "./_refusals.ts";
import { covers, scopesWithoutDevice } from "./_scopes.ts";
import type { Settings } from "./_settings.ts";
import { invalid } from "./_wire.ts";

export interface Gate {
  readonly settings: Settings;
  readonly limiter: AuthLimiter;
  readonly desk: PairingDesk;
  readonly clock: Clock;
  /** Whether start-up is through. */
  readonly ready: () => boolean;
}

/** The socket that a handshake happens on. */
export interface Knock {
  readonly nonce: string;
  readonly peer: ClientAddress;
  readonly origin: string | undefined;
  readonly host: string | undefined;
  readonly signal: AbortSignal;
}

export interface Login {
  readonly params: ConnectParams;
  readonly protocol: number;
  readonly role: "operator" | "node";
  readonly scopes: readonly string[];
  readonly method: Extract<AuthResult, { ok: true }>["method"];
  readonly deviceId?: string;
  readonly deviceToken?: string;
  readonly issuedAtMs?: number;
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
  const base = { params, protocol, role, method: auth.method } as const;
  if (device.publicKey === undefined || params.device === undefined) {
    return { ok: true, login: { ...base, scopes: deviceless(params, role, knock, gate) } };
  }
  return pair({ ...base, publicKey: device.publicKey, deviceId: params.device.id, row: auth.row }, knock, gate);
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

function checkOrigin({ client }: ConnectParams, { origin, host, peer }: Knock, gate: Gate): Refusal | undefined {
  const verdict = judgeOrigin(
    { origin, host, local: peer.local, browser: isBrowserClient(client) },
    gate.settings.origins,
  );
  return verdict === "ok" ? undefined : refusals.originRefused(verdict);
}

/** The public key of a proven device, none where none is needed, or the refusal. */
function checkDevice(params: ConnectParams, role: string, knock: Knock, gate: Gate): { publicKey?: string } | Refusal {
  const { client, device } = params;
  if (device === undefined) return withoutDevice(client, role, gate) ?? {};
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

function withoutDevice(client: ConnectParams["client"], role: string, { settings }: Gate): Refusal | undefined {
  if (role === "node") return refusals.deviceRequired();
  const isUi = client.id === "openclaw-control-ui";
  if (isUi && settings.uiWithoutDevice) return undefined;
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
): Promise<{ ok: true; method: Login["method"]; row?: DeviceRow } | { ok: false; refusal: Refusal }> {
  const origin = normalOrigin(knock.origin);
  const onHost = isLoopback(knock.peer.address) && knock.peer.local;
  const who = compact({
    deviceId: publicKey === undefined ? undefined : params.device?.id,
    role,
    from: onHost && origin !== undefined ? `origin ${origin}` : bucketOf(knock.peer.address),
    exempt: onHost && origin === undefined && gate.settings.limits.exemptLoopback,
  });
  const parts = {
    auth: gate.settings.auth,
    limiter: gate.limiter,
    byToken: (deviceId: string, wanted: string, token: string) => gate.desk.byToken(deviceId, wanted, token),
  };
  const result = await authenticate(params.auth ?? {}, who, parts);
  if (result.ok) return result;
  if (result.failure === "device-required") return { ok: false, refusal: refusals.deviceRequired() };
  if (result.failure.delayMs) await gate.clock.sleep(result.failure.delayMs, knock.signal).catch(() => undefined);
  return {
    ok: false,
    refusal: refusals.authRefused(result.failure, { id: params.client.id, local: knock.peer.local }),
  };
}

function deviceless(params: ConnectParams, role: string, knock: Knock, gate: Gate): readonly string[] {
  const requested = params.scopes ?? [];
  if (role === "node") return [];
  if (params.client.id === "openclaw-control-ui" && gate.settings.uiWithoutDevice) return requested;
  return scopesWithoutDevice({ id: params.client.id, mode: params.client.mode, local: knock.peer.local, requested });
}

async function pair(
  base: Omit<Login, "scopes"> & { deviceId: string; publicKey: string; row: DeviceRow | undefined },
  knock: Knock,
  gate: Gate,
): Promise<Outcome> {
  const { publicKey, row, ...login } = base;
  const { params, role, deviceId } = login;
  const requested = params.scopes ?? [];
  const byToken = login.method === "device-token";
  if (byToken && !covers(tokenOf(row, role)?.scopes ?? [], requested)) {
    return no(refusals.authRefused({ reason: "scope_mismatch" }, { id: params.client.id, local: knock.peer.local }));
  }
  const ask = askOf(params, { role, publicKey, deviceId, remoteIp: knock.peer.address });
  // A node that also wants to be an operator is for the owner to judge.
  const silent = knock.peer.local && gate.settings.autoApproveLocal && !(role === "node" && requested.length > 0);
  const admitted = await gate.desk.admit(ask, silent);
  if (admitted.ok) {
    return {
      ok: true,
      login: {
        ...login,
        scopes: role === "node" ? [] : requested,
        deviceToken: admitted.token,
        issuedAtMs: admitted.issuedAtMs,
      },
    };
  }
  return no(
    refusals.pairingRequired({
      need: admitted.need,
      deviceId,
      role,
      scopes: requested,
      keepsAsking: !knock.peer.local && isBrowserClient(params.client),
      request: admitted.request,
      row: admitted.row,
    }),
  );
}

function askOf(
  params: ConnectParams,
  known: Pick<DeviceAsk, "role" | "publicKey" | "deviceId" | "remoteIp">,
): DeviceAsk {
  const { client } = params;
  return compact({
    ...known,
    displayName: client.displayName,
    platform: client.platform,
    deviceFamily: client.deviceFamily,
    clientId: client.id,
    clientMode: client.mode,
    scopes: known.role === "operator" ? (params.scopes ?? []) : [],
  }) as DeviceAsk;
}

function no(refusal: Refusal): Outcome {
  return { ok: false, refusal };
}
