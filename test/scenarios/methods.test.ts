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
  const writer = login(place, ["operator.write"]);
  await writer.ready();
  const wider = { key: "work", parentSessionKey: "main", spawnDepth: 7, thinkingLevel: "off", displayName: "Mine" };
  const { entry } = (await writer.request("sessions.create", wider)) as unknown as {
    entry: Record<string, unknown>;
  };
  writer.close();
  assert.deepEqual(
    [entry["parentSessionKey"], entry["spawnDepth"], entry["thinkingLevel"], entry["displayName"]],
    [undefined, undefined, undefined, "Mine"],
    "lineage and what admins choose stay as they were",
  );
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

test("what was said is found, before a reset and after it, with the conversation that it was said in", async () => {
  await call("sessions.create", { key: "trip", label: "Trip to Lisbon" });
  await say(key("trip"), "Where do we keep the Ferry tickets?");
  interface Found {
    results: { sessionKey?: string; role: string; excerpt: string; matches: [number, number][]; archived: boolean }[];
    sessions: { key: string }[];
    complete: boolean;
    nextCursor: string | null;
  }
  const search = async (params: Record<string, unknown>) => (await call("sessions.search", params)) as unknown as Found;
  const found = await search({ query: "ferry tickets" });
  assert.deepEqual(
    found.results.map(({ sessionKey, role, archived }) => [sessionKey, role, archived]),
    [[key("trip"), "user", false]],
  );
  const [{ excerpt, matches }] = found.results as [Found["results"][number]];
  assert.deepEqual(
    matches.map(([start, length]) => excerpt.slice(start, start + length)),
    ["Ferry", "tickets"],
  );
  assert.deepEqual([found.complete, found.nextCursor], [true, null]);
  assert.deepEqual(
    (await search({ query: "lisbon" })).sessions.map((row) => row.key),
    [key("trip")],
  );

  await call("sessions.reset", { key: "trip" });
  const later = await search({ query: "ferry tickets", key: "trip" });
  assert.deepEqual(
    later.results.map(({ sessionKey, archived }) => [sessionKey, archived]),
    [[key("trip"), true]],
  );
  assert.deepEqual((await search({ query: "ferry tickets", archived: false })).results, []);

  const page = await search({ query: "quick fox", limit: 1 });
  const next = await search({ query: "quick fox", limit: 1, cursor: page.nextCursor });
  assert.equal(next.results.length, 1);
  assert.notDeepEqual(next.results, page.results);
  await refused("sessions.search", { query: "x", cursor: "nonsense" }, /invalid cursor/);
  await refused("sessions.search", { query: "x", agentId: "../.." }, /Unknown agent id/);
});

test("many conversations are changed at once, each with its own outcome", async () => {
  for (const name of ["one", "two"]) await call("sessions.create", { key: name });
  const id = ((await call("sessions.describe", { key: "one" }))["session"] as { sessionId: string }).sessionId;
  const pinned = await call("sessions.patchMany", { keys: ["one", "two", "one"], patch: { pinned: true } });
  assert.deepEqual([pinned["ok"], pinned["changed"], pinned["failed"]], [true, 2, 0]);
  const archived = (await call("sessions.patchMany", {
    keys: ["one", "two", "agent:nobody:main"],
    patch: { archived: true },
    expectedSessionIds: { one: id, two: "another" },
  })) as { ok: boolean; changed: number; results: { key: string; ok: boolean; error?: { code: string } }[] };
  assert.deepEqual([archived.ok, archived.changed], [false, 1]);
  assert.deepEqual(
    archived.results.map(({ key: of, ok, error }) => [of, ok, error?.code]),
    [
      [key("one"), true, undefined],
      ["two", false, "SESSION_CHANGED"],
      ["agent:nobody:main", false, "SESSION_AGENT_UNKNOWN"],
    ],
  );
  await refused("sessions.patchMany", { keys: ["one"], patch: {} }, /nothing to change/);
  const writer = login(place, ["operator.write"]);
  await writer.ready();
  await assert.rejects(
    writer.request("sessions.patchMany", { keys: ["two"], patch: { execAsk: "off" } }),
    /missing scope/,
  );
  assert.equal(
    ((await writer.request("sessions.patchMany", { keys: ["two"], patch: { icon: "x" } })) as { ok: boolean }).ok,
    true,
  );
  writer.close();
});

