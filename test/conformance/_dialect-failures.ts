/** Every failure is the last event, with its class. */
import assert from "node:assert/strict";
import type { it as testIt } from "node:test";
import type { FailureClass } from "../../packages/openclaw/src/contracts/model.ts";
import type { Reply, Script } from "../fakes/model-server.ts";
import { wireOf } from "../fakes/_wires.ts";
import { collect, exchange, failureOf, ioWith, requestFor } from "./_dialect-kit.ts";
import type { DialectCase } from "./testDialect.ts";

interface Refusal {
  readonly status: number;
  readonly type?: string;
  readonly message?: string;
  readonly is: FailureClass;
}

const REFUSALS: readonly Refusal[] = [
  { status: 400, type: "invalid_request_error", message: "messages.1: unexpected role", is: "format" },
  {
    status: 400,
    type: "invalid_request_error",
    message: "prompt is too long: 210000 tokens > 200000 maximum",
    is: "context_overflow",
  },
  {
    status: 400,
    type: "invalid_request_error",
    message: "This model's maximum context length is 8192 tokens",
    is: "context_overflow",
  },
  { status: 400, type: "invalid_request_error", message: "Your credit balance is too low", is: "billing" },
  {
    status: 400,
    type: "invalid_request_error",
    message: "image dimensions exceed max allowed size: 8000 pixels",
    is: "image_too_large",
  },
  { status: 401, type: "authentication_error", message: "invalid x-api-key", is: "auth" },
  { status: 402, type: "billing_error", message: "Insufficient credits", is: "billing" },
  { status: 403, type: "permission_error", message: "not for your organization", is: "auth" },
  { status: 403, type: "permission_error", message: "This key has been revoked", is: "auth_permanent" },
  { status: 404, type: "not_found_error", message: "model: nope", is: "model_not_found" },
  { status: 408, message: "request timeout", is: "timeout" },
  { status: 413, type: "request_too_large", message: "Request exceeds the maximum size", is: "context_overflow" },
  { status: 429, type: "rate_limit_error", message: "Number of requests exceeded", is: "rate_limit" },
  { status: 429, type: "insufficient_quota", message: "You exceeded your current quota", is: "billing" },
  { status: 500, type: "api_error", message: "Internal server error", is: "server_error" },
  { status: 503, message: "busy", is: "overloaded" },
  { status: 529, type: "overloaded_error", message: "Overloaded", is: "overloaded" },
];

