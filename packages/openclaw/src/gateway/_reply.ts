/** HTTP answers in the shapes that clients know. */
import type { IncomingMessage, ServerResponse } from "node:http";

/** Headers of every answer. */
export function commonHeaders(response: ServerResponse, hsts: string | undefined): void {
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("Referrer-Policy", "no-referrer");
  response.setHeader("Permissions-Policy", "camera=(), microphone=(self), geolocation=()");
  if (hsts !== undefined) response.setHeader("Strict-Transport-Security", hsts);
}

export function sendJson(response: ServerResponse, status: number, value: unknown, cacheControl = "no-store"): void {
  response.setHeader("Cache-Control", cacheControl);
  send(response, status, "application/json; charset=utf-8", JSON.stringify(value));
}

/** `{"error":{"message","type"}}`. */
export function sendError(response: ServerResponse, status: number, message: string, type: string): void {
  sendJson(response, status, { error: { message, type } });
}

export function sendText(response: ServerResponse, status: number, text: string): void {
  send(response, status, "text/plain; charset=utf-8", text);
}

export function notFound(response: ServerResponse): void {
  sendText(response, 404, "Not Found");
}

export function methodNotAllowed(response: ServerResponse, allowed: readonly string[]): void {
  response.setHeader("Allow", allowed.join(", "));
  sendText(response, 405, "Method Not Allowed");
}

/** Says that the connection ends with this answer: what the client still sends is not read. */
export function closeAfter(request: IncomingMessage, response: ServerResponse): void {
  if (!request.complete) response.setHeader("Connection", "close");
}

/** HEAD gets the headers of GET; Node leaves the body out by itself. */
export function send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.statusCode = status;
  response.setHeader("Content-Type", type);
  response.setHeader("Content-Length", Buffer.byteLength(body));
  response.end(body);
}
