import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunEvent } from "../../packages/openclaw/src/features/runs/index.ts";
import { login, type Client } from "./_client.ts";
import { openGateway } from "./_gateway.ts";

const KEY = "agent:main:main";

/** Makes the events of a run, numbered. */
function run(runId = "run-1", more: Partial<RunEvent> = {}) {
  let seq = 0;
  return (stream: RunEvent["stream"], data: Record<string, unknown>): RunEvent => {
    seq += 1;
    return { runId, seq, ts: Date.now(), sessionKey: KEY, agentId: "main", stream, data, ...more };
  };
}

const END = { phase: "end", startedAt: 1, endedAt: 2, stopReason: "stop", aborted: false, texts: ["Hello world"] };

function connId(client: Client): string {
  return client.frames.find((frame) => frame.id === "connect")?.payload.server.connId;
}

test("the answer to a request leaves before the events it causes", async (t) => {
  const gateway = await openGateway(t);
  const client = await login(gateway.url);
  t.after(() => client.close());
  const answer = await client.request("test.ordered");
  const event = await client.event("chat");
  assert.ok(client.frames.indexOf(answer) < client.frames.indexOf(event));
});

test("a turn arrives in order, numbered without a hole, with exactly one end", async (t) => {
  const gateway = await openGateway(t);
  const client = await login(gateway.url);
  t.after(() => client.close());
  const event = run();
  gateway.play(event("lifecycle", { phase: "start", startedAt: 1 }));
  for (const [text, delta] of [
    ["Hello", "Hello"],
    ["Hello wo", " wo"],
    ["Hello world", "rld"],
  ])
    gateway.play(event("assistant", { text, delta }));
  gateway.play(event("lifecycle", END));
  gateway.play(event("lifecycle", { phase: "error", error: "late" }));
  const final = await client.event("chat", (payload) => payload.state !== "delta");
  assert.equal(final.payload.state, "final");
  assert.deepEqual(final.payload.message.content, [{ type: "text", text: "Hello world" }]);
  const numbered = client.frames.filter((frame) => frame.seq !== undefined);
  assert.deepEqual(
    numbered.map((frame) => frame.seq),
    numbered.map((_, i) => i + 1),
  );
  const ofRun = numbered.filter((frame) => frame.payload.runId === "run-1").map((frame) => frame.payload.seq);
  assert.deepEqual(
    ofRun,
    ofRun.toSorted((a, b) => a - b),
  );
  const deltas = client.events("chat").filter((frame) => frame.payload.state === "delta");
  assert.equal(deltas.map((frame) => frame.payload.deltaText).join(""), "Hello world");
  assert.equal(deltas.at(-1)?.payload.message.content[0].text, "Hello world");
  await client.request("health");
  assert.equal(client.events("chat").filter((frame) => frame.payload.state !== "delta").length, 1);
});

