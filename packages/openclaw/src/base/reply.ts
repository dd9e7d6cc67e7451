/** Whole answers over HTTP. */
import type { IncomingMessage, ServerResponse } from "node:http";

/** `no-store` unless said otherwise: answers hold private things. */
export function sendJson(response: ServerResponse, status: number, value: unknown, cacheControl = "no-store"): void {
  response.setHeader("Cache-Control", cacheControl);
  send(response, status, "application/json; charset=utf-8", JSON.stringify(value));
}

export function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  type = "text/plain; charset=utf-8",
): void {
  send(response, status, type, text);
}

/**
 * HEAD gets the headers of GET; Node leaves the body out by itself. A connection on which a body is still on its
 * way ends with the answer: it is not read to its end.
 */
export function send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.statusCode = status;
  response.setHeader("Content-Type", type);
  response.setHeader("Content-Length", Buffer.byteLength(body));
  if (bodyPending(response.req)) response.setHeader("Connection", "close");
  response.end(body);
}

/** Whether a part of the request's body has not arrived. */
function bodyPending({ complete, headers }: IncomingMessage): boolean {
  return !complete && (headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0);
}
