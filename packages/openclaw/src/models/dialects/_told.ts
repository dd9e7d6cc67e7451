/** What a server said about an error, taken out of the envelopes that vendors and routers put around it. */
import { isRecord } from "../../base/record.ts";
import type { Loose } from "../../base/record.ts";
import { compact, cut, plainLine } from "../../base/text.ts";

export interface Told {
  readonly message: string;
  readonly type?: string;
  readonly code?: string;
  /** A status inside the body (routers pass on what their upstream said). */
  readonly status?: number;
  /** How long to wait, where the body says so. */
  readonly retryAfterMs?: number;
}

/** `{error:{message,type,code}}`, `{type:"error",error:{…}}`, `[{error}]`, `{message}`, `{detail}`, HTML or plain text. */
export function unwrap(body: string): Told {
  const parsed = parse(body);
  const outer = Array.isArray(parsed) ? parsed[0] : parsed;
  if (!isRecord(outer)) return { message: plain(body) };
  const inner = isRecord(outer["error"]) ? outer["error"] : outer;
  const message = firstString(
    inner["message"],
    outer["message"],
    outer["Message"],
    outer["error"],
    outer["detail"],
    inner["status"],
  );
  const code = inner["code"] ?? outer["code"];
  const names = [inner["type"], inner["status"], shortName(inner["__type"])].map((one) =>
    typeof one === "string" ? name(one) : one,
  );
  return compact({
    message: upstream(inner["metadata"]) ?? nested(message) ?? plainLine(message ?? plain(body)),
    type: names.find((one): one is string => typeof one === "string" && one !== "error"),
    code: typeof code === "string" ? name(code) : undefined,
    status: typeof code === "number" && code >= 400 && code < 600 ? code : undefined,
    retryAfterMs: waitIn(inner),
  });
}

const LONGEST_WAIT_S = 30 * 24 * 3600;

/** Google's `RetryInfo` among the details (`"34.5s"`), ChatGPT's `resets_in_seconds`. */
function waitIn({ details, resets_in_seconds: resets }: Loose): number | undefined {
  const told = Array.isArray(details) ? details.map((each) => isRecord(each) && each["retryDelay"]) : [];
  const delay = told.find((each) => typeof each === "string" && /^\d{1,7}(?:\.\d+)?s$/.test(each)) as
    | string
    | undefined;
  const seconds = delay === undefined ? resets : Number(delay.slice(0, -1));
  return typeof seconds === "number" && Number.isFinite(seconds) && seconds >= 0
    ? Math.round(Math.min(seconds, LONGEST_WAIT_S) * 1000)
    : undefined;
}

/** Amazon's `com.amazon.coral.service#ThrottlingException`. */
function shortName(type: unknown): unknown {
  return typeof type === "string" ? type.split("#").at(-1) : undefined;
}

/** OpenRouter keeps what the vendor behind it said in `metadata.raw`. */
function upstream(metadata: unknown): string | undefined {
  const raw = isRecord(metadata) ? metadata["raw"] : undefined;
  return typeof raw === "string" && raw.trim() !== "" ? (nested(raw) ?? plainLine(raw)) : undefined;
}

/** Some routers put the JSON of their upstream into the message. */
function nested(message: string | undefined): string | undefined {
  if (!message?.trimStart().startsWith("{")) return undefined;
  const inner = parse(message);
  return isRecord(inner) ? unwrap(JSON.stringify(inner)).message : undefined;
}

/** Of a page only its beginning is looked at; a tag that is not closed there is none. */
const PAGE_LIMIT = 16_384;

function plain(body: string): string {
  const start = cut(body, PAGE_LIMIT);
  if (!start.includes("<")) return plainLine(start);
  return plainLine(start.replace(/<(style|script)\b[^]*?(?:<\/\1>|$)/gi, " ").replace(/<[^<>]{0,2000}>/g, " "));
}

function firstString(...values: readonly unknown[]): string | undefined {
  return values.find((value): value is string => typeof value === "string" && value.trim() !== "");
}

/** A vendor's name for an error: a word, not a text. */
const MAX_NAME = 80;

function name(value: string): string {
  return cut(plainLine(value), MAX_NAME);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
