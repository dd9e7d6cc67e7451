import assert from "node:assert/strict";
import { test } from "node:test";
import { textOf } from "../../../contracts/message.ts";
import type { Message } from "../../../contracts/message.ts";
import type { FailureClass } from "../../../contracts/model.ts";
import { calls, fails, rig, says } from "../_fakes.ts";
import type { Rig } from "../_fakes.ts";

const asked = (r: Rig) => r.requests.map(({ endpoint }) => endpoint.provider).join(" ");
const said = (r: Rig) => r.posts.map(({ text }) => text);
const phases = (r: Rig) => r.events.flatMap(({ stream, data }) => (stream === "lifecycle" ? [data["phase"]] : []));
const fail = (kind: FailureClass, more: object = {}, text = "") => fails({ class: kind, ...more }, text);

const WITH_A_FALLBACK: readonly [FailureClass, object, string][] = [
  ["auth", {}, "p0 p1"],
  ["auth_permanent", {}, "p0 p1"],
  ["billing", {}, "p0 p1"],
  ["model_not_found", {}, "p0 p1"],
  ["rate_limit", {}, "p0 p1"],
  ["rate_limit", { retryAfterMs: 2000 }, "p0 p1"],
  ["overloaded", {}, "p0 p1"],
  ["unknown", {}, "p0 p1"],
  ["server_error", { retryAfterMs: 5000 }, "p0 p1"],
  ["timeout", { code: "idle" }, "p0 p1"],
];
for (const [kind, more, whom] of WITH_A_FALLBACK)
  test(`after ${kind} ${JSON.stringify(more)} the fallback answers at once`, async () => {
    const r = rig([fail(kind, more), says("hello")], { models: 2 });
    await r.turn("hi");
    assert.equal(asked(r), whom);
    assert.deepEqual(r.slept, []);
    assert.equal(said(r)[0], "hello");
    assert.ok(phases(r).includes("fallback_step"));
  });

test("a server that stumbles is asked once more before its fallback is", async () => {
  const r = rig([fail("server_error"), fail("server_error"), says("hello")], { models: 2 });
  await r.turn("hi");
  assert.equal(asked(r), "p0 p0 p1");
  assert.deepEqual(r.slept, [500]);
});

test("what is too long, or in the wrong shape, is not sent to others", async () => {
  for (const kind of ["context_overflow", "image_too_large", "format"] as const) {
    const r = rig(
      [0, 1, 2, 3, 4].map(() => fail(kind, { message: "no" })),
      { models: 2 },
    );
    await r.turn("hi");
    assert.ok(!asked(r).includes("p1"), kind);
  }
});

test("within a turn, who failed is not asked again after every tool", async () => {
  const r = rig([fail("server_error"), fail("server_error"), calls("nothing"), calls("nothing"), says("done")], {
    models: 2,
  });
  await r.turn("hi");
  assert.equal(asked(r), "p0 p0 p1 p1 p1");
});

test("when all fail, each of them is named with its reason, and the first decides what guests are told", async () => {
  const r = rig([fail("auth", { message: "HTTP 401: bad key." }), fail("billing", { message: "no credit" })], {
    models: 2,
  });
  await r.turn("hi");
  assert.match(
    said(r)[0] ?? "",
    /^⚠️ All models failed \(2\): p0\/m0: HTTP 401: bad key \(auth\) \| p1\/m1: no credit \(billing\)\. /,
  );
  assert.equal(r.ended[0]?.result.error?.failure?.class, "auth");
});

test("models that all are overloaded are asked again, all of them, with longer and longer pauses", async () => {
  const busy = fail("overloaded");
  const r = rig([busy, busy, busy, busy, busy, busy, says("hello")], { models: 2 });
  await r.turn("hi");
  assert.equal(asked(r), "p0 p1 p1 p1 p1 p0 p1");
  assert.deepEqual(r.slept, [500, 1000, 2000, 2500]);
  assert.ok(phases(r).includes("retrying"));
});

test("of an answer that breaks off, the next model says the rest, and it becomes one message", async () => {
  const r = rig([fail("timeout", {}, "One, two, "), says("three.")], { models: 2 });
  await r.turn("count");
  assert.equal(asked(r), "p0 p1");
  assert.equal(said(r)[0], "One, two, three.");
  assert.equal(r.messages.filter(({ role }) => role === "assistant").length, 1);
  const shown = r.events.flatMap(({ stream, data }) => (stream === "assistant" ? [data["delta"]] : []));
  assert.equal(shown.join(""), "One, two, three.");
  const sent = r.requests[1]?.messages as readonly Message[];
  assert.deepEqual(
    sent.map(({ role }) => role),
    ["user", "assistant", "user"],
  );
  assert.equal(textOf(sent[1]!), "One, two,");
});

