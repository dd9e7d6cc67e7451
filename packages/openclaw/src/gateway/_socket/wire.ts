/** Frames as they go over the wire: one JSON object each. */
import type { Fault, RpcCode } from "../../base/errors.ts";

export interface WireError {
  readonly code: RpcCode;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly retryable?: boolean;
  readonly retryAfterMs?: number;
}

/** What a refused frame is answered under: numbers are kept although they are no valid id. */
export type FrameId = string | number;

export function success(id: FrameId, payload: unknown): string {
  return JSON.stringify({ type: "res", id, ok: true, ...(payload === undefined ? {} : { payload }) });
}

export function failure(id: FrameId, error: WireError): string {
  return JSON.stringify({ type: "res", id, ok: false, error });
}

/** A declared error as clients see it; they branch on `code` and `details.code`. */
export function wireError(fault: Fault): WireError {
  return {
    code: fault.rpc,
    message: fault.message,
    details: { code: fault.code, ...(fault.remedy === "" ? {} : { remedy: fault.remedy }), ...fault.details },
    ...(fault.retryable ? { retryable: true } : {}),
    ...(fault.retryAfterMs === undefined ? {} : { retryAfterMs: fault.retryAfterMs }),
  };
}

export function invalid(message: string, details?: Readonly<Record<string, unknown>>): WireError {
  return { code: "INVALID_REQUEST", message, ...(details === undefined ? {} : { details }) };
}

export function missingScope(scope: string): WireError {
  return {
    code: "FORBIDDEN",
    message: `missing scope: ${scope}`,
    details: { code: "MISSING_SCOPE", missingScope: scope, requiredScopes: [scope] },
  };
}
