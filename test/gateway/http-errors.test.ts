import assert from "node:assert/strict";
import { test } from "node:test";
import { defineErrors, fault } from "../../packages/openclaw/src/base/errors.ts";
import { defineRoute, type ErrorShape } from "../../packages/openclaw/src/contracts/route.ts";
import { openGateway } from "./_gateway.ts";
import { ask, bearer } from "./_http.ts";

const faults = defineErrors({
  TEST_INVALID: fault<void>({ status: 400, rpc: "INVALID_REQUEST", say: () => "Not like this", remedy: "" }),
  TEST_MISSING: fault<void>({ status: 404, rpc: "INVALID_REQUEST", say: () => "Not here", remedy: "" }),
  TEST_BUSY: fault<void>({ status: 503, rpc: "UNAVAILABLE", say: () => "Not now", remedy: "" }),
});

/** One route per shape; the query says what goes wrong. */
const routes = (["openai", "ok", "sentence", "text"] as const).map((shape: ErrorShape) =>
  defineRoute({
    methods: ["POST"],
    paths: [`/test/${shape}`, `/test/${shape}/{key}`],
    auth: "gateway",
    scope: "operator.write",
    summary: "For tests.",
    bodyLimit: 100,
    errors: shape,
    async run(call) {
      await call.json();
      if (call.query.has("missing")) throw faults.TEST_MISSING();
      if (call.query.has("busy")) throw faults.TEST_BUSY().with({ retryAfterMs: 1500, details: { runId: "r1" } });
      if (call.query.has("named")) throw faults.TEST_INVALID().with({ details: { type: "tool_error", hint: 1 } });
      if (call.query.has("bug")) throw new Error("inner detail");
      throw faults.TEST_INVALID();
    },
  }),
);

test("a fault leaves in the shape that its route's clients know", async (t) => {
  const { port } = await openGateway(t, { routes });
  const post = async (path: string, body = "") => {
    const answer = await ask(port, path, { method: "POST", headers: bearer, body });
    return [answer.status, answer.body.startsWith("{") ? JSON.parse(answer.body) : answer.body];
  };
  const openai = (message: string, type: string) => ({ error: { message, type } });
  const ok = (message: string, type: string, more = {}) => ({ ok: false, error: { type, message, ...more } });
  const cases: [string, number, unknown][] = [
    ["/test/openai", 400, openai("Not like this", "invalid_request_error")],
    ["/test/openai?missing", 404, openai("Not here", "invalid_request_error")],
    ["/test/openai?busy", 503, openai("Not now", "api_error")],
    ["/test/openai?named", 400, openai("Not like this", "tool_error")],
    ["/test/openai?bug", 500, openai("internal error", "api_error")],
    ["/test/ok", 400, ok("Not like this", "invalid_request")],
    ["/test/ok?missing", 404, ok("Not here", "not_found")],
    ["/test/ok?busy", 503, ok("Not now", "api_error", { runId: "r1" })],
    ["/test/ok?named", 400, ok("Not like this", "tool_error", { hint: 1 })],
    ["/test/ok?bug", 500, ok("internal error", "api_error")],
    ["/test/sentence?missing", 404, { ok: false, error: "Not here" }],
    ["/test/sentence?busy", 503, { ok: false, error: "Not now", runId: "r1" }],
    ["/test/sentence?bug", 500, { ok: false, error: "internal error" }],
    ["/test/text", 400, "Not like this"],
    ["/test/text?bug", 500, "internal error"],
    ["/test/openai/%zz", 400, openai("Malformed path", "invalid_request_error")],
    ["/test/ok/%zz", 400, ok("Malformed path", "invalid_request")],
  ];
  for (const [path, status, body] of cases) assert.deepEqual(await post(path), [status, body], path);
});

test("a fault that says when to come back sets Retry-After", async (t) => {
  const { port } = await openGateway(t, { routes });
  const { headers } = await ask(port, "/test/ok?busy", { method: "POST", headers: bearer });
  assert.equal(headers["retry-after"], "2");
});

test("a body that cannot be taken is refused in the words of all endpoints", async (t) => {
  const { port } = await openGateway(t, { routes });
  const post = async (path: string, body: string, headers = {}) => {
    const answer = await ask(port, path, { method: "POST", headers: { ...bearer, ...headers }, body });
    return [answer.status, answer.body.startsWith("{") ? JSON.parse(answer.body) : answer.body];
  };
  const large = "x".repeat(101);
  const error = { message: "Payload too large", type: "invalid_request_error" };
  assert.deepEqual(await post("/test/openai", large), [413, { error }]);
  assert.deepEqual(await post("/test/ok", large), [413, { error }]);
  assert.deepEqual(await post("/test/sentence", large), [413, { ok: false, error: "payload too large" }]);
  assert.deepEqual(await post("/test/text", large), [413, "Payload too large"]);
  for (const body of ["{", "[1]", "null", '"x"', "\xff"])
    assert.equal((await post("/test/openai", body))[0], 400, body);
  assert.deepEqual(await post("/test/openai", "{}", { "Content-Encoding": "gzip" }), [
    415,
    { error: { message: "Unsupported content encoding: gzip", type: "invalid_request_error" } },
  ]);
  assert.equal(
    (await post("/test/openai", "{}", { "Content-Encoding": "identity" }))[1].error.message,
    "Not like this",
  );
});