test("a model that begins anew is not heard twice", async () => {
  const begun = "The capital of France is Paris, and it ";
  const r = rig([fail("overloaded", {}, begun), says(`${begun}lies on the Seine.`)], { models: 2 });
  await r.turn("where?");
  assert.equal(said(r)[0], "The capital of France is Paris, and it lies on the Seine.");
});

test("when the rest fails too, what was shown stays once, and the failure is told", async () => {
  const r = rig([fail("timeout", {}, "Half of it"), fail("auth", { message: "bad key" })], { models: 2 });
  await r.turn("hi");
  assert.equal(said(r)[0], "Half of it");
  assert.match(said(r)[1] ?? "", /All models failed/);
  assert.equal(r.messages.filter(({ role }) => role === "assistant").length, 1);
});

test("calls that the caller was shown are not made by another model", async () => {
  const schema = { name: "own", description: "", parameters: {} as never };
  const r = rig(
    [
      (request) => [{ type: "toolcall", id: "c", name: "own" }, ...(fail("timeout")(request) as Iterable<never>)],
      says("hello"),
    ],
    { models: 2 },
  );
  await r.turn("hi", { wishes: { clientTools: [schema] } });
  assert.equal(asked(r), "p0");
});

test("a request that is refused for its shape is sent once more in a plainer one", async () => {
  const before: { message: Message; runId: string }[] = [
    { runId: "b", message: { role: "user", content: "hello", timestamp: 1 } },
    {
      runId: "b",
      message: {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "hm" },
          { type: "text", text: "hi" },
        ],
        timestamp: 1,
        api: "fake",
        provider: "p0",
        model: "m0",
        usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, totalTokens: 0 },
        stopReason: "stop",
      },
    },
  ];
  const refused = fail("format", { message: "LLM request rejected: messages.1.content.0: text is empty" });
  const r = rig([refused, says("hello")], { before });
  await r.turn("hi");
  assert.deepEqual(said(r), ["hello"]);
  const kinds = r.requests.map(({ messages }) => JSON.stringify(messages).includes("thinking"));
  assert.deepEqual(kinds, [true, false]);
});

test("every attempt is a fact of the run", async () => {
  const r = rig([fail("rate_limit", { status: 429, code: "rate_limit_error", message: "slow" }), says("hello")], {
    models: 2,
  });
  await r.turn("hi");
  const told = r.facts.filter(({ kind }) => kind === "model").map(({ data }) => [data["provider"], data["failure"]]);
  assert.deepEqual(told, [
    ["p0", { class: "rate_limit", status: 429, code: "rate_limit_error", message: "slow" }],
    ["p1", undefined],
  ]);
});

test("the owner is told in one line who answered instead; groups and guests are not", async () => {
  const line = "↪️ Model Fallback: p1/m1 (selected p0/m0; rate limit)";
  for (const [options, expected] of [
    [{}, ["hello", line]],
    [{ kind: "group" }, ["hello"]],
    [{ role: "guest" }, ["hello"]],
    [{ wishes: { silent: true } }, []],
  ] as const) {
    const r = rig([fail("rate_limit"), says("hello")], { models: 2 });
    await r.turn("hi", options);
    assert.deepEqual(said(r), expected);
  }
});

test("a model that a person named for the message stands alone; one that a job names does not", async () => {
  const named = rig([fail("auth")], { models: 3 });
  await named.turn("hi", { wishes: { model: "p1/m1" }, by: "person" });
  assert.equal(asked(named), "p1");
  const job = rig([fail("auth"), fail("auth"), says("hello")], { models: 3 });
  await job.turn("hi", { wishes: { model: "p1/m1" } });
  assert.equal(asked(job), "p1 p2 p0");
});

test("a stream that gives no sign of life is left for the next model, sooner than it would be given up", async () => {
  const silent: Parameters<typeof rig>[0][number] = async function* (request) {
    await new Promise<void>((resolve) => request.signal.addEventListener("abort", () => resolve(), { once: true }));
    yield* fail("abort")(request) as Iterable<never>;
  };
  const r = rig([silent, says("hello")], { models: 2, firstTimers: true });
  await r.turn("hi", { wishes: { thinking: "off" } });
  assert.equal(asked(r), "p0 p1");
  assert.match(JSON.stringify(r.facts), /The model sent nothing for 30 s/);
});
