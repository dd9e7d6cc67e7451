/** Asking a token endpoint (RFC 6749). What it answers is never logged and never shown. */
import { errorText } from "../../base/errors.ts";
import type { Fetch } from "../../base/fetch.ts";
import { isRecord, record } from "../../base/record.ts";
import type { Loose } from "../../base/record.ts";
import { plainLine, shortened } from "../../base/text.ts";
import type { Tokens } from "./flow.ts";
import { keyText } from "./secret-text.ts";

export type Answered = { readonly body: Loose } | { readonly error: string; readonly reason: string };

export interface TokenRequest {
  readonly url: string;
  readonly params: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly json?: boolean;
  readonly signal?: AbortSignal;
}

const DEADLINE_MS = 20_000;
const MAX_BYTES = 256 * 1024;

/** Never throws but for the signal's reason. `error` is a code of the RFC, `unreachable` or `unexpected`. */
export async function askTokens(fetch: Fetch, { url, params, headers, json, signal }: TokenRequest): Promise<Answered> {
  try {
    const late = AbortSignal.timeout(DEADLINE_MS);
    const response = await fetch(url, {
      method: "POST",
      headers: {
        accept: "application/json",
        "content-type": json ? "application/json" : "application/x-www-form-urlencoded",
        ...headers,
      },
      body: json ? JSON.stringify(params) : new URLSearchParams(params).toString(),
      connectTimeoutMs: DEADLINE_MS,
      maxBytes: MAX_BYTES,
      egress: { origin: new URL(url).origin },
      signal: signal ? AbortSignal.any([signal, late]) : late,
    });
    return read(await response.text(), response);
  } catch (error) {
    signal?.throwIfAborted();
    return { error: "unreachable", reason: shortened(plainLine(errorText(error)), 200) };
  }
}

function read(text: string, { ok, status }: Pick<Response, "ok" | "status">): Answered {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { error: "unexpected", reason: `HTTP ${status} without JSON` };
  }
  const body = record(value);
  const { error, error_description: told, message } = body;
  if (ok && error === undefined) return { body };
  const code =
    typeof error === "string"
      ? error
      : isRecord(error) && typeof error["code"] === "string"
        ? error["code"]
        : "unexpected";
  const nested = isRecord(error) ? error["message"] : undefined;
  const said = [told, nested, message].find((one) => typeof one === "string" && one !== "");
  return {
    error: code,
    reason: shortened(
      plainLine(typeof said === "string" ? said : code === "unexpected" ? `HTTP ${status}` : code),
      200,
    ),
  };
}

/** A century: what is said to last longer is not known to end, and would be no date. */
const LONGEST_S = 100 * 365 * 86_400;

/** Undefined for an answer without a token. */
export function tokensOf(raw: Loose, now: number): Tokens | undefined {
  const { access_token: access, refresh_token: refresh, expires_in: seconds } = raw;
  // It travels in a header: what cannot, is none.
  if (typeof access !== "string" || !("key" in keyText(access))) return undefined;
  const lasts = Math.min(Number(seconds), LONGEST_S);
  return {
    access,
    raw,
    ...(typeof refresh === "string" && refresh !== "" ? { refresh } : {}),
    ...(Number.isFinite(lasts) && lasts > 0 ? { expires: now + lasts * 1000 } : {}),
  };
}

/** What a token says about its holder. Not verified: it came from its issuer, and nothing is decided by it. */
export function claimsOf(token: unknown): Loose {
  if (typeof token !== "string") return {};
  try {
    return record(JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8")));
  } catch {
    return {};
  }
}

/** Facts that are kept with a login. */
export function factsOf({ access, raw }: Tokens): Readonly<Record<string, string>> {
  const claims = { ...claimsOf(access), ...claimsOf(raw["id_token"]) };
  const openai = {
    ...record(claimsOf(access)["https://api.openai.com/auth"]),
    ...record(claims["https://api.openai.com/auth"]),
  };
  const profile = record(claimsOf(access)["https://api.openai.com/profile"]);
  const found = {
    email: claims["email"] ?? profile["email"],
    accountId: openai["chatgpt_account_id"],
    resourceUrl: raw["resource_url"],
  };
  return Object.fromEntries(
    Object.entries(found).filter((pair): pair is [string, string] => typeof pair[1] === "string" && pair[1] !== ""),
  );
}