export function failures(it: typeof testIt, { dialect, server: { api } }: DialectCase): void {
  const fail = async (script: Script, idleMs = 5000) =>
    failureOf((await exchange({ dialect, api }, script, { idleMs })).last);

  for (const { is, ...refusal } of REFUSALS) {
    it(`takes ${refusal.status} ${refusal.type ?? ""} "${refusal.message}" as ${is}`, async () => {
      const { failure, partial } = await fail({ kind: "refuse", ...refusal });
      assert.equal(failure.class, is);
      assert.equal(failure.status, refusal.status);
      assert.ok(failure.message.includes(refusal.message ?? ""), failure.message);
      assert.ok(!failure.message.includes("{"), "unwrapped from its JSON");
      assert.equal(partial.stopReason, "error");
      assert.equal(partial.errorMessage, failure.message);
    });
  }

  it("waits as long as retry-after says in seconds", async () => {
    const { failure } = await fail({ kind: "refuse", status: 429, headers: { "retry-after": "7" } });
    assert.equal(failure.retryAfterMs, 7000);
  });

  it("waits until the date that retry-after names", async () => {
    const headers = { "retry-after": new Date(Date.now() + 30_000).toUTCString() };
    const { failure } = await fail({ kind: "refuse", status: 429, headers });
    assert.ok(failure.retryAfterMs !== undefined && failure.retryAfterMs > 25_000 && failure.retryAfterMs <= 30_000);
  });

  it("says nothing of waiting when retry-after makes no sense", async () => {
    const { failure } = await fail({ kind: "refuse", status: 429, headers: { "retry-after": "soon" } });
    assert.equal(failure.retryAfterMs, undefined);
  });

  it("keeps the key out of the message, and says the rest", async () => {
    const message = "Incorrect key sk-fake-0123456789 or sk-other-abcdefghijk given";
    const { failure } = await fail({ kind: "refuse", status: 401, message });
    assert.ok(!/sk-/.test(failure.message), failure.message);
    assert.match(failure.message, /Incorrect key \*\*\* or \*\*\* given/);
  });

  it("makes one short line of a long page of HTML", async () => {
    const body = `<html><style>p{}</style><body><h1>502 Bad\nGateway</h1>${"<p>padding</p>".repeat(500)}</body></html>`;
    const { failure } = await fail({ kind: "refuse", status: 502, body, headers: { "content-type": "text/html" } });
    assert.equal(failure.class, "server_error");
    assert.match(failure.message, /^HTTP 502: 502 Bad Gateway/);
    assert.ok(failure.message.length < 500);
  });

  const streams: readonly {
    readonly what: string;
    readonly reply: Reply;
    readonly is: FailureClass;
    readonly had: string;
  }[] = [
    { what: "a connection that is reset in mid-stream", reply: { kind: "reset" }, is: "timeout", had: "Well, " },
    { what: "a stream that ends before its end", reply: { kind: "cut" }, is: "timeout", had: "Well, " },
    { what: "an empty stream", reply: { kind: "raw", body: "" }, is: "timeout", had: "" },
    {
      what: "a stream that is no JSON",
      reply: { kind: "raw", body: wireOf(api).garbage },
      is: "server_error",
      had: "",
    },
    {
      what: "a web page with status 200",
      reply: { kind: "raw", body: "<html>Log in</html>", contentType: "text/html" },
      is: "unknown",
      had: "",
    },
    {
      what: "an error in mid-stream",
      reply: { kind: "fail", type: "overloaded_error", message: "Overloaded" },
      is: "overloaded",
      had: "Well, ",
    },
    {
      what: "a limit reached in mid-stream",
      reply: { kind: "fail", type: "rate_limit_error", message: "slow down" },
      is: "rate_limit",
      had: "Well, ",
    },
    { what: "silence before the headers", reply: { kind: "hang", after: "request" }, is: "timeout", had: "" },
    { what: "silence after the headers", reply: { kind: "hang", after: "headers" }, is: "timeout", had: "" },
    { what: "silence in mid-stream", reply: { kind: "hang", after: "text" }, is: "timeout", had: "Well, " },
  ];
  for (const { what, reply, is, had } of streams) {
    it(`takes ${what} as ${is} and keeps what had come`, async () => {
      const { failure, partial } = await fail(reply, 150);
      assert.equal(failure.class, is, failure.message);
      assert.deepEqual(partial.content, had === "" ? [] : [{ type: "text", text: had }]);
    });
  }

  it("takes a server that cannot be reached as timeout and names its address", async () => {
    const [event] = await collect(dialect.stream(requestFor(api, "http://127.0.0.1:9"), ioWith()));
    const { failure } = failureOf(event as never);
    assert.equal(failure.class, "timeout");
    assert.match(failure.message, /http:\/\/127\.0\.0\.1:9/);
  });

  it("reports a fetch that throws nonsense instead of throwing", async () => {
    const io = ioWith(() => Promise.reject("nonsense"));
    const [event] = await collect(dialect.stream(requestFor(api, "http://127.0.0.1:9"), io));
    assert.equal(failureOf(event as never).failure.class, "timeout");
  });

  it("does not take slow but steady words for silence", async () => {
    const { last } = await exchange({ dialect, api }, { text: Array(12).fill("word "), everyMs: 40 }, { idleMs: 350 });
    assert.equal(last.type, "done");
  });
}
