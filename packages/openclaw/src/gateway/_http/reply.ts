/** HTTP answers in the shapes that clients know. */
import type { ServerResponse } from "node:http";
import { sendJson, sendText } from "../../base/reply.ts";

/** Headers of every answer. */
export function commonHeaders(response: ServerResponse, hsts: string | undefined): void {
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("Referrer-Policy", "no-referrer");
  response.setHeader("Permissions-Policy", "camera=(), microphone=(self), geolocation=()");
  if (hsts !== undefined) response.setHeader("Strict-Transport-Security", hsts);
}

/** `{"error":{"message","type"}}`. */
export function sendError(response: ServerResponse, status: number, message: string, type: string): void {
  sendJson(response, status, { error: { message, type } });
}

export function notFound(response: ServerResponse): void {
  sendText(response, 404, "Not Found");
}

export function methodNotAllowed(response: ServerResponse, allowed: readonly string[]): void {
  response.setHeader("Allow", allowed.join(", "));
  sendText(response, 405, "Method Not Allowed");
}