test("groups have an order and a look; conversations follow a new name and stay when their group goes", async () => {
  await call("sessions.groups.put", { name: "Work", color: "blue" });
  await call("sessions.groups.put", { name: "Home", position: 0 });
  await call("sessions.create", { key: "grouped" });
  await call("sessions.patch", { key: "grouped", category: "Work" });
  const told = new Promise<Record<string, unknown>>((resolve) =>
    client.on("sessions.groups.changed", (payload) => resolve(payload as Record<string, unknown>)),
  );
  await call("sessions.subscribe");
  const renamed = await call("sessions.groups.rename", { name: "Work", to: "Job" });
  assert.equal(renamed["moved"], 1);
  assert.deepEqual((await told)["sectionOrder"], ["Home", "Job"]);
  const updated = await call("sessions.groups.update", { name: "Job", color: null, icon: "case", collapsed: true });
  assert.deepEqual(updated["group"], { name: "Job", icon: "case", collapsed: true, sessions: 1 });
  const category = async () =>
    ((await call("sessions.describe", { key: "grouped" }))["session"] as { category?: string }).category;
  await call("sessions.reset", { key: "grouped" });
  assert.equal(await category(), "Job");
  await refused("sessions.groups.rename", { name: "Job", to: "Home" }, /already in use/);
  await refused("sessions.groups.update", { name: "Nothing" }, /group not found/);
  const gone = await call("sessions.groups.delete", { name: "Job" });
  assert.deepEqual([gone["deleted"], gone["ungrouped"]], [true, 1]);
  assert.equal(await category(), undefined);
  assert.equal((await call("sessions.groups.delete", { name: "Job" }))["deleted"], false);
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

test("a conversation is found by its names, shown in short, written to by its key, and shortened", async () => {
  const created = await call("sessions.create", { key: "found", label: "Lost and found", message: "first words" });
  assert.equal(created["runStarted"], true);
  await call("agent.wait", { runId: created["runId"], timeoutMs: 10_000 });
  const sessionId = String(created["sessionId"]);
  for (const name of [
    { label: "Lost and found" },
    { sessionId },
    { shortId: sessionId.slice(0, 8) },
    { reference: "found" },
  ])
    assert.equal((await call("sessions.resolve", name))["key"], key("found"));
  await refused("sessions.resolve", { label: "nothing" }, /^No session found with label: nothing/);
  await refused("sessions.resolve", {}, /^Either key, sessionId, label, shortId, or reference is required/);

  const { previews } = (await call("sessions.preview", { keys: ["found", "nobody"] })) as {
    previews: { status: string; items: { text: string }[] }[];
  };
  assert.deepEqual(
    previews.map(({ status }) => status),
    ["ok", "missing"],
  );
  assert.equal(previews[0]?.items[0]?.text, "first words");

  const sent = await call("sessions.send", { key: "found", message: "second words" });
  await call("agent.wait", { runId: sent["runId"], timeoutMs: 10_000 });
  const steered = await call("sessions.steer", { key: "found", message: "third words" });
  await call("agent.wait", { runId: steered["runId"], timeoutMs: 10_000 });
  await refused("sessions.send", { key: "nobody", message: "hi" }, /session not found/);
  assert.equal((await call("sessions.abort", { key: "found" }))["status"], "no-active-run");

  const whole = await call("chat.history", { sessionKey: "found", limit: 2 });
  assert.deepEqual([whole["totalMessages"], whole["hasMore"], whole["nextOffset"]], [6, true, 2]);
  const delta = await call("chat.history", { sessionKey: "found", cursor: whole["deltaCursor"] });
  assert.deepEqual([delta["kind"], delta["messages"]], ["delta", []]);
  assert.equal((await call("chat.history", { sessionKey: "found", cursor: "nonsense" }))["kind"], "reset");
  const injected = await call("chat.inject", { sessionKey: "found", message: "from the owner", label: "note" });
  const { messages } = (await call("chat.history", { sessionKey: "found", cursor: whole["deltaCursor"] })) as {
    messages: { content: unknown }[];
  };
  assert.deepEqual(
    messages.map(({ content }) => content),
    [[{ type: "text", text: "[note]\n\nfrom the owner" }]],
  );
  await call("chat.message.get", { sessionKey: "found", messageId: injected["messageId"] });
  assert.equal(((await call("sessions.get", { key: "found", limit: 3 }))["messages"] as unknown[]).length, 3);
  assert.deepEqual((await call("sessions.get", { key: "nobody" }))["messages"], []);

  const compacted = await call("sessions.compact", { key: "found", maxLines: 3 });
  assert.deepEqual([compacted["compacted"], compacted["kept"]], [true, 3]);
  assert.equal((await call("chat.history", { sessionKey: "found" }))["totalMessages"], 3);
  assert.equal((await call("sessions.compact", { key: "nobody", maxLines: 3 }))["reason"], "no sessionId");
  const summed = await call("sessions.compact", { key: "found" });
  assert.equal(typeof summed["compacted"], "boolean");
});

test("a conversation is taken back, switched and forked, and old ones are told", async () => {
  const branch = key("branches");
  for (const text of ["one", "two"]) await say(branch, text);
  const { messages } = (await call("chat.history", { sessionKey: branch })) as {
    messages: { role: string; __openclaw: { id: string } }[];
  };
  const answer = messages.find(({ role }) => role === "assistant")?.__openclaw.id ?? "";
  await call("sessions.rewind", { key: branch, messageId: answer });
  await say(branch, "other");
  const { branches } = (await call("sessions.branches.list", { key: branch })) as { branches: { id: string }[] };
  assert.equal(branches.length, 2);
  await call("sessions.branches.switch", { key: branch, branchId: branches[1]?.id });
  assert.equal((await call("sessions.fork", { key: branch }))["parentSessionKey"], branch);
  assert.equal((await call("sessions.cleanup", { dryRun: true }))["applied"], false);
});

test("what happened is listed, followed and looked into", async () => {
  const runId = await say(key("told"), "what happened?");
  for (const name of ["audit.list", "audit.activity.list"]) {
    const { events } = (await call(name, { runId })) as { events: { kind: string }[] };
    assert.equal(events[0]?.kind, "end");
  }
  assert.deepEqual((await call("audit.activity.follow", { runId, cursor: 0 }))["more"], false);
  assert.equal(((await call("audit.run.inspect", { runId }))["run"] as { state: string }).state, "done");
  assert.ok(Number((await call("sessions.trajectory.export", { key: key("told") }))["events"]) > 0);
  await refused("audit.run.inspect", { runId: "nobody" }, /no run "nobody" is on record/);
});

test("memory tells its state and is searched", async () => {
  assert.equal(typeof (await call("doctor.memory.status")), "object");
  assert.equal(typeof (await call("memory.search", { query: "anything" })), "object");
});

test("pages of a history by bytes hold the newest messages and lead to the older ones", async () => {
  for (const text of ["a".repeat(900), "b".repeat(900)]) await say(key("pages"), text);
  const page = await call("chat.startup", { sessionKey: "pages", maxBytes: 1500 });
  const shown = page["messages"] as unknown[];
  assert.ok(shown.length > 0 && shown.length < 4);
  assert.ok(Buffer.byteLength(JSON.stringify(shown)) <= 1500);
  const older = await call("chat.history", { sessionKey: "pages", offset: page["nextOffset"] });
  assert.equal(shown.length + (older["messages"] as unknown[]).length, 4);
});

test("what happened is told to the session, at once or with its next turn", async () => {
  await call("wake", { mode: "next-heartbeat", text: "the door\nopened" });
  assert.deepEqual((await call("status"))["queuedSystemEvents"], ["the door opened"]);
  await say("main", "who was it?");
  const { messages } = (await call("chat.history", { sessionKey: "main" })) as { messages: { content: string }[] };
  assert.match(messages[0]?.content ?? "", /^System: \[[^\]]+\] the door opened\n\nwho was it\?$/);
  assert.deepEqual((await call("status"))["queuedSystemEvents"], []);

  const beat = new Promise((resolve) => client.on("heartbeat", resolve));
  await call("wake", { mode: "now", text: "the door closed" });
  assert.equal(((await beat) as { reason?: string }).reason, "no-route");
  assert.equal((await call("last-heartbeat"))["status"], "skipped");
  await refused("wake", { mode: "now", text: " " }, /^text required/);
  await call("system-event", { text: "Node: kitchen", host: "kitchen" });
  await refused("system-event", { text: " " }, /^text required/);
  await call("set-heartbeats", { enabled: true });
  await refused("set-heartbeats", {}, /^invalid set-heartbeats params: enabled \(boolean\) required/);
});

test("what waits to be told survives a crash and is told once", async () => {
  await call("wake", { mode: "next-heartbeat", text: "the light went out" });
  await running.kill();
  running = await start(place);
  client = running.client;
  assert.deepEqual((await call("status"))["queuedSystemEvents"], ["the light went out"]);
  await say("main", "and now?");
  await say("main", "and then?");
  const { messages } = (await call("chat.history", { sessionKey: "main" })) as { messages: { content: unknown }[] };
  const told = messages.filter(({ content }) => String(content).includes("the light went out"));
  assert.equal(told.length, 1);
});

test("a skill is switched off", async () => {
  await call("skills.update", { skillKey: "weather", enabled: false });
  const { skills } = (await call("skills.status")) as { skills: { name: string; disabled: boolean }[] };
  assert.equal(skills.find(({ name }) => name === "weather")?.disabled, true);
});

test("agents are made, changed and removed, and their files edited", async () => {
  const created = await call("agents.create", { name: "Résumé Writer", workspace: "~/writer", emoji: "📄" });
  assert.equal(created["agentId"], "resume-writer");
  const agentId = "resume-writer";
  await refused("agents.create", { name: "resume writer", workspace: "~/w" }, /already exists/);
  const before = await call("config.get");
  await refused("agents.create", { name: "Poet", workspace: "~/p", model: "nonsense" }, /nonsense/);
  await refused("agents.update", { agentId, name: "Ghost", model: "fake/nonsense" }, /nonsense/);
  assert.equal((await call("config.get"))["hash"], before["hash"], "nothing was written");
  await call("agents.update", { agentId, model: "anthropic/claude-opus-4-6" });
  await call("agents.update", { agentId, name: "Writer", model: "fake/fake-1" });
  await call("agents.update", { agentId, model: null });
  assert.equal((await call("agent.identity.get", { agentId }))["name"], "Writer");
  await call("agents.files.set", { agentId, name: "USER.md", content: "Likes tea." });
  const { file } = (await call("agents.files.get", { agentId, name: "USER.md" })) as { file: { content: string } };
  assert.equal(file.content, "Likes tea.");
  await refused("agents.files.get", { agentId, name: "../openclaw.json" }, /^unsupported file "\.\.\/openclaw\.json"/);
  await call("agents.files.list", { agentId });
  await refused("agents.delete", { agentId: "main" }, /is the default agent/);
  const deleted = await call("agents.delete", { agentId });
  assert.equal((deleted["removed"] as unknown[]).length, 1);
  await refused("agents.delete", { agentId }, /^agent "resume-writer" not found/);
});

test("use of models is booked by day, session and quarter of an hour", async () => {
  await say(key("booked"), "count me");
  const cost = (await call("usage.cost", { days: 3, mode: "utc" })) as {
    daily: { totalTokens: number }[];
    totals: { totalTokens: number; totalCost: number };
  };
  assert.equal(cost.daily.length, 3);
  assert.ok((cost.daily[2]?.totalTokens ?? 0) > 0 && cost.totals.totalCost > 0);
  const usage = (await call("sessions.usage", { key: "booked" })) as {
    sessions: { key: string }[];
    aggregates: { messages: { user: number; assistant: number } };
  };
  assert.deepEqual(
    usage.sessions.map((session) => session.key),
    [key("booked")],
  );
  assert.deepEqual([usage.aggregates.messages.user, usage.aggregates.messages.assistant], [1, 1]);
  const weight = await call("sessions.context", { key: "booked" });
  assert.deepEqual([weight["source"], weight["sessionKey"]], ["run", "agent:main:booked"]);
  const series = (await call("sessions.usage.timeseries", { key: "booked" })) as { points: unknown[] };
  assert.equal(series.points.length, 1);
  const { logs } = (await call("sessions.usage.logs", { key: "booked" })) as { logs: { role: string }[] };
  assert.deepEqual(
    logs.map(({ role }) => role),
    ["user", "assistant"],
  );
});

test("a tool is called by itself, under the rules for such calls", async () => {
  const status = await call("tools.invoke", { name: "session_status" });
  assert.deepEqual([status["ok"], status["toolName"]], [true, "session_status"]);
  for (const name of ["exec", "nothing"])
    assert.deepEqual((await call("tools.invoke", { name }))["error"], {
      code: "not_found",
      message: `Tool not available: ${name}`,
    });
});

const plain: readonly [string, Record<string, unknown>][] = [
  ["health", {}],
  ["health", { probe: true }],
  ["status", {}],
  ["config.get", {}],
  ["skills.status", {}],
  ["agents.list", {}],
  ["agent.identity.get", {}],
  ["models.list", {}],
  ["models.list", { view: "all" }],
  ["models.authStatus", {}],
  ["commands.list", {}],
  ["chat.metadata", {}],
  ["tools.catalog", {}],
  ["tools.effective", { sessionKey: "main" }],
  ["logs.tail", { limit: 5 }],
  ["system-presence", {}],
  ["system.info", {}],
  ["last-heartbeat", {}],
  ["diagnostics.stability", { limit: 5 }],
  ["diagnostics.lanes", {}],
  ["gateway.identity.get", {}],
  ["gateway.restart.preflight", {}],
  ["channels.status", {}],
  ["usage.status", {}],
  ["sessions.subscribe", {}],
  ["sessions.messages.subscribe", { key: "main" }],
  ["sessions.messages.unsubscribe", { key: "main" }],
  ["sessions.viewers.set", { sessionKeys: ["main"] }],
  ["sessions.groups.list", {}],
  ["sessions.groups.defaults", {}],
  ["sessions.branches.list", { sessionKey: "main" }],
  ["sessions.observer.visibility", { visible: true }],
  ["sessions.companion.state", {}],
  ["sessions.catalog.list", {}],
  ["session.discussion.info", {}],
  ["question.list", {}],
  ["taskSuggestions.list", {}],
  ["tasks.list", {}],
  ["plugin.approval.list", {}],
  ["openclaw.approval.list", {}],
  ["projects.list", {}],
  ["mentions.list", {}],
  ["users.prefs.get", { keys: ["a"] }],
  ["plugins.list", {}],
  ["plugins.controlUi.list", {}],
  ["board.get", { sessionKey: "main" }],
  ["progressCard.get", {}],
  ["controlUi.sessionPullRequests.subscribe", {}],
  ["plugin.surface.refresh", { surface: "x" }],
  ["worktrees.list", {}],
  ["themes.list", {}],
  ["environments.list", {}],
  ["voicewake.get", {}],
  ["voicewake.set", { triggers: ["hey"] }],
  ["voicewake.routing.get", {}],
  ["tts.status", {}],
  ["tts.providers", {}],
  ["tts.personas", {}],
  ["tts.enable", {}],
  ["tts.disable", {}],
  ["talk.config", {}],
  ["talk.catalog", {}],
  ["update.status", {}],
  ["update.run", {}],
  ["wizard.start", {}],
];
for (const [name, params] of plain)
  test(`${name} ${JSON.stringify(params)} answers in its declared shape`, () =>
    call(name, params).then(() => undefined));

/** Methods that can only refuse here: nothing of what they need is there. */
const refusing: readonly [string, Record<string, unknown>, RegExp][] = [
  ["send", { to: "42", idempotencyKey: "s1" }, /^invalid send params: text or media is required/],
  ["send", { to: "42", message: "hi", idempotencyKey: "s2" }, /^Error: Channel is required \(no configured channels/],
  ["send", { to: "42", message: "hi", channel: "zzz", idempotencyKey: "s3" }, /^unsupported channel: zzz/],
  [
    "poll",
    { to: "42", question: "?", options: ["a", "b"], channel: "zzz", idempotencyKey: "p" },
    /^unsupported poll channel: zzz/,
  ],
  ["message.action", { channel: "zzz", action: "send", params: {} }, /^unsupported channel: zzz/],
  ["channels.start", { channel: "zzz" }, /no account "default" of the channel "zzz"/],
  ["channels.stop", { channel: "zzz" }, /no account "default" of the channel "zzz"/],
  ["channels.logout", { channel: "zzz" }, /^invalid channels\.logout channel/],
  ["web.login.start", {}, /^web login provider is not available/],
  ["web.login.wait", {}, /^web login provider is not available/],
  ["tts.setProvider", { provider: "x" }, /^There is no speech provider "x"/],
  ["tts.setPersona", { persona: "x" }, /^There is no persona "x"/],
  ["tts.convert", { text: "some words" }, /^No speech provider can be used/],
  ["tts.speak", { text: "some words" }, /^No speech provider can be used/],
  ["talk.speak", { text: "some words" }, /^No speech provider can be used/],
  ["talk.mode", { enabled: true }, /^talk disabled/],
  ["wizard.next", { sessionId: "x" }, /^wizard not found/],
  ["wizard.cancel", { sessionId: "x" }, /^wizard not found/],
  ["wizard.status", { sessionId: "x" }, /^wizard not found/],
];
for (const [name, params, pattern] of refusing)
  test(`${name} ${JSON.stringify(params)} refuses with a sentence`, async () => {
    await refused(name, params, pattern);
    called.add(name);
  });

/** Wrong params, each with everything that is said about them. */
const wrong: readonly [string, Record<string, unknown>, string][] = [
  ["sessions.list", { nope: 1 }, "at root: unexpected property 'nope'"],
  ["sessions.list", { limit: 0 }, "at /limit: must be >= 1"],
  ["sessions.list", { limit: "5" }, "at /limit: must be integer"],
  ["sessions.list", { limit: 0, search: 5 }, "at /limit: must be >= 1; at /search: must be string"],
  ["sessions.describe", {}, "must have required property 'key'"],
  ["sessions.preview", { keys: [] }, "at /keys: must not have fewer than 1 items"],
  ["sessions.patch", { key: "x", label: "l".repeat(513) }, "at /label: must not have more than 512 characters"],
  ["sessions.reset", { key: "x", reason: "why" }, "at /reason: must be equal to one of the allowed values"],
  ["chat.inject", { sessionKey: "x" }, "must have required property 'message'"],
  [
    "chat.send",
    { sessionKey: "x", message: "m", idempotencyKey: "k", queueMode: "later" },
    "at /queueMode: must be equal to one of the allowed values",
  ],
  ["agents.create", { name: "x" }, "must have required property 'workspace'"],
];
for (const [name, params, said] of wrong)
  test(`${name} ${JSON.stringify(params).slice(0, 60)} is told what is wrong`, () =>
    assert.rejects(client.request(name, params), (error: Error) => {
      assert.ok(error.message.startsWith(`invalid ${name} params: `), error.message);
      assert.ok(error.message.includes(said), `${error.message} says ${said}`);
      return true;
    }));

test("a message without a session is told so before anything else", () =>
  assert.rejects(client.request<string>("chat.send", {}), (error: Error & { details?: { code?: string } }) => {
    assert.equal(error.message, "session mutation target is unavailable");
    assert.equal(error.details?.code, "SESSION_MUTATION_TARGET_REQUIRED");
    return true;
  }));

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
  const elsewhere =
    /^(device\.|node\.|exec\.approval|config\.|secrets\.|channels\.pairing\.|sessions\.unsubscribe|skills\.bins|gateway\.restart\.request)/;
  const missing = methods
    .map((m: Method) => m.name)
    .filter((name: string) => !called.has(name) && !elsewhere.test(name));
  assert.deepEqual(missing, []);
});
