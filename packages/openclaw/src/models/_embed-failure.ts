/** What a refused request for embeddings means for the login and for the next try. */
import { record } from "../base/record.ts";
import { onOneLine, shortened } from "../base/text.ts";
import type { Endpoint, FailureClass, ModelFailure } from "../contracts/model.ts";

const TEXT_LIMIT = 16_384;
const MESSAGE_LIMIT = 300;

const CLASSES: Readonly<Record<number, FailureClass>> = {
  401: "auth",
  402: "billing",
  403: "auth",
  404: "model_not_found",
  408: "timeout",
  429: "rate_limit",
  503: "overloaded",
  529: "overloaded",
};

/** Reads the beginning of the body. `now`: epoch ms. */
export async function failureOf(response: Response, endpoint: Endpoint, now: number): Promise<ModelFailure> {
  const { status, headers } = response;
  const text = (await response.text().catch(() => "")).slice(0, TEXT_LIMIT);
  const wait = retryAfter(headers, now);
  const said = messageIn(text);
  return {
    class: /insufficient_quota|billing/i.test(text) && status === 429 ? "billing" : classOf(status),
    status,
    message: said === "" ? `HTTP ${status}` : `HTTP ${status}: ${masked(said, endpoint)}`,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  };
}

function classOf(status: number): FailureClass {
  return CLASSES[status] ?? (status >= 500 ? "server_error" : "format");
}

/** `{error: {message}}`, `{error: "…"}`, `{message}` or `{detail}`; nothing of a web page. */
function messageIn(text: string): string {
  try {
    const body = record(JSON.parse(text));
    const said = [record(body["error"])["message"], body["error"], body["message"], body["detail"]];
    return shortened(onOneLine(said.find((one) => typeof one === "string") ?? ""), MESSAGE_LIMIT);
  } catch {
    return "";
  }
}

function masked(text: string, { apiKey = "", headers }: Endpoint): string {
  const secrets = [apiKey, ...Object.values(headers)].filter((secret) => secret.length >= 8);
  return secrets.reduce((out, secret) => out.replaceAll(secret, "***"), text);
}

/** `Retry-After` in seconds or as a date. */
function retryAfter(headers: Headers, now: number): number | undefined {
  const value = headers.get("retry-after")?.trim() ?? "";
  if (/^\d{1,9}(\.\d+)?$/.test(value)) return Math.round(Number(value) * 1000);
  const at = /^[A-Z][a-z]{2},/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
