/** The last step of a handshake: what a client that proved itself may do, and whether its device must be approved first. */
import { compact } from "../../base/text.ts";
import type { DeviceRow } from "../../store/index.ts";
import type { Arrival } from "./arrival.ts";
import type { ConnectParams } from "./connect-params.ts";
import { tokenOf, type DeviceAsk } from "../_devices/grants.ts";
import type { Gate, Login, Outcome } from "./handshake.ts";
import { isBrowserClient } from "../_auth/origin.ts";
import { capped, identityScopes } from "../_auth/proxy-identity.ts";
import type { Approval } from "../_devices/pairing.ts";
import * as refusals from "./refusals.ts";
import type { Refusal } from "./refusals.ts";
import { covers, scopesWithoutDevice, union } from "../_auth/scopes.ts";
import type { Settings } from "../_listen/settings.ts";

/** A device whose signature was good. */
export interface ProvenDevice {
  readonly publicKey: string;
  readonly deviceId: string;
  /** Known when it came by its own token. */
  readonly row?: DeviceRow;
}

type Claimed = Omit<Login, "scopes">;

/** Scopes of a client without a device. */
export function scopesOf(login: Claimed, { peer, scopeCap }: Arrival, settings: Settings): readonly string[] {
  const { client, scopes: requested = [] } = login.params;
  if (login.role === "node") return [];
  const isUi = client.id === "openclaw-control-ui";
  if (login.method === "trusted-proxy") return isUi ? capped(granted(login, settings), scopeCap) : [];
  if (isUi && settings.uiWithoutDevice) return requested;
  return scopesWithoutDevice({ id: client.id, mode: client.mode, local: peer.local, requested });
}

/** Lets a device in, or leaves a request for the owner. */
export async function admitDevice(
  login: Claimed,
  device: ProvenDevice,
  arrival: Arrival,
  gate: Gate,
): Promise<Outcome> {
  const { params, role } = login;
  const { peer } = arrival;
  const requested = params.scopes ?? [];
  if (login.method === "device-token" && !covers(tokenOf(device.row, role)?.scopes ?? [], requested))
    return no(refusals.authRefused({ reason: "scope_mismatch" }, { id: params.client.id, local: peer.local }));
  if (params.client.id === "openclaw-control-ui" && gate.settings.uiWithoutPairing && login.method !== "device-token")
    return { ok: true, login: { ...login, scopes: requested } };
  if (login.method === "bootstrap-token") return setUp(login, device, peer.address, gate);

  const given = granted(login, gate.settings);
  const ask = askOf(params, { role, ...device, remoteIp: peer.address }, (scope) => !covers(given, [scope]));
  const admitted = await gate.desk.admit(ask, approvalOf(login, arrival, gate.settings));
  if (admitted.ok) {
    const scopes =
      role === "node" ? [] : capped(given.length === 0 ? requested : union(requested, given), arrival.scopeCap);
    const { token: deviceToken, issuedAtMs } = admitted;
    return { ok: true, login: { ...login, deviceId: device.deviceId, scopes, deviceToken, issuedAtMs } };
  }
  return no(
    refusals.pairingRequired({
      need: admitted.need,
      deviceId: device.deviceId,
      role,
      scopes: requested,
      keepsAsking: !peer.local && isBrowserClient(params.client),
      request: admitted.request,
      row: admitted.row,
    }),
  );
}

/** What the user has whom a proxy or Tailscale names, without any approval. */
function granted({ user, role }: Claimed, settings: Settings): readonly string[] {
  return user === undefined || role === "node" ? [] : (identityScopes(user, settings) ?? []);
}

/** Whether what is missing is approved at once, and why; undefined when the owner is asked. */
function approvalOf({ params, role }: Claimed, { peer }: Arrival, settings: Settings): Approval | undefined {
  // A node that also wants to be an operator is for the owner to judge.
  if (role === "node" && (params.scopes ?? []).length > 0) return undefined;
  if (peer.local && settings.autoApproveLocal) return "silent";
  const near = role === "node" && peer.forwarding === "none" && settings.approvesFrom(peer.address);
  return near ? "trusted-cidr" : undefined;
}

async function setUp(login: Claimed, device: ProvenDevice, remoteIp: string, gate: Gate): Promise<Outcome> {
  const { params } = login;
  const code = gate.setups.take(params.auth?.bootstrapToken ?? "");
  if (code === undefined)
    return no(refusals.authRefused({ reason: "bootstrap_token_invalid" }, { id: params.client.id, local: false }));
  const ask = askOf(params, { role: "node", ...device, remoteIp }, () => false);
  const [node, operator] = await gate.desk.setUp(ask, code.scopes);
  return {
    ok: true,
    login: {
      ...login,
      deviceId: device.deviceId,
      scopes: [],
      setup: code,
      deviceToken: node.token,
      issuedAtMs: node.issuedAtMs,
      deviceTokens: [
        { deviceToken: operator.token, role: "operator", scopes: code.scopes, issuedAtMs: operator.issuedAtMs },
      ],
    },
  };
}

function askOf(
  params: ConnectParams,
  known: Pick<DeviceAsk, "role" | "publicKey" | "deviceId" | "remoteIp">,
  needed: (scope: string) => boolean,
): DeviceAsk {
  const { client } = params;
  const { role, publicKey, deviceId, remoteIp } = known;
  return compact({
    role,
    publicKey,
    deviceId,
    remoteIp,
    displayName: client.displayName,
    platform: client.platform,
    deviceFamily: client.deviceFamily,
    clientId: client.id,
    clientMode: client.mode,
    scopes: role === "operator" ? (params.scopes ?? []).filter(needed) : [],
  }) as DeviceAsk;
}

function no(refusal: Refusal): Outcome {
  return { ok: false, refusal };
}
