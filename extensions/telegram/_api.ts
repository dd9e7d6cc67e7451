/** The Bot API over the gateway's own fetch: one request per call, never repeated in here. */
import { Api, type ApiClientOptions, type RawApi } from "./_grammy.ts";
import type { Fetch } from "openclaw/sdk";

export interface ApiOptions {
  readonly token: string;
  readonly apiRoot: string;
  readonly callTimeoutMs: number;
  readonly fetch: Fetch;
}

export type BotApi = RawApi;

/** Seconds the server may hold a poll, and how long we wait for its answer. */
export const POLL_SECONDS = 30;
const POLL_GUARD_MS = 45_000;
/** Called once after connecting, beside the poll: a connection kept for nothing would only be found dead later. */
const ONCE = /\/(?:set|delete)MyCommands$/;
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

export function botApi({ token, apiRoot, callTimeoutMs, fetch }: ApiOptions): BotApi {
  const egress = { origin: new URL(apiRoot).origin };
  const send = async (
    url: unknown,
    init: { body?: unknown; headers?: unknown; signal?: EventTarget & { aborted: boolean } } = {},
  ): Promise<Response> => {
    const address = String(url);
    const { type, body } = await contentOf(init);
    return await fetch(address, {
      method: "POST",
      headers: { "content-type": type, ...(ONCE.test(address) ? { connection: "close" } : {}) },
      ...(body === undefined ? {} : { body }),
      ...(init.signal === undefined ? {} : { signal: nativeSignal(init.signal) }),
      connectTimeoutMs: address.endsWith("/getUpdates") ? POLL_GUARD_MS : callTimeoutMs,
      maxBytes: MAX_ANSWER_BYTES,
      egress,
    });
  };
  return new Api(token, {
    apiRoot,
    fetch: send as unknown as NonNullable<ApiClientOptions["fetch"]>,
    timeoutSeconds: Math.max(callTimeoutMs, POLL_GUARD_MS) / 1000 + 5,
  }).raw;
}

/** JSON, or a form with a file in it, which grammY gives piece by piece. */
async function contentOf({ body, headers }: { body?: unknown; headers?: unknown }) {
  if (body === undefined || body === null || typeof body === "string")
    return { type: "application/json", body: body ?? undefined };
  const pieces: Uint8Array[] = [];
  for await (const piece of body as AsyncIterable<Uint8Array>) pieces.push(piece);
  const type = new Headers(headers as Record<string, string>).get("content-type") ?? "multipart/form-data";
  return { type, body: Buffer.concat(pieces) };
}

/** grammY brings an AbortSignal of its own, which the built-in fetch does not take. */
function nativeSignal(signal: EventTarget & { aborted: boolean }): AbortSignal {
  const controller = new AbortController();
  if (signal.aborted) controller.abort();
  else signal.addEventListener("abort", () => controller.abort(), { once: true });
  return controller.signal;
}
