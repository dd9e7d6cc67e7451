/** Every method that the gateway offers, called on a running gateway; each result fits its declared shape. */
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { methods } from "../../packages/openclaw/src/generated/methods.ts";
import { problems } from "../../packages/openclaw/src/contracts/schema.ts";
import type { Method } from "../../packages/openclaw/src/contracts/method.ts";
import type { Gateway } from "../../packages/openclaw/src/client/index.ts";
import { startModelServer } from "../fakes/model-server.ts";
import type { ModelServer } from "../fakes/model-server.ts";
import { login, makePlace, start } from "../harness/gateway.ts";
import type { Place, Running } from "../harness/gateway.ts";

let model: ModelServer;
let place: Place;
let running: Running;
let client: Gateway;
const called = new Set<string>();

before(async () => {
  model = await startModelServer({
    api: "anthropic-messages",
    script: {
      text: ["the quick ", "brown fox"],
      thinking: ["hm"],
      signature: "sig",
      usage: { input: 10, output: 4, cacheRead: 6 },
      everyMs: 15,
    },
  });
  const provider = {
    baseUrl: model.url,
    api: "anthropic-messages",
    models: [
      {
        id: "fake-1",
        name: "Fake",
        reasoning: true,
        input: ["text"],
        contextWindow: 200_000,
        maxTokens: 8192,
        cost: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
      },
    ],
  };
  place = await makePlace(model.url, { models: { providers: { fake: provider } } });
  running = await start(place);
  client = running.client;
});

after(async () => {
  await running.stop();
  await model.close();
  place.end();
});

/** Calls a method and holds its result against the declared shape. */
async function call(name: string, params: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  const method = methods.find((m: Method) => m.name === name);
  assert.ok(method, `${name} is declared`);
  const result: unknown = await client.request(name, params);
  assert.deepEqual(problems(method.result, result), [], `${name} answers in its declared shape`);
  called.add(name);
  return result as Record<string, unknown>;
}

const key = (name: string) => `agent:main:${name}`;
const refused = (name: string, params: Record<string, unknown>, pattern: RegExp) =>
  assert.rejects(client.request(name, params), (error: Error) => pattern.test(error.message));

/** Sends a message and waits for the end of its run. */
async function say(sessionKey: string, message: string): Promise<string> {
  const runId = crypto.randomUUID();
  assert.deepEqual(await call("chat.send", { sessionKey, message, idempotencyKey: runId }), {
    runId,
    status: "started",
  });
  assert.equal((await call("agent.wait", { runId, timeoutMs: 10_000 }))["status"], "ok");
  return runId;
}

test("a message is answered, counted and found in the history with its thinking and cost", async () => {
  await say(key("talk"), "hello");
  const history = await call("chat.history", { sessionKey: key("talk") });
  const messages = history["messages"] as {
    role: string;
    content: unknown;
    usage?: { input: number; cacheRead: number; cost?: { total: number } };
  }[];
  assert.deepEqual(
    messages.map((m) => m.role),
    ["user", "assistant"],
  );
  assert.deepEqual(messages[1]?.content, [
    { type: "thinking", thinking: "hm", thinkingSignature: "sig" },
    { type: "text", text: "the quick brown fox" },
  ]);
  assert.equal(messages[1]?.usage?.cacheRead, 6);
  assert.ok((messages[1]?.usage?.cost?.total ?? 0) > 0);
});

test("the key of an ended run starts nothing again, with other words it is refused", async () => {
  const runId = await say(key("again"), "once");
  assert.deepEqual(await call("chat.send", { sessionKey: key("again"), message: "once", idempotencyKey: runId }), {
    runId,
    status: "ok",
  });
  await refused("chat.send", { sessionKey: key("again"), message: "other", idempotencyKey: runId }, /another message/);
});

test("two sends with one key at once are one run", async () => {
  const runId = crypto.randomUUID();
  const send = () => call("chat.send", { sessionKey: key("race"), message: "hi", idempotencyKey: runId });
  const states = (await Promise.all([send(), send()])).map((r) => String(r["status"])).toSorted();
  assert.deepEqual(states, ["in_flight", "started"]);
  await call("agent.wait", { runId, timeoutMs: 10_000 });
  const history = await call("chat.history", { sessionKey: key("race") });
  assert.equal((history["messages"] as unknown[]).length, 2);
});

test("a run in progress is shown to whoever asks late, and can be stopped", async () => {
  const runId = crypto.randomUUID();
  const delta = new Promise<void>((resolve) =>
    client.on("chat", (payload) =>
      (payload as { runId?: string; state?: string }).state === "delta" ? resolve() : undefined,
    ),
  );
  await call("chat.send", { sessionKey: key("stop"), message: "hi", idempotencyKey: runId });
  await delta;
  const late = await call("chat.startup", { sessionKey: key("stop") });
  assert.equal((late["inFlightRun"] as { runId?: string }).runId, runId);
  assert.deepEqual(await call("chat.abort", { sessionKey: key("stop") }), { ok: true, aborted: true, runIds: [runId] });
  const end = await call("agent.wait", { runId, timeoutMs: 10_000 });
  assert.equal(end["stopReason"], "rpc");
  assert.deepEqual(await call("chat.abort", { sessionKey: key("stop") }), { ok: true, aborted: false, runIds: [] });
});

