/** The ways in which providers fail, and what follows from each. */
import type { Reply } from "../fakes/model-server.ts";

export interface Case {
  readonly id: string;
  readonly reply: Reply;
  /** Requests to the failing provider with a fallback: in this turn, and in the next where that is the same again. */
  readonly withOne: readonly [number, number?];
  /** The same without. */
  readonly alone: readonly [number, number?];
  /** What the person is told where nobody else can answer. */
  readonly says: RegExp;
  /** The reason in the line about the fallback; absent where no fallback is asked. */
  readonly reason?: string;
  /** What was shown before it failed. */
  readonly shown?: string;
  readonly timeoutSeconds?: number;
}

const refuse = (status: number, type: string, message: string, headers?: Record<string, string>): Reply => ({
  kind: "refuse",
  status,
  type,
  message,
  ...(headers === undefined ? {} : { headers }),
});

export const CASES: readonly Case[] = [
  {
    id: "401",
    reply: refuse(401, "authentication_error", "invalid api key"),
    withOne: [1, 0],
    alone: [1, 1],
    says: /^HTTP 401: authentication_error: invalid api key\. /,
    reason: "auth",
  },
  {
    id: "402",
    reply: refuse(402, "billing_error", "Your credit balance is too low"),
    withOne: [1, 0],
    alone: [1, 1],
    says: /^HTTP 402: billing_error: Your credit balance is too low\. The account at the provider has no credit left/,
    reason: "billing",
  },
  {
    id: "403",
    reply: refuse(403, "permission_error", "your key may not use this"),
    withOne: [1, 0],
    alone: [1, 1],
    says: /^HTTP 403: permission_error: your key may not use this\. /,
    reason: "auth",
  },
  {
    id: "404",
    reply: refuse(404, "not_found_error", "model: no such thing"),
    withOne: [1, 1],
    alone: [1, 1],
    says: /^HTTP 404: not_found_error: model: no such thing\. /,
    reason: "model not found",
  },
  {
    id: "429",
    reply: refuse(429, "rate_limit_error", "slow down"),
    withOne: [1, 0],
    alone: [3, 3],
    says: /^HTTP 429: rate_limit_error: slow down\. Wait, or raise the limit/,
    reason: "rate limit",
  },
  {
    id: "429 with retry-after 1",
    reply: refuse(429, "rate_limit_error", "slow down", { "retry-after": "1" }),
    withOne: [1, 0],
    alone: [3, 3],
    says: /^HTTP 429: rate_limit_error: slow down\. /,
    reason: "rate limit",
  },
  {
    id: "429 with retry-after 3600",
    reply: refuse(429, "rate_limit_error", "come back later", { "retry-after": "3600" }),
    withOne: [1, 0],
    alone: [1, 0],
    says: /^HTTP 429: rate_limit_error: come back later\. |^No available auth profile \(all in cooldown\/unavailable\)/,
    reason: "rate limit",
  },
  {
    id: "500",
    reply: refuse(500, "api_error", "it broke inside"),
    withOne: [2, 2],
    alone: [3, 3],
    says: /^HTTP 500: api_error: it broke inside\. /,
    reason: "server error",
  },
  {
    id: "503",
    reply: refuse(503, "unavailable", "back soon"),
    withOne: [1, 1],
    alone: [4, 4],
    says: /^HTTP 503: unavailable: back soon\. /,
    reason: "overloaded",
  },
  {
    id: "529",
    reply: refuse(529, "overloaded_error", "Overloaded"),
    withOne: [1, 1],
    alone: [4, 4],
    says: /^HTTP 529: overloaded_error: Overloaded\. /,
    reason: "overloaded",
  },
  {
    id: "a web page with 200",
    reply: { kind: "raw", body: "<html><h1>Welcome</h1></html>", contentType: "text/html" },
    withOne: [1, 1],
    alone: [1, 1],
    says: /^The address answered with a web page instead of a model's stream; check the base URL\. /,
    reason: "unknown",
  },
  {
    id: "an empty stream",
    reply: { kind: "raw", body: "" },
    withOne: [2, 0],
    alone: [2, 2],
    says: /^The model's server sent an empty answer\. /,
    reason: "timeout",
  },
  {
    id: "garbage",
    reply: { kind: "raw", body: "data: {not json\n\ndata: \u0000\u0001\n\n" },
    withOne: [2, 2],
    alone: [3, 3],
    says: /^The model's server sent something that is not its protocol\. /,
    reason: "server error",
  },
  {
    id: "a reset connection",
    reply: { kind: "reset", after: "request" },
    withOne: [2, 0],
    alone: [2, 2],
    says: /^The connection to http:\/\/127\.0\.0\.1:\d+ broke \(/,
    reason: "timeout",
  },
  {
    id: "a reset after some words",
    reply: { kind: "reset" },
    withOne: [1, 0],
    alone: [1, 1],
    says: /^The connection to http:\/\/127\.0\.0\.1:\d+ broke \(ECONNRESET\)\. /,
    reason: "timeout",
    shown: "Well,",
  },
  {
    id: "an error frame at once",
    reply: { kind: "raw", body: 'data: {"error":{"message":"Overloaded","type":"overloaded_error"}}\n\n' },
    withOne: [1, 1],
    alone: [4, 4],
    says: /^overloaded_error: Overloaded\. /,
    reason: "overloaded",
  },
  {
    id: "an error frame after some words",
    reply: { kind: "fail", type: "overloaded_error", message: "Overloaded" },
    withOne: [1, 1],
    alone: [1, 1],
    says: /^overloaded_error: Overloaded\. /,
    reason: "overloaded",
    shown: "Well,",
  },
  {
    id: "a stall",
    reply: { kind: "hang", after: "headers" },
    withOne: [1, 0],
    alone: [2, 2],
    says: /^The model (?:sent nothing for|did not finish within) 1 s\. /,
    reason: "timeout",
    timeoutSeconds: 1,
  },
  {
    id: "a stall after some words",
    reply: { kind: "hang", after: "text" },
    withOne: [1, 0],
    alone: [1, 1],
    says: /^The model (?:sent nothing for|did not finish within) 1 s\. /,
    reason: "timeout",
    shown: "Well,",
    timeoutSeconds: 1,
  },
  {
    id: "a context that is too long",
    reply: refuse(400, "invalid_request_error", "prompt is too long: 300000 tokens > 200000 maximum"),
    withOne: [5],
    alone: [5],
    says: /prompt is too long/,
  },
];
