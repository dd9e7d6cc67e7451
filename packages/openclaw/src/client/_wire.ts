/** Frames of the gateway protocol as a client sees them, and server errors as faults. */
import { Fault } from "../base/errors.ts";
import type { RpcCode } from "../base/errors.ts";

export interface WireError {
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly retryable?: boolean;
  readonly retryAfterMs?: number;
}

export interface ResponseFrame {
  readonly type: "res";
  readonly id: string;
  readonly ok: boolean;
  readonly payload?: unknown;
  readonly error?: WireError;
}

export interface EventFrame {
  readonly type: "event";
  readonly event: string;
  readonly payload?: unknown;
  readonly seq?: number;
  readonly stateVersion?: { readonly presence: number; readonly health: number };
}

export type Frame = ResponseFrame | EventFrame;

/** The frame in a message, or undefined for anything that is none. Unknown keys are ignored. */
export function parseFrame(data: unknown): Frame | undefined {
  if (typeof data !== "string") return undefined;
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || !("type" in value)) return undefined;
  if (value.type === "res" && "id" in value && typeof value.id === "string") return value as ResponseFrame;
  if (value.type === "event" && "event" in value && typeof value.event === "string") return value as EventFrame;
  return undefined;
}

/** What to do, by `details.code`, else by `code`. */
const REMEDIES: Readonly<Record<string, string>> = {
  AUTH_TOKEN_MISSING: "Get the token with: openclaw dashboard.",
  AUTH_TOKEN_MISMATCH: "Get the current token with: openclaw dashboard.",
  AUTH_PASSWORD_MISSING: "Give the gateway's password (gateway.auth.password).",
  AUTH_PASSWORD_MISMATCH: "Check the password in gateway.auth.password.",
  AUTH_DEVICE_TOKEN_MISMATCH:
    "The access of this device was withdrawn: log in again with the token from: openclaw dashboard.",
  AUTH_SCOPE_MISMATCH: "Approve the wider rights on the gateway: openclaw devices list, then openclaw devices approve.",
  AUTH_RATE_LIMITED: "Wait until the lock ends, then use the right token.",
  PAIRING_REQUIRED: "Approve this device on the gateway: openclaw devices list, then openclaw devices approve.",
  DEVICE_IDENTITY_REQUIRED: "Open the page over https or on localhost, or log in with the token.",
  CONTROL_UI_DEVICE_IDENTITY_REQUIRED:
    "Open the page over https or as http://localhost, where the browser can keep a key.",
  CONTROL_UI_ORIGIN_NOT_ALLOWED: "Add this page's address to gateway.controlUi.allowedOrigins.",
  DEVICE_AUTH_SIGNATURE_EXPIRED:
    "Set the clock of this device; it differs from the gateway's by more than two minutes.",
  PROTOCOL_MISMATCH: "Update the older side, or reload the page.",
  MISSING_SCOPE: "Log in with the gateway's token, or approve more rights for this device.",
  UNAVAILABLE: "Try again in a moment.",
};

const RPC_CODES = [
  "INVALID_REQUEST",
  "NOT_PAIRED",
  "NOT_LINKED",
  "FORBIDDEN",
  "UNAVAILABLE",
  "AGENT_TIMEOUT",
  "INTERNAL",
];
const STATUS: Readonly<Record<string, number>> = {
  INVALID_REQUEST: 400,
  NOT_PAIRED: 401,
  FORBIDDEN: 403,
  UNAVAILABLE: 503,
};

/** A server error as a fault: `code` is the wire code, `details.code` the precise one where there is one. */
export function faultOf(error: WireError | undefined, payload?: unknown): Fault {
  const code = error?.code ?? "INTERNAL";
  return new Fault({
    code,
    message: error?.message ?? "The gateway refused without saying why.",
    remedy: remedyOf(error),
    status: STATUS[code] ?? 500,
    rpc: RPC_CODES.includes(code) ? (code as RpcCode) : "INTERNAL",
    retryable: error?.retryable ?? false,
    ...(error?.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
    ...(error?.details === undefined && payload === undefined
      ? {}
      : { details: { ...error?.details, ...(payload === undefined ? {} : { payload }) } }),
  });
}

/** As the server says it; else by code. Waiting is only advised where it can help. */
function remedyOf(error: WireError | undefined): string {
  const said = error?.remedy ?? error?.details?.["remedy"];
  if (typeof said === "string") return said;
  const precise = error?.details?.["code"];
  const known = typeof precise === "string" ? REMEDIES[precise] : undefined;
  return known ?? (error?.code === "UNAVAILABLE" && error.retryable !== true ? "" : REMEDIES[error?.code ?? ""]) ?? "";
}

/** The precise code of a fault: `details.code`, else `code`. */
export function preciseCode(fault: Fault): string {
  const code = fault.details?.["code"];
  return typeof code === "string" ? code : fault.code;
}
