/** Status, headers and body of a refused call → what went wrong, as data. */
import type { Endpoint, FailureClass, ModelFailure } from "../../contracts/model.ts";
import { Fault, errorText, systemCode } from "../../base/errors.ts";
import { compact, cut, plainLine } from "../../base/text.ts";
import type { Clock } from "../../base/time.ts";
import { readText } from "./_body.ts";
import type { Pull } from "./_body.ts";
import { classify } from "./_classify.ts";
import { unwrap } from "./_told.ts";
import type { Told } from "./_told.ts";

const BODY_LIMIT = 64 * 1024;
const MESSAGE_LIMIT = 400;

export async function failureOfResponse(
  response: Response,
  pull: Pull,
  endpoint: Endpoint,
  clock: Clock,
): Promise<ModelFailure> {
  const text = await readText(pull, BODY_LIMIT);
  // Amazon names the error here, and not always in the body: `ThrottlingException:http://…`.
  const type = response.headers.get("x-amzn-errortype")?.split(":")[0]?.slice(0, 80);
  const failure = failureOfBody(text, endpoint, response.status, type);
  return compact({ ...failure, retryAfterMs: retryAfter(response.headers, clock.now()) ?? failure.retryAfterMs });
}

/**
 * An error that the server describes in JSON or text, over HTTP or inside a stream (then without `status`). `type` is
 * what the server called it outside of the body.
 */
export function failureOfBody(body: string, endpoint: Endpoint, status?: number, type?: string): ModelFailure {
  const told = type === undefined ? unwrap(body) : { ...unwrap(body), type };
  const code = told.code ?? told.type;
  const known = status ?? told.status;
  const kind = classify({ status: known, text: `${told.type ?? ""} ${told.code ?? ""} ${told.message}` });
  const message = mask(sentence(kind, known, told), endpoint);
  return compact({ class: kind, status: known, code, message, retryAfterMs: told.retryAfterMs });
}

/** A stream that ended before its end; `any`: something had come. */
export function brokenOff(any: boolean): ModelFailure {
  const message = any ? "The model's answer broke off before its end." : "The model's server sent an empty answer.";
  return { class: "timeout", code: any ? "incomplete" : "empty", message };
}

/** An error that was thrown while connecting or reading. */
export function failureOfThrown(error: unknown, endpoint: Endpoint): ModelFailure {
  if (error instanceof RangeError) return { class: "server_error", message: "The model's answer is too large." };
  if (error instanceof Fault && error.code === "FETCH_TOO_LARGE")
    return { class: "server_error", message: error.message };
  if (error instanceof Fault && (error.code === "EGRESS_REFUSED" || error.code === "FETCH_HEADER"))
    return { class: "unknown", code: error.code, message: error.message };
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code = systemCodeIn(error) ?? systemCodeIn(cause);
  const where = originOf(endpoint.baseUrl);
  const what =
    code === "ECONNREFUSED" || code === "ENOTFOUND" || code === "EAI_AGAIN"
      ? `Could not reach ${where} (${code}).`
      : `The connection to ${where} broke (${code ?? plainLine(errorText(cause))}).`;
  return compact({ class: "timeout" as const, code, message: mask(cut(what, MESSAGE_LIMIT), endpoint) });
}

function systemCodeIn(error: unknown): string | undefined {
  if (!(error instanceof Fault)) return systemCode(error);
  const code = error.details?.["systemCode"];
  return typeof code === "string" ? code : error.code;
}

function sentence(kind: FailureClass, status: number | undefined, told: Told): string {
  // Chats and pages read Markdown: where a link leads is to be seen.
  const text = cut(told.message, MESSAGE_LIMIT).replaceAll("](", "] (") || "no explanation";
  if (kind === "format") return `LLM request rejected: ${text}`;
  const label = told.type ?? told.code;
  const parts = [status === undefined ? undefined : `HTTP ${status}`, label === text ? undefined : label, text];
  return parts.filter((part) => part !== undefined).join(": ");
}

/** Milliseconds to wait, from `retry-after-ms` or `retry-after` in seconds or as an HTTP date (RFC 9110 §10.2.3). */
export function retryAfter(headers: Headers, now: number): number | undefined {
  const told = toldWait(headers, now);
  return told === undefined ? undefined : Math.min(told, LONGEST_WAIT_MS);
}

/** Nobody means more; later times would be no dates in the end. */
const LONGEST_WAIT_MS = 30 * 24 * 3_600_000;

function toldWait(headers: Headers, now: number): number | undefined {
  const exact = Number(headers.get("retry-after-ms") ?? Number.NaN);
  if (Number.isFinite(exact) && exact >= 0) return exact;
  const value = headers.get("retry-after")?.trim();
  if (!value) return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.round(Number(value) * 1000);
  const at = /^[A-Z][a-z]{2}/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

const SECRET_SHAPES =
  /\b(?:sk|pk|rk|gsk|xai|nvapi)-[A-Za-z0-9_-]{8,}|\bAIza[A-Za-z0-9_-]{20,}|\bBearer\s+[A-Za-z0-9._~+/=-]{8,}/g;

/** Replaces the credentials of `endpoint`, and what looks like one, in a text for people. */
export function mask(text: string, endpoint: Endpoint): string {
  const headers = Object.entries(endpoint.headers).filter(
    ([name, value]) => /key|token|auth|secret|cookie/i.test(name) || isOpaque(value),
  );
  const secrets = [endpoint.apiKey ?? "", ...headers.map(([, value]) => value)].filter((s) => s.length >= 8);
  const known = secrets.reduce((out, secret) => out.replaceAll(secret, "***"), text);
  return known.replace(SECRET_SHAPES, "***");
}

/** A header of any name may hold a key: long, in one piece, and no address. */
function isOpaque(value: string): boolean {
  return /^\S{16,}$/.test(value) && !value.includes("://");
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : "the model's server";
}
