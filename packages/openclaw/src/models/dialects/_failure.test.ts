import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { FailureClass } from "../../contracts/model.ts";
import { errors } from "../../base/faults.ts";
import { requestFor } from "../../../../../test/conformance/testDialect.ts";
import { failureOfBody, failureOfThrown, retryAfter } from "./_failure.ts";

const { endpoint } = requestFor("openai-completions", "http://h.test/v1", {
  endpoint: { headers: { "x-secret": "header-secret", "x-title": "OpenClaw" } },
});

describe("what servers say", () => {
  const table: readonly [string, number | undefined, string, FailureClass, string][] = [
    [
      "OpenAI's envelope",
      400,
      '{"error":{"message":"bad","type":"invalid_request_error","code":null}}',
      "format",
      "LLM request rejected: bad",
    ],
    [
      "Anthropic's envelope",
      429,
      '{"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}',
      "rate_limit",
      "HTTP 429: rate_limit_error: slow down",
    ],
    [
      "Google's envelope in a list",
      429,
      '[{"error":{"code":429,"message":"Resource exhausted","status":"RESOURCE_EXHAUSTED"}}]',
      "rate_limit",
      "HTTP 429: RESOURCE_EXHAUSTED: Resource exhausted",
    ],
    [
      "FastAPI's detail",
      422,
      '{"detail":"messages: expected a string"}',
      "format",
      "LLM request rejected: messages: expected a string",
    ],
    [
      "a bare error text",
      404,
      '{"error":"model \\"x\\" not found"}',
      "model_not_found",
      'HTTP 404: model "x" not found',
    ],
    [
      "JSON inside a message",
      500,
      '{"error":{"message":"{\\"error\\":{\\"message\\":\\"inner\\"}}"}}',
      "server_error",
      "HTTP 500: inner",
    ],
    ["plain text", 502, "Bad\n  Gateway", "server_error", "HTTP 502: Bad Gateway"],
    ["nothing", 500, "", "server_error", "HTTP 500: no explanation"],
    [
      "a window that will open again",
      402,
      '{"error":{"message":"usage limit reached, try again at 10:00"}}',
      "rate_limit",
      "HTTP 402: usage limit reached, try again at 10:00",
    ],
    [
      "too little money",
      402,
      '{"error":{"message":"Insufficient credits"}}',
      "billing",
      "HTTP 402: Insufficient credits",
    ],
    [
      "a key that is not valid (Google)",
      400,
      '{"error":{"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}',
      "auth",
      "HTTP 400: INVALID_ARGUMENT: API key not valid. Please pass a valid API key.",
    ],
    [
      "the context of llama.cpp",
      400,
      '{"error":{"message":"the request exceeds the available context size","type":"exceed_context_size_error"}}',
      "context_overflow",
      "HTTP 400: exceed_context_size_error: the request exceeds the available context size",
    ],
    [
      "overload in a stream",
      undefined,
      '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}',
      "overloaded",
      "overloaded_error: Overloaded",
    ],
    [
      "a server error in a stream",
      undefined,
      '{"type":"error","error":{"type":"api_error","message":"Internal server error"}}',
      "server_error",
      "api_error: Internal server error",
    ],
    ["a teapot", 418, "short and stout", "unknown", "HTTP 418: short and stout"],
  ];
  for (const [what, status, body, kind, message] of table) {
    it(`${what} becomes ${kind}`, () => {
      const failure = failureOfBody(body, endpoint, status);
      assert.deepEqual([failure.class, failure.message], [kind, message]);
    });
  }

  it("never shows a credential, whatever the body", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom("sk-fake-0123456789", "header-secret"),
        fc.string(),
        (before, secret, after) => {
          const { message } = failureOfBody(
            JSON.stringify({ error: { message: `${before} ${secret} ${after}` } }),
            endpoint,
            401,
          );
          assert.ok(!message.includes(secret));
        },
      ),
    );
  });

  it("leaves harmless headers alone", () => {
    assert.match(failureOfBody("OpenClaw is not allowed", endpoint, 403).message, /OpenClaw is not allowed/);
  });

  it("survives any body", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.json()),
        fc.option(fc.integer({ min: 400, max: 599 }), { nil: undefined }),
        (body, status) => failureOfBody(body, endpoint, status).message.length <= 600,
      ),
    );
  });
});

describe("what is thrown", () => {
  const table: readonly [string, unknown, FailureClass, RegExp][] = [
    [
      "a refused connection",
      errors.FETCH_FAILED({ host: "h", reason: "x" }).with({ details: { systemCode: "ECONNREFUSED" } }),
      "timeout",
      /^Could not reach http:\/\/h\.test \(ECONNREFUSED\)\.$/,
    ],
    [
      "a connection that broke",
      Object.assign(new TypeError("terminated"), { cause: Object.assign(new Error("reset"), { code: "ECONNRESET" }) }),
      "timeout",
      /broke \(ECONNRESET\)/,
    ],
    ["a slow server", errors.FETCH_TIMEOUT({ host: "h", ms: 5 }), "timeout", /FETCH_TIMEOUT/],
    [
      "an address that is forbidden",
      errors.EGRESS_REFUSED({ host: "169.254.169.254", reason: "metadata" }),
      "unknown",
      /No request to 169/,
    ],
    ["too much", errors.FETCH_TOO_LARGE({ host: "h", maxBytes: 5 }), "server_error", /larger than/],
    ["a string", "boom", "timeout", /boom/],
    ["nothing", undefined, "timeout", /broke/],
  ];
  for (const [what, error, kind, message] of table) {
    it(`${what} is ${kind}`, () => {
      const failure = failureOfThrown(error, endpoint);
      assert.equal(failure.class, kind);
      assert.match(failure.message, message);
    });
  }
});

describe("retry-after", () => {
  const now = Date.parse("2026-03-09T12:00:00Z");
  const table: readonly [Record<string, string>, number | undefined][] = [
    [{}, undefined],
    [{ "retry-after": "0" }, 0],
    [{ "retry-after": "1.5" }, 1500],
    [{ "retry-after": "Mon, 09 Mar 2026 12:00:10 GMT" }, 10_000],
    [{ "retry-after": "Mon, 09 Mar 2026 11:00:00 GMT" }, 0],
    [{ "retry-after": "-5" }, undefined],
    [{ "retry-after": "5", "retry-after-ms": "250" }, 250],
    [{ "retry-after-ms": "soon" }, undefined],
    [{ "retry-after": "9999999999" }, 30 * 86_400_000],
    [{ "retry-after": "9".repeat(400) }, 30 * 86_400_000],
    [{ "retry-after-ms": "1e300" }, 30 * 86_400_000],
    [{ "retry-after": "Fri, 09 Mar 9999 12:00:00 GMT" }, 30 * 86_400_000],
    [{ "retry-after": "Mon, 99 Mar 2026 12:00:00 GMT" }, undefined],
  ];
  for (const [headers, ms] of table)
    it(`${JSON.stringify(headers)} is ${ms}`, () => assert.equal(retryAfter(new Headers(headers), now), ms));
});
