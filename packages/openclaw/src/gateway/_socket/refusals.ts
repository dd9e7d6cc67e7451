/** Every way in which a handshake can be refused: the error frame, then the close. */
import type { AuthFailure } from "../_auth/credentials.ts";
import type { ProofProblem } from "../_devices/device-proof.ts";
import type { Need } from "../_devices/grants.ts";
import type { DeviceRequest, DeviceRow } from "../../store/index.ts";
import type { WireError } from "./wire.ts";
import { invalid } from "./wire.ts";

export interface Refusal {
  readonly error: WireError;
  readonly close: number;
  /** Close reason; the message of the error unless said otherwise. */
  readonly reason: string;
}

export const PROTOCOL = 4;
export const OLDEST_PROTOCOL = 3;

export function refuse(error: WireError, close = 1008, reason = error.message): Refusal {
  return { error, close, reason };
}

export function protocolMismatch(range: { readonly min: number; readonly max: number }): Refusal {
  const details = {
    code: "PROTOCOL_MISMATCH",
    clientMinProtocol: range.min,
    clientMaxProtocol: range.max,
    expectedProtocol: PROTOCOL,
    minimumProbeProtocol: OLDEST_PROTOCOL,
  };
  return refuse(invalid("protocol mismatch", details), 1002);
}

export function originRefused(reason: string): Refusal {
  return refuse(invalid(reason, { code: "CONTROL_UI_ORIGIN_NOT_ALLOWED", reason }));
}

export function proofRefused({ message, code, reason }: ProofProblem): Refusal {
  return refuse(invalid(message, { code, reason }));
}

export function deviceRequired(): Refusal {
  return refuse({
    code: "NOT_PAIRED",
    message: "device identity required",
    details: { code: "DEVICE_IDENTITY_REQUIRED" },
  });
}

export function uiDeviceRequired(): Refusal {
  const message = "this client must prove a device identity: open the Control UI over https or on localhost";
  return refuse(invalid(message, { code: "CONTROL_UI_DEVICE_IDENTITY_REQUIRED" }));
}

/** The page is older than the gateway. */
export function pageOutdated(gatewayBuildId: string): Refusal {
  return refuse({
    code: "UNAVAILABLE",
    message: "protocol mismatch: Control UI updated; reload this page to continue",
    retryable: false,
    details: { code: "PROTOCOL_MISMATCH", gatewayBuildId, reloadRequired: true },
  });
}

export function starting(): Refusal {
  const error: WireError = {
    code: "UNAVAILABLE",
    message: "gateway starting; retry shortly",
    retryable: true,
    retryAfterMs: 500,
    details: { reason: "startup-sidecars" },
  };
  return refuse(error, 1013, "gateway starting");
}

export function tooManyConnections(): Refusal {
  return refuse({ code: "UNAVAILABLE", message: "too many connections", retryable: true, retryAfterMs: 5000 }, 1013);
}

const AUTH_TEXTS: Readonly<Record<AuthFailure["reason"], { text: string; next: string }>> = {
  token_missing: { text: "gateway token missing", next: "update_auth_configuration" },
  token_mismatch: { text: "gateway token mismatch", next: "update_auth_credentials" },
  password_missing: { text: "gateway password missing", next: "update_auth_configuration" },
  password_mismatch: { text: "gateway password mismatch", next: "update_auth_credentials" },
  device_token_mismatch: { text: "device token mismatch", next: "update_auth_credentials" },
  scope_mismatch: { text: "the device token does not cover the requested scopes", next: "review_auth_configuration" },
  bootstrap_token_invalid: { text: "bootstrap token invalid or expired", next: "review_auth_configuration" },
  proxy_identity: { text: "the proxy did not name a user who may connect", next: "review_auth_configuration" },
  rate_limited: { text: "too many failed authentication attempts", next: "wait_then_retry" },
};

export function authRefused(failure: AuthFailure, client: { readonly id: string; readonly local: boolean }): Refusal {
  const { text, next } = AUTH_TEXTS[failure.reason];
  const canRetry = failure.canRetryWithDeviceToken ?? false;
  const waits =
    failure.retryAfterMs === undefined ? {} : { retryable: true, retryAfterMs: Math.ceil(failure.retryAfterMs) };
  return refuse({
    ...invalid(`unauthorized: ${text} (${failure.proxyReason ?? hint(failure.reason, client)})`, {
      code: failure.proxyReason === undefined ? `AUTH_${failure.reason.toUpperCase()}` : "AUTH_UNAUTHORIZED",
      authReason: failure.proxyReason ?? failure.reason,
      canRetryWithDeviceToken: canRetry,
      recommendedNextStep: canRetry ? "retry_with_device_token" : next,
    }),
    ...waits,
  });
}

function hint(reason: AuthFailure["reason"], client: { readonly id: string; readonly local: boolean }): string {
  if (reason === "rate_limited") return "wait, then try again";
  if (reason === "scope_mismatch") return "ask the owner to approve this device again";
  if (reason === "bootstrap_token_invalid") return "make a new setup code";
  const kind = reason.startsWith("password") ? "password" : "token";
  if (client.id === "openclaw-control-ui")
    return `open the address that "openclaw dashboard" prints, or enter the gateway ${kind}`;
  if (client.local) return `use this gateway's gateway.auth.${kind} or pair the device`;
  return `set gateway.remote.${kind} to match gateway.auth.${kind}`;
}

const PAIRING_TEXTS: Readonly<Record<Need, string>> = {
  "not-paired": "device is not approved yet",
  "scope-upgrade": "device is asking for more scopes than currently approved",
  "role-upgrade": "device is asking for a higher role than currently approved",
  "metadata-upgrade": "device identity changed and must be re-approved",
};

export function pairingRequired(missing: {
  readonly need: Need;
  readonly deviceId: string;
  readonly role: string;
  readonly scopes: readonly string[];
  /** A page elsewhere: it keeps asking while the owner approves. */
  readonly keepsAsking: boolean;
  readonly request: DeviceRequest | undefined;
  readonly row: DeviceRow | undefined;
}): Refusal {
  const message = `pairing required: ${PAIRING_TEXTS[missing.need]}`;
  const requestId = missing.request?.requestId;
  const details = {
    code: "PAIRING_REQUIRED",
    reason: missing.need,
    ...(requestId === undefined ? {} : { requestId }),
    remediationHint:
      requestId === undefined
        ? "Too many pairing requests are waiting: approve or reject some with: openclaw devices list"
        : `Approve this device on the gateway host with: openclaw devices approve ${requestId}`,
    deviceId: missing.deviceId,
    requestedRole: missing.role,
    requestedScopes: missing.scopes,
    ...(missing.row === undefined ? {} : { approvedRoles: missing.row.roles, approvedScopes: missing.row.scopes }),
    ...(missing.keepsAsking ? { recommendedNextStep: "wait_then_retry", retryable: true, pauseReconnect: false } : {}),
  };
  const error: WireError = { code: "NOT_PAIRED", message, details };
  return refuse(error, 1008, requestId === undefined ? message : `${message} (requestId: ${requestId})`);
}
