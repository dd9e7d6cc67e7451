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
    init: { body?: unknown; signal?: EventTarget & { aborted: boolean } } = {},
  ): Promise<Response> => {
    const address = String(url);
    return await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json", ...(ONCE.test(address) ? { connection: "close" } : {}) },
      ...(typeof init.body === "string" ? { body: init.body } : {}),
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

/** grammY brings an AbortSignal of its own, which the built-in fetch does not take. */
function nativeSignal(signal: EventTarget & { aborted: boolean }): AbortSignal {
  const controller = new AbortController();
  if (signal.aborted) controller.abort();
  else signal.addEventListener("abort", () => controller.abort(), { once: true });
  return controller.signal;
}
