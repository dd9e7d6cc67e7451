/**
 * An access token from Google's application default credentials: the key of a service account (RFC 7523) or the login
 * of gcloud. Source: https://google.aip.dev/auth/4110
 */
import { createSign } from "node:crypto";
import { join } from "node:path";
import { readText } from "../../base/files.ts";
import { isRecord } from "../../base/record.ts";
import type { Loose } from "../../base/record.ts";
import type { DialectIo, ModelRequest } from "../../contracts/model.ts";
import { CallFailed } from "./_call.ts";

const EXCHANGE = "https://oauth2.googleapis.com/token";
const SCOPE = "https://www.googleapis.com/auth/cloud-platform";
const FILE_LIMIT = 64 * 1024;
const ANSWER_LIMIT = 64 * 1024;
/** A token is used until so long before its end. */
const SPARE_MS = 60_000;

interface Token {
  readonly text: string;
  readonly until: number;
}

const tokens = new WeakMap<DialectIo, Map<string, Token>>();

/** Throws `CallFailed` of class `auth`. */
export async function vertexToken(request: ModelRequest, io: DialectIo): Promise<string> {
  const env = io.programs?.env ?? {};
  const path =
    env["GOOGLE_APPLICATION_CREDENTIALS"] ??
    join(
      env["CLOUDSDK_CONFIG"] ?? join(env["HOME"] ?? "", ".config", "gcloud"),
      "application_default_credentials.json",
    );
  const known = tokens.get(io) ?? new Map<string, Token>();
  tokens.set(io, known);
  const before = known.get(path);
  if (before && before.until > io.clock.now()) return before.text;
  const token = await exchanged(await credentialIn(path), request, io);
  known.set(path, token);
  return token.text;
}

async function credentialIn(path: string): Promise<Loose> {
  try {
    const value: unknown = JSON.parse((await readText(path, FILE_LIMIT)) ?? "");
    if (isRecord(value)) return value;
  } catch {
    // Said below, for all that can be wrong with it.
  }
  throw refused(`${path} is missing or cannot be read`);
}

async function exchanged(credential: Loose, request: ModelRequest, io: DialectIo): Promise<Token> {
  const now = io.clock.now();
  const response = await io
    .fetch(EXCHANGE, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: grant(credential, now).toString(),
      signal: request.signal,
      connectTimeoutMs: request.idleMs,
      maxBytes: ANSWER_LIMIT,
      egress: { origin: new URL(EXCHANGE).origin },
    })
    .catch(() => undefined);
  const answer: unknown = await response?.json().catch(() => undefined);
  const { access_token: text, expires_in: seconds } = isRecord(answer) ? answer : ({} as Loose);
  if (!response?.ok || typeof text !== "string")
    throw refused(`Google gave no token (${response?.status ?? "no answer"})`);
  return { text, until: now + (typeof seconds === "number" ? seconds * 1000 : 0) - SPARE_MS };
}

function grant(credential: Loose, now: number): URLSearchParams {
  const { type, client_id, client_secret, refresh_token, client_email, private_key } = credential;
  if (type === "authorized_user")
    return new URLSearchParams({
      grant_type: "refresh_token",
      client_id: String(client_id),
      client_secret: String(client_secret),
      refresh_token: String(refresh_token),
    });
  if (type !== "service_account" || typeof private_key !== "string")
    throw refused(`credentials of type ${String(type)} are not understood`);
  const seconds = Math.floor(now / 1000);
  const claims = { iss: client_email, scope: SCOPE, aud: EXCHANGE, iat: seconds, exp: seconds + 3600 };
  const unsigned = [{ alg: "RS256", typ: "JWT" }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  const assertion = `${unsigned}.${createSign("RSA-SHA256").update(unsigned).sign(private_key, "base64url")}`;
  return new URLSearchParams({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion });
}

function refused(why: string): CallFailed {
  return new CallFailed({
    class: "auth",
    code: "no_credentials",
    message: `Vertex AI cannot be called: ${why}. Run "gcloud auth application-default login", or set GOOGLE_APPLICATION_CREDENTIALS to the key file of a service account.`,
  });
}
