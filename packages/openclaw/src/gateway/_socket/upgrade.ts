/** What is checked before a request becomes a WebSocket, and how it is turned down. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { STATUS_CODES } from "../../base/http.ts";
import { clientAddress, type ClientAddress } from "../_auth/client-address.ts";
import { hostAllowed } from "../_auth/origin.ts";
import type { Settings } from "../_listen/settings.ts";

/** Sockets that have not logged in: of one address, and in all. */
const MAX_WAITING_PER_ADDRESS = 32;
const MAX_WAITING = 1024;

export interface TurnedDown {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export const PROXY_REQUIRED = {
  status: 403,
  message:
    "The forwarding headers name no client: list the proxy in gateway.trustedProxies, and let it overwrite X-Forwarded-For with the address of a client on another machine.",
  type: "proxy_attribution_required",
} as const;

/** The client's address, or why there will be no WebSocket. `waiting` counts sockets before login, its own and all. */
export function judgeUpgrade(
  request: IncomingMessage,
  settings: Settings,
  state: { readonly closing: boolean; readonly waiting: (address: string) => { here: number; all: number } },
): ClientAddress | TurnedDown {
  if (request.method !== "GET" || request.headers.upgrade?.toLowerCase() !== "websocket")
    return text(400, "Bad Request");
  if (state.closing) return text(503, "Service restart");
  const peer = clientAddress(request.socket.remoteAddress ?? "", request.headers, settings.proxies);
  if (!attributed(peer, settings)) return json(PROXY_REQUIRED);
  const names = { host: request.headers.host, origin: request.headers.origin };
  if (peer.local && !hostAllowed(names, settings.origins))
    return json({ status: 403, message: "Host not allowed", type: "forbidden" });
  const waiting = state.waiting(peer.address);
  const full = waiting.here >= MAX_WAITING_PER_ADDRESS || waiting.all >= MAX_WAITING;
  return full ? text(503, "Too many unauthenticated sockets") : peer;
}

/** Whether we may go on although a proxy is involved. */
export function attributed(peer: ClientAddress, settings: Settings): boolean {
  if (peer.forwarding === "none" || peer.forwarding === "trusted") return true;
  if (peer.forwarding === "broken") return false;
  return settings.auth.mode !== "none" && !settings.strictProxies;
}

/** Answers in plain HTTP and ends the connection. */
export function turnDown(socket: Duplex, { status, type, body }: TurnedDown): void {
  socket.on("error", () => socket.destroy());
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    "Connection: close",
    `Content-Type: ${type}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    "X-Content-Type-Options: nosniff",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}

function text(status: number, body: string): TurnedDown {
  return { status, type: "text/plain; charset=utf-8", body };
}

function json({ status, message, type }: { status: number; message: string; type: string }): TurnedDown {
  return { status, type: "application/json; charset=utf-8", body: JSON.stringify({ error: { message, type } }) };
}