test("agent answers twice: accepted, then the result; a repeat answers once with the same", async () => {
  const params = { message: "hi", sessionKey: key("agent"), idempotencyKey: crypto.randomUUID() };
  const result = (await client.request("agent", params, { expectFinal: true })) as {
    status: string;
    result: { payloads: { text: string }[] };
  };
  assert.equal(result.status, "ok");
  assert.deepEqual(
    result.result.payloads.map((p) => p.text),
    ["the quick brown fox"],
  );
  assert.deepEqual(await client.request("agent", params), result);
  called.add("agent");
});

test("a wait for an unknown run ends with its time", async () => {
  assert.deepEqual(await call("agent.wait", { runId: "nobody", timeoutMs: 30 }), {
    runId: "nobody",
    status: "timeout",
  });
});

test("sessions are created once, listed, patched, reset and deleted", async () => {
  const created = await call("sessions.create", { key: "Work", label: "My work" });
  assert.equal(created["key"], key("work"));
  assert.equal((await call("sessions.create", { key: "work" }))["sessionId"], created["sessionId"]);
  await refused("sessions.create", { key: "other", label: "My work" }, /label already in use/);

  await call("sessions.patch", { key: "work", label: "Renamed", thinkingLevel: "low" });
  const row = (await call("sessions.describe", { key: "work" }))["session"] as {
    label?: string;
    thinkingLevel?: string;
  };
  assert.deepEqual([row.label, row.thinkingLevel], ["Renamed", "low"]);
  const list = await call("sessions.list", { limit: 2 });
  assert.equal((list["sessions"] as unknown[]).length, 2);
  assert.equal(list["hasMore"], true);

  await say(key("work"), "something to forget");
  const reset = await call("sessions.reset", { key: "work" });
  assert.notEqual((reset["entry"] as { sessionId: string }).sessionId, created["sessionId"]);
  assert.equal((reset["entry"] as { label?: string }).label, "Renamed");
  assert.deepEqual((await call("chat.history", { sessionKey: "work" }))["messages"], []);

  const deleted = await call("sessions.delete", { key: "work" });
  assert.equal(deleted["deleted"], true);
  assert.equal((await call("sessions.describe", { key: "work" }))["session"], null);
  assert.equal((await call("sessions.delete", { key: "work" }))["deleted"], false);
  await refused("sessions.delete", { key: "main" }, /Cannot delete the main session/);
});

test("what was said before a restart is there after it", async () => {
  await say(key("keep"), "remember me");
  await running.stop();
  running = await start(place);
  client = running.client;
  const history = await call("chat.history", { sessionKey: key("keep") });
  assert.equal((history["messages"] as { content: unknown }[])[0]?.content, "remember me");
});

test("deliver without a chat to deliver to is refused before anything runs", async () => {
  await refused(
    "agent",
    { message: "hi", sessionKey: key("nowhere"), deliver: true, idempotencyKey: crypto.randomUUID() },
    /Channel is required/,
  );
});

const strangers: readonly [string, Record<string, unknown>, RegExp][] = [
  [
    "chat.send",
    { sessionKey: "agent:none:main", message: "hi", idempotencyKey: "n1" },
    /Agent "none" no longer exists in configuration/,
  ],
  ["agent", { agentId: "none", message: "hi", idempotencyKey: "n2" }, /unknown agent id "none"/],
  ["sessions.create", { agentId: "none" }, /Unknown agent id "none"/],
];
for (const [name, params, pattern] of strangers)
  test(`${name} refuses an agent that is not configured`, () => refused(name, params, pattern));

const plain: readonly [string, Record<string, unknown>][] = [
  ["health", {}],
  ["health", { probe: true }],
  ["status", {}],
  ["config.get", {}],
  ["agents.list", {}],
  ["agent.identity.get", {}],
  ["models.list", {}],
  ["models.list", { view: "all" }],
  ["tools.catalog", {}],
  ["tools.effective", { sessionKey: "main" }],
  ["logs.tail", { limit: 5 }],
  ["system-presence", {}],
  ["last-heartbeat", {}],
  ["gateway.identity.get", {}],
  ["channels.status", {}],
  ["sessions.subscribe", {}],
  ["sessions.messages.subscribe", { key: "main" }],
  ["sessions.messages.unsubscribe", { key: "main" }],
];
for (const [name, params] of plain)
  test(`${name} ${JSON.stringify(params)} answers in its declared shape`, () =>
    call(name, params).then(() => undefined));

test("the token never leaves through config.get", async () => {
  assert.doesNotMatch(JSON.stringify(await call("config.get")), /test-token/);
});

test("a connection without write scope may read and not write", async () => {
  const reader = login(place, ["operator.read"]);
  await reader.ready();
  assert.ok(await reader.request("sessions.list", {}));
  await assert.rejects(
    reader.request("chat.send", { sessionKey: "main", message: "hi", idempotencyKey: "x" }),
    /missing scope: operator.write/,
  );
  reader.close();
});

test("every advertised method was called here or has a test of its own", () => {
  const elsewhere = /^(device\.|channels\.pairing\.|sessions\.unsubscribe)/;
  const missing = methods
    .map((m: Method) => m.name)
    .filter((name: string) => !called.has(name) && !elsewhere.test(name));
  assert.deepEqual(missing, []);
});
