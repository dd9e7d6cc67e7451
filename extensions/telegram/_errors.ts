/** What the Bot API and the network say, in the words of the channel contract. */
import { ChannelError, systemCode } from "openclaw/sdk";
import { GrammyError, HttpError } from "./_grammy.ts";

/** Failures that happen before a request can have left this machine. */
const UNSENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "EGRESS_REFUSED",
]);

/** `method` names the call for people. The token never gets into the message. */
export function toChannelError(error: unknown, method: string, token: string): ChannelError {
  if (error instanceof ChannelError) return error;
  if (error instanceof GrammyError) return refused(error, method);
  const cause = error instanceof HttpError ? error.error : error;
  const reason = (cause instanceof Error ? innermost(cause).message || cause.message : String(cause)).replaceAll(
    token,
    "***",
  );
  return new ChannelError({
    kind: "network",
    message: `${method} failed: ${reason}`,
    maybeSent: !codes(cause).some((code) => UNSENT.has(code)),
  });
}

function refused(
  { error_code: code, description, parameters }: InstanceType<typeof GrammyError>,
  method: string,
): ChannelError {
  const message = `${method} returned ${code}: ${description}`;
  switch (code) {
    case 401:
      return new ChannelError({ kind: "auth", message: `${method} returned 401: the bot token is not valid.` });
    case 404:
      return new ChannelError({
        kind: "auth",
        message: `${method} returned 404: the bot token or apiRoot is malformed.`,
      });
    case 403:
      return new ChannelError({ kind: "permission", message });
    case 409:
      return new ChannelError({
        kind: "network",
        message: `Another program receives the messages of this bot (${description}).`,
      });
    case 429:
      return new ChannelError({
        kind: "rate_limit",
        message,
        retryAfterMs: Math.max(1, parameters.retry_after ?? 1) * 1000,
      });
    default:
      if (code >= 500) return new ChannelError({ kind: "network", message });
      return new ChannelError({ kind: /not found/i.test(description) ? "not_found" : "invalid", message });
  }
}

export function says(error: unknown, pattern: RegExp): boolean {
  return error instanceof GrammyError && error.error_code === 400 && pattern.test(error.description);
}

function codes(error: unknown): string[] {
  const found: string[] = [];
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    const code = systemCode(at);
    if (code !== undefined) found.push(code);
    if (at instanceof AggregateError) found.push(...at.errors.map(systemCode).filter((each) => each !== undefined));
  }
  return found;
}

function innermost(error: Error): Error {
  let at = error;
  for (let depth = 0; depth < 5 && at.cause instanceof Error; depth += 1) at = at.cause;
  return at;
}
