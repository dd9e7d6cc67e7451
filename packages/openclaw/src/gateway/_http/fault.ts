/** How a fault leaves through HTTP: the status and the shape that the route's clients know. */
import type { ServerResponse } from "node:http";
import { Fault } from "../../base/errors.ts";
import { sendJson, sendText } from "../../base/reply.ts";
import type { ErrorShape } from "../../contracts/route.ts";
import { errors } from "../errors.ts";
import { sendError } from "./reply.ts";

/** Anything else than a Fault leaves as an internal error that tells nothing. */
export function sendFault(response: ServerResponse, error: unknown, shape: ErrorShape = "openai"): void {
  const fault = error instanceof Fault ? error : errors.HTTP_INTERNAL();
  if (fault.retryAfterMs !== undefined)
    response.setHeader("Retry-After", String(Math.max(1, Math.ceil(fault.retryAfterMs / 1000))));
  const { status, message } = fault;
  if (shape === "text") return sendText(response, status, message);
  if (shape === "sentence") return sendJson(response, status, { ok: false, error: sentence(fault), ...runId(fault) });
  // A body that could not be read was refused before the route saw it, in the words of all endpoints.
  if (shape === "openai" || fault.code.startsWith("BODY_"))
    return sendError(response, status, message, named(fault) ?? openaiType(status));
  const { type: _, ...details } = fault.details ?? {};
  sendJson(response, status, { ok: false, error: { type: named(fault) ?? okType(status), message, ...details } });
}

function named(fault: Fault): string | undefined {
  const type = fault.details?.["type"];
  return typeof type === "string" ? type : undefined;
}

function openaiType(status: number): string {
  if (status === 401) return "unauthorized";
  if (status === 403) return "forbidden";
  if (status === 429) return "rate_limited";
  return status < 500 ? "invalid_request_error" : "api_error";
}

function okType(status: number): string {
  if (status === 404) return "not_found";
  const type = openaiType(status);
  return type === "invalid_request_error" ? "invalid_request" : type;
}

function sentence(fault: Fault): string {
  return fault.code.startsWith("BODY_") ? fault.message.replace(/^./, (first) => first.toLowerCase()) : fault.message;
}

function runId(fault: Fault): { runId?: string } {
  const id = fault.details?.["runId"];
  return typeof id === "string" ? { runId: id } : {};
}