test("the first words are shown at once, the rest at a pace", async (t) => {
  const gateway = await openGateway(t);
  const client = await login(gateway.url);
  t.after(() => client.close());
  const event = run();
  let text = "";
  for (let i = 0; i < 100; i += 1) {
    text += "word ";
    gateway.play(event("assistant", { text, delta: "word " }));
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  gateway.play(event("lifecycle", END));
  await client.event("chat", (payload) => payload.state === "final");
  const deltas = client.events("chat").filter((frame) => frame.payload.state === "delta");
  assert.equal(deltas[0]?.payload.deltaText, "word ");
  assert.ok(deltas.length >= 3 && deltas.length <= 20, `${deltas.length} deltas`);
  assert.equal(deltas.map((frame) => frame.payload.deltaText).join(""), text);
});

test("text that does not go on from what was shown is marked as a replacement", async (t) => {
  const gateway = await openGateway(t);
  const client = await login(gateway.url);
  t.after(() => client.close());
  const event = run();
  gateway.play(event("assistant", { text: "Let me look.", delta: "Let me look." }));
  gateway.play(event("tool", { phase: "start", name: "read", toolCallId: "c", args: { path: "a" } }));
  gateway.play(event("assistant", { text: "Found", delta: "Found" }));
  const delta = await client.event("chat", (payload) => payload.replace === true);
  assert.equal(delta.payload.deltaText, "Found");
});

test("an agent that says nothing shows nothing", async (t) => {
  const gateway = await openGateway(t);
  const client = await login(gateway.url);
  t.after(() => client.close());
  const event = run();
  for (const text of ["NO", "NO_REPLY"]) gateway.play(event("assistant", { text, delta: text }));
  gateway.play(event("lifecycle", { ...END, texts: [] }));
  const final = await client.event("chat");
  assert.equal(final.payload.state, "final");
  assert.equal("message" in final.payload, false);
});

test("an aborted and a failed run end as such, once", async (t) => {
  const gateway = await openGateway(t);
  const client = await login(gateway.url);
  t.after(() => client.close());
  const aborted = run("aborted");
  gateway.play(aborted("assistant", { text: "Part", delta: "Part" }));
  gateway.play(
    aborted("lifecycle", { phase: "end", stopReason: "rpc", aborted: true, texts: ["Part"], startedAt: 1, endedAt: 2 }),
  );
  const end = await client.event("chat", (payload) => payload.state === "aborted");
  assert.deepEqual([end.payload.stopReason, end.payload.message.content[0].text], ["rpc", "Part"]);
  const failed = run("failed");
  gateway.play(failed("lifecycle", { phase: "error", error: "The model refused.", endedAt: 2 }));
  const error = await client.event("chat", (payload) => payload.state === "error");
  assert.equal(error.payload.errorMessage, "The model refused.");
  await client.event("agent", (payload) => payload.runId === "aborted" && payload.data.status === "cancelled");
});

test("tool events go to the client that began the run and asked for them; others see an item", async (t) => {
  const gateway = await openGateway(t);
  const starter = await login(gateway.url, { caps: ["tool-events"] });
  const watcher = await login(gateway.url, { caps: ["tool-events"] });
  const subscriber = await login(gateway.url);
  t.after(() => [starter, watcher, subscriber].forEach((client) => client.close()));
  await subscriber.request("sessions.messages.subscribe", { key: "main" });
  await starter.request("sessions.messages.subscribe", { key: "main" });
  const event = run("tools", { connId: connId(starter) });
  gateway.play(event("tool", { phase: "start", name: "exec", toolCallId: "c1", args: { command: "uname -a" } }));
  gateway.play(event("tool", { phase: "result", name: "exec", toolCallId: "c1", isError: false, result: {} }));
  gateway.play(event("lifecycle", END));
  const streams = async (client: Client) => {
    await client.event("chat");
    return [...new Set(client.events("agent").map((frame) => frame.payload.stream))];
  };
  assert.deepEqual(await streams(starter), ["item", "tool", "lifecycle"]);
  assert.deepEqual(await streams(watcher), ["item", "lifecycle"]);
  assert.deepEqual(await streams(subscriber), ["item", "lifecycle"]);
  assert.equal(subscriber.events("session.tool").length, 2);
  assert.equal(starter.events("session.tool").length, 0, "nothing is told twice");
  const item = await watcher.event("agent", (payload) => payload.data.phase === "start");
  assert.equal(item.payload.data.title, "Exec uname -a");
});

test("a client that began a run without asking for tool events gets none", async (t) => {
  const gateway = await openGateway(t);
  const client = await login(gateway.url);
  t.after(() => client.close());
  const event = run("plain", { connId: connId(client) });
  gateway.play(event("tool", { phase: "start", name: "exec", toolCallId: "c1", args: {} }));
  gateway.play(event("lifecycle", END));
  await client.event("chat");
  assert.ok(client.events("agent").every((frame) => frame.payload.stream !== "tool"));
});

test("who may not read sees no conversation, but knows that the gateway lives", async (t) => {
  const gateway = await openGateway(t);
  const pairer = await login(gateway.url, { scopes: ["operator.pairing"] });
  const reader = await login(gateway.url, { scopes: ["operator.read"] });
  const node = await login(gateway.url, { role: "node", scopes: [], client: { id: "node-host", mode: "node" } });
  t.after(() => [pairer, reader, node].forEach((client) => client.close()));
  const event = run();
  gateway.play(event("assistant", { text: "Hi", delta: "Hi" }));
  gateway.bus.publish("undeclared.event", {});
  gateway.bus.publish("tick", { ts: 1 });
  await Promise.all([pairer, reader, node].map((client) => client.event("tick")));
  assert.ok(reader.events("chat").length > 0 && reader.events("agent").length > 0);
  for (const client of [pairer, node])
    assert.deepEqual([client.events("chat"), client.events("agent"), client.events("presence")], [[], [], []]);
  assert.equal(reader.events("undeclared.event").length, 0, "what nobody declared is for admins");
});

test("a client that wants events by session gets none until it subscribes", async (t) => {
  const gateway = await openGateway(t);
  const client = await login(gateway.url, { caps: ["session-scoped-events"] });
  t.after(() => client.close());
  const chat = (runId: string) => gateway.bus.publish("chat", { runId, sessionKey: KEY, seq: 1, state: "final" });
  chat("before");
  assert.deepEqual((await client.request("sessions.messages.subscribe", { key: "main" })).payload, {
    subscribed: true,
    key: KEY,
  });
  chat("between");
  assert.deepEqual((await client.request("sessions.messages.unsubscribe", { key: "main" })).payload, {
    subscribed: false,
    key: KEY,
  });
  chat("after");
  await client.request("health");
  assert.deepEqual(
    client.events("chat").map((frame) => frame.payload.runId),
    ["between"],
  );
});

test("changes of sessions and messages need a subscription, which ends with the socket", async (t) => {
  const gateway = await openGateway(t);
  const changed = () => gateway.bus.publish("sessions.changed", { sessionKey: KEY, reason: "patch", ts: 1 });
  const first = await login(gateway.url);
  changed();
  assert.deepEqual((await first.request("sessions.subscribe")).payload, { subscribed: true });
  changed();
  await first.event("sessions.changed");
  assert.equal(first.events("sessions.changed").length, 1);
  first.close();
  const second = await login(gateway.url);
  t.after(() => second.close());
  changed();
  gateway.bus.publish("session.message", { sessionKey: KEY, message: {} });
  await second.request("health");
  assert.deepEqual([second.events("sessions.changed"), second.events("session.message")], [[], []]);
});

test("readers see clients come and go, with a rising version; the command line leaves no trace", async (t) => {
  const gateway = await openGateway(t);
  const reader = await login(gateway.url, { scopes: ["operator.read"], client: { displayName: "Reader" } });
  t.after(() => reader.close());
  const named = (name: string, reason: string) => (payload: any) =>
    payload.presence.some((entry: any) => entry.host === name && entry.reason === reason);
  const desk = await login(gateway.url, { client: { displayName: "Desk" } });
  const came = await reader.event("presence", named("Desk", "connect"));
  assert.deepEqual([came.payload.presence[0].mode, came.payload.presence[0].reason], ["gateway", "self"]);
  desk.close();
  const left = await reader.event("presence", named("Desk", "disconnect"));
  assert.ok((left.stateVersion?.presence ?? 0) > (came.stateVersion?.presence ?? 0));
  const before = reader.events("presence").length;
  (await login(gateway.url, { device: undefined, client: { id: "cli", mode: "cli" } })).close();
  await reader.request("health");
  assert.equal(reader.events("presence").length, before);
});

test("a dropped socket ends what waited for it, and nobody else", async (t) => {
  const gateway = await openGateway(t);
  const client = await login(gateway.url);
  const other = await login(gateway.url);
  t.after(() => other.close());
  void client.request("test.never").catch(() => undefined);
  client.close();
  gateway.play(run()("lifecycle", END));
  assert.equal((await other.event("chat")).payload.state, "final");
});

test("a client that stops reading is dropped, others see every end, and memory comes back", async (t) => {
  const gateway = await openGateway(t);
  const slow = await login(gateway.url);
  const good = await login(gateway.url);
  t.after(() => [slow, good].forEach((client) => client.close()));
  slow.ws.pause();
  const filler = "x".repeat(512 * 1024);
  // Ends are never skipped, so they fill the buffer of a client that does not read.
  for (let i = 0; i < 200; i += 1) {
    gateway.bus.publish("chat", { runId: `r${i}`, sessionKey: KEY, seq: 1, state: "final", message: filler });
    if (i % 10 === 9) await good.event("chat", (payload) => payload.runId === `r${i}`);
  }
  assert.equal(good.events("chat").length, 200);
  slow.ws.resume();
  const { code } = await slow.ended();
  assert.ok(code === 1008 || code === 1006, String(code));
  assert.ok(slow.events("chat").length < 200);
});

test("a slow client skips deltas, sees the gap, and gets the next one whole", async (t) => {
  const gateway = await openGateway(t);
  const slow = await login(gateway.url);
  t.after(() => slow.close());
  slow.ws.pause();
  const filler = "x".repeat(1024 * 1024);
  const chat = (more: Record<string, unknown>) =>
    gateway.bus.publish("chat", { runId: "r", sessionKey: KEY, seq: 1, ...more });
  const delta = (text: string, deltaText: string) =>
    chat({ state: "delta", deltaText, message: { content: [{ type: "text", text }] } });
  for (let i = 0; i < 35; i += 1) chat({ runId: "filler", state: "final", message: filler });
  delta("one", "one");
  delta("one two", " two");
  slow.ws.resume();
  await slow.until(() => slow.events("chat").length >= 35);
  delta("one two three", " three");
  const whole = await slow.event("chat", (payload) => payload.state === "delta");
  assert.deepEqual([whole.payload.deltaText, whole.payload.replace], ["one two three", true]);
  const numbers = slow.frames.flatMap((frame) => (frame.seq === undefined ? [] : [frame.seq]));
  const gap = numbers.find((seq, i) => i > 0 && seq !== (numbers[i - 1] ?? 0) + 1);
  assert.ok(gap !== undefined && gap <= (whole.seq ?? 0), "the skipped numbers are missing before it");
});

test("an event for two hundred sockets is encoded once", async (t) => {
  const gateway = await openGateway(t);
  const clients = await Promise.all(
    Array.from({ length: 200 }, () => login(gateway.url, { device: undefined, client: { id: "cli", mode: "cli" } })),
  );
  t.after(() => clients.forEach((client) => client.close()));
  let encoded = 0;
  const message = { toJSON: () => ((encoded += 1), "text") };
  const began = performance.now();
  gateway.bus.publish("chat", { runId: "r", sessionKey: KEY, seq: 1, state: "final", message });
  const published = performance.now() - began;
  await Promise.all(clients.map((client) => client.event("chat")));
  t.diagnostic(
    `published in ${published.toFixed(1)} ms, everywhere after ${(performance.now() - began).toFixed(0)} ms`,
  );
  assert.equal(encoded, 1);
});
