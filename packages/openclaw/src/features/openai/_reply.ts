/** Answers in the shapes of the OpenAI API. */
import type { ServerResponse } from "node:http";
import { Fault } from "../../base/errors.ts";

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value);
  response.writeHead(status, {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": Buffer.byteLength(body),
    "Cache-Control": "no-store",
  });
  response.end(body);
}

export interface ApiError {
  readonly message: string;
  readonly type: string;
}

/** `{message, type}`, as it stands below `error`. */
export function errorOf({ message, status }: Fault): ApiError {
  return { message, type: typeOf(status) };
}

export function sendFault(response: ServerResponse, fault: Fault): void {
  if (fault.retryAfterMs !== undefined) response.setHeader("Retry-After", String(Math.ceil(fault.retryAfterMs / 1000)));
  // The run has been retried already, and what its tools did must not be done again unasked.
  if (fault.status >= 500 && !fault.retryable) response.setHeader("x-should-retry", "false");
  sendJson(response, fault.status, { error: errorOf(fault) });
}

function typeOf(status: number): string {
  if (status === 403) return "forbidden";
  if (status === 429) return "rate_limited";
  return status < 500 ? "invalid_request_error" : "api_error";
}
