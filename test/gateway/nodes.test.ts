import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { until } from "../harness/until.ts";
import { events } from "../../packages/openclaw/src/features/nodes/events.ts";
import { methods } from "../../packages/openclaw/src/features/nodes/methods.ts";
import { login, newDevice, type Client, type Device, type Frame } from "./_client.ts";
import { manualClock } from "./_clock.ts";
import { openGateway, TOKEN, type Setup, type TestGateway } from "./_gateway.ts";

interface Offer {
  readonly device?: Device;
  readonly commands?: readonly string[];
  readonly caps?: readonly string[];
  readonly platform?: string;
}

async function open(t: TestContext, setup: Setup = {}): Promise<{ gateway: TestGateway; owner: Client }> {
  const gateway = await openGateway(t, { methods, events, ...setup });
  const owner = await login(gateway.url);
  t.after(() => owner.close());
  return { gateway, owner };
}

/** A FAKE node that only answers what the test tells it to. */
async function node(t: TestContext, gateway: TestGateway, offer: Offer = {}): Promise<Client> {
  const { commands = ["system.run"], caps = ["system"], platform = "linux", device = newDevice() } = offer;
  const client = await login(gateway.url, {
    device,
    role: "node",
    scopes: [],
    client: { id: "node-host", mode: "node", platform, displayName: "Laptop" },
    caps,
    change: (params) => Object.assign(params, { commands }),
  });
  t.after(() => client.close());
  return client;
}

async function approved(t: TestContext, offer: Offer = {}, setup: Setup = {}) {
  const device = offer.device ?? newDevice();
  const { gateway, owner } = await open(t, setup);
  const client = await node(t, gateway, { ...offer, device });
  const { requestId } = (await owner.event("node.pair.requested")).payload;
  assert.equal((await owner.request("node.pair.approve", { requestId })).ok, true);
  return { gateway, owner, client, device };
}

function invoke(owner: Client, of: { device: Device; command?: string; key?: string; timeoutMs?: number }) {
  const { device, command = "system.run", key = "k1", timeoutMs } = of;
  return owner.request("node.invoke", {
    nodeId: device.id,
    command,
    params: { command: ["uname"] },
    idempotencyKey: key,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
}

test("a node that runs programs is connected, asks for pairing and admin, and works once approved", async (t) => {
  const { gateway, owner } = await open(t);
  const reader = await login(gateway.url, { scopes: ["operator.read"] });
  t.after(() => reader.close());
  const device = newDevice();
  const client = await node(t, gateway, { device, commands: ["system.run", "canvas.snapshot", "zzz.cmd"] });
  const asked = (await owner.event("node.pair.requested")).payload;
  assert.deepEqual(asked.commands, ["system.run"]);
  assert.deepEqual(asked.requiredApproveScopes, ["operator.pairing", "operator.admin"]);
  assert.equal(asked.nodeId, device.id);
  const [before] = (await owner.request("node.list")).payload.nodes;
  assert.deepEqual(
    [before.connected, before.paired, before.approvalState, before.commands],
    [true, false, "pending-approval", []],
  );
  const early = await invoke(owner, { device });
  assert.match(early.error?.message ?? "", /node command not allowed: "system.run"/);
  assert.equal(client.events("node.invoke.request").length, 0, "nothing is queued before the approval");

  const answer = await owner.request("node.pair.approve", { requestId: asked.requestId });
  assert.deepEqual(answer.payload.node.commands, ["system.run"]);
  const told = await client.event("node.pair.resolved");
  assert.equal(told.payload.decision, "approved");
  assert.equal(told.seq, undefined);
  assert.equal(reader.events("node.pair.requested").length + reader.events("node.pair.resolved").length, 0);

  const waiting = invoke(owner, { device, key: "k2" });
  const request = (await client.event("node.invoke.request")).payload;
  assert.deepEqual(JSON.parse(request.paramsJSON), { command: ["uname"] });
  const reply = { id: request.id, nodeId: device.id, ok: true, payloadJSON: '{"stdout":"Linux"}' };
  assert.deepEqual((await client.request("node.invoke.result", reply)).payload, { ok: true });
  assert.deepEqual((await waiting).payload, {
    ok: true,
    nodeId: device.id,
    command: "system.run",
    payload: { stdout: "Linux" },
    payloadJSON: '{"stdout":"Linux"}',
  });
  const blocked = (await owner.request("node.describe", { nodeId: device.id })).payload.blockedCommands;
  assert.deepEqual(blocked, [
    { command: "canvas.snapshot", reason: "command not allowlisted" },
    { command: "zzz.cmd", reason: "command not allowlisted" },
  ]);
});

test("nobody approves commands that they could not run themselves", async (t) => {
  const { gateway } = await open(t);
  const pairer = await login(gateway.url, { scopes: ["operator.pairing", "operator.write"] });
  t.after(() => pairer.close());
  await node(t, gateway);
  const strong = (await pairer.event("node.pair.requested")).payload;
  const denied = await pairer.request("node.pair.approve", { requestId: strong.requestId });
  assert.equal(denied.error?.message, "missing scope: operator.admin");
  assert.equal(denied.error?.details?.["missingScope"], "operator.admin");
  const harmless = await node(t, gateway, { commands: ["canvas.hide"], platform: "ios" });
  const weak = (await pairer.event("node.pair.requested", (p) => p.requestId !== strong.requestId)).payload;
  assert.deepEqual(weak.requiredApproveScopes, ["operator.pairing", "operator.write"]);
  assert.equal((await pairer.request("node.pair.approve", { requestId: weak.requestId })).ok, true);
  await harmless.event("node.pair.resolved");
});

test("an approval holds for the next connection; more than was approved is asked for anew", async (t) => {
  const { gateway, owner, client, device } = await approved(t);
  client.close();
  const again = await node(t, gateway, { device });
  assert.equal((await invokeAndAnswer(owner, again, device, "a")).ok, true);
  again.close();
  const wider = await node(t, gateway, { device, commands: ["system.run", "system.which"] });
  const more = (await owner.event("node.pair.requested", (p) => p.commands.length === 2)).payload;
  assert.equal(more.isRepair, true);
  assert.equal((await invokeAndAnswer(owner, wider, device, "b")).ok, true, "what was approved goes on working");
  const early = await invoke(owner, { device, command: "system.which", key: "c" });
  assert.match(early.error?.message ?? "", /is not approved/);
  const third = await node(t, gateway, { device, commands: ["system.run", "browser.proxy"] });
  await owner.event("node.pair.resolved", (p) => p.requestId === more.requestId && p.decision === "rejected");
  assert.ok(third);
  const unknown = await owner.request("node.pair.approve", { requestId: more.requestId });
  assert.equal(unknown.error?.message, "unknown requestId");
});

test("an approval that was taken back is gone at once, and for every later connection", async (t) => {
  const { owner, client, device } = await approved(t);
  assert.deepEqual((await owner.request("node.pair.remove", { nodeId: device.id })).payload, { nodeId: device.id });
  const told = await client.event("node.pair.resolved", (p) => p.decision === "removed");
  assert.equal(told.payload.requestId, "");
  assert.match((await invoke(owner, { device })).error?.message ?? "", /is not approved/);
  assert.equal((await owner.request("node.pair.remove", { nodeId: device.id })).error?.message, "unknown nodeId");
});

test("the list of denied commands wins over defaults, the list of allowed ones, and approvals", async (t) => {
  const gatewayConfig: Record<string, unknown> = {
    auth: { mode: "token", token: TOKEN },
    nodes: { allowCommands: ["camera.snap"], denyCommands: [] },
  };
  const commands = ["camera.snap", "camera.clip", "canvas.hide"];
  const { owner, client, device } = await approved(t, { commands, platform: "ios" }, { gateway: gatewayConfig });
  const [listed] = (await owner.request("node.list")).payload.nodes;
  assert.deepEqual(listed.commands, ["camera.snap", "canvas.hide"]);
  assert.equal((await invokeAndAnswer(owner, client, device, "a", "camera.snap")).ok, true);
  (gatewayConfig["nodes"] as Record<string, unknown>)["denyCommands"] = ["camera.snap"];
  const refused = await invoke(owner, { device, command: "camera.snap", key: "b" });
  assert.match(refused.error?.message ?? "", /is not in the allowlist for platform "ios"/);
  assert.deepEqual(refused.error?.details?.["reason"], "command not allowlisted");
});

test("what goes wrong on the way to a node has the code that clients know", async (t) => {
  const { owner, client, device } = await approved(t);
  const never = await invoke(owner, { device: newDevice(), key: "1" });
  assert.equal(never.error?.message, "node pairing changed while invocation was active");
  assert.deepEqual([never.error?.details?.["code"], never.error?.retryable], ["PAIRING_CHANGED", true]);

  const failing = invoke(owner, { device, key: "2" });
  const { id } = (await client.event("node.invoke.request")).payload;
  await client.request("node.invoke.result", {
    id,
    nodeId: device.id,
    ok: false,
    error: { code: "UNAVAILABLE", message: "boom" },
  });
  const failed = (await failing).error;
  assert.equal(failed?.message, "UNAVAILABLE: boom");
  assert.deepEqual(failed?.details?.["nodeError"], { code: "UNAVAILABLE", message: "boom" });
  assert.equal(failed?.details?.["nodeCommandDispatched"], true);

  const slow = await invoke(owner, { device, key: "3", timeoutMs: 50 });
  assert.equal(slow.error?.message, "TIMEOUT: node invoke timed out");
  const late = client.events("node.invoke.request").at(-1)?.payload;
  assert.equal((await client.event("node.invoke.cancel")).payload.invokeId, late.id);
  const dropped = await client.request("node.invoke.result", { id: late.id, nodeId: device.id, ok: true });
  assert.deepEqual(dropped.payload, { ok: true, ignored: true });

  const interrupted = invoke(owner, { device, key: "4" });
  await client.until(() => client.events("node.invoke.request").length === 3);
  client.close();
  const gone = (await interrupted).error;
  assert.deepEqual([gone?.message, gone?.details?.["nodeCommandDispatched"]], ["node not connected", true]);
  const offline = (await invoke(owner, { device, key: "5" })).error;
  assert.deepEqual([offline?.details?.["code"], offline?.details?.["nodeCommandDispatched"]], ["NOT_CONNECTED", false]);
});

test("a repeated key gets the first answer and runs nothing again", async (t) => {
  const { owner, client, device } = await approved(t);
  const [first, second] = [invoke(owner, { device }), invoke(owner, { device })];
  const request = (await client.event("node.invoke.request")).payload;
  await client.request("node.invoke.result", { id: request.id, nodeId: device.id, ok: true, payload: { n: 1 } });
  assert.deepEqual([(await first).payload.payload, (await second).payload.payload], [{ n: 1 }, { n: 1 }]);
  assert.deepEqual((await invoke(owner, { device })).payload.payload, { n: 1 });
  assert.equal(client.events("node.invoke.request").length, 1);
  const other = await owner.request("node.invoke", {
    nodeId: device.id,
    command: "system.run",
    params: { command: ["rm"] },
    idempotencyKey: "k1",
  });
  assert.match(other.error?.message ?? "", /idempotency key was used/);
});

test("a node answers for itself only", async (t) => {
  const { gateway, owner, client, device } = await approved(t);
  const stranger = await node(t, gateway, { commands: [] });
  const waiting = invoke(owner, { device, timeoutMs: 2000 });
  const { id } = (await client.event("node.invoke.request")).payload;
  for (const nodeId of [device.id, "other"]) {
    const forged = await stranger.request("node.invoke.result", { id, nodeId, ok: true, payload: "forged" });
    assert.equal(forged.error?.message, "nodeId mismatch");
  }
  await client.request("node.invoke.result", { id, nodeId: device.id, ok: true, payload: "mine" });
  assert.equal((await waiting).payload.payload, "mine");
});

test("the rules of a node are for admins, whichever way they are asked for", async (t) => {
  const commands = ["system.execApprovals.get", "system.execApprovals.set", "system.which"];
  const { gateway, owner, device } = await approved(t, { commands });
  const writer = await login(gateway.url, { scopes: ["operator.write"] });
  t.after(() => writer.close());
  const ask = async (client: Client, command: string) =>
    (await invoke(client, { device, command, key: `${command} ${client === owner}`, timeoutMs: 50 })).error?.details?.[
      "code"
    ];
  for (const command of commands.slice(0, 2)) {
    assert.equal(await ask(writer, command), "MISSING_SCOPE");
    assert.equal(await ask(owner, command), "NODE_TIMEOUT", "reached the node");
  }
  assert.equal(await ask(writer, "system.which"), "NODE_TIMEOUT", "reached the node");
});

test("results and params beyond the limits are refused, and commands under way are bounded", async (t) => {
  const { owner, client, device } = await approved(t);
  const waiting = invoke(owner, { device });
  const { id } = (await client.event("node.invoke.request")).payload;
  const big = { id, nodeId: device.id, ok: true, payloadJSON: JSON.stringify("x".repeat(6_000_000)) };
  assert.equal((await client.request("node.invoke.result", big)).ok, true);
  assert.match((await waiting).error?.message ?? "", /PAYLOAD_TOO_LARGE/);
  const params = await owner.request("node.invoke", {
    nodeId: device.id,
    command: "system.run",
    params: { data: "x".repeat(1_100_000) },
    idempotencyKey: "big",
  });
  assert.match(params.error?.message ?? "", /PAYLOAD_TOO_LARGE/);
  const many = Array.from({ length: 65 }, (_, i) => invoke(owner, { device, key: `m${i}`, timeoutMs: 300 }));
  const errors = (await Promise.all(many)).map((frame) => frame.error?.details?.["code"]);
  assert.equal(errors.filter((code) => code === "NODE_BUSY").length, 1);
  assert.equal(errors.filter((code) => code === "NODE_TIMEOUT").length, 64);
});

test("a request ends five minutes after its node has left, and lives as long as the node is there", async (t) => {
  const clock = manualClock();
  const { gateway, owner } = await open(t, { clock });
  const client = await node(t, gateway);
  const { requestId } = (await owner.event("node.pair.requested")).payload;
  // In steps, so that both ends answer the pings in between.
  for (let step = 0; step < 13; step += 1) {
    clock.advance(25_000);
    await Promise.all([owner, client].map((one) => one.request("health")));
  }
  assert.equal((await owner.request("node.pair.list")).payload.pending[0].requestId, requestId);
  client.close();
  await until(async () => (await owner.request("node.list")).payload.nodes.length === 0);
  for (let step = 0; step < 11; step += 1) {
    clock.advance(25_000);
    await owner.request("health");
  }
  assert.equal((await owner.request("node.pair.list")).payload.pending.length, 1);
  clock.advance(26_000);
  await owner.event("node.pair.resolved", (p) => p.requestId === requestId && p.decision === "expired");
  assert.equal((await owner.request("node.pair.list")).payload.pending.length, 0);
});

test("what nodes report is answered, also what nobody knows", async (t) => {
  const { client, device, owner } = await approved(t);
  for (const method of ["node.runnerInventory.update", "node.skills.update", "node.pluginTools.update"])
    assert.equal((await client.request(method, { anything: [1] })).ok, true, method);
  const unknown = (await client.request("node.event", { event: "no.such", payloadJSON: "{}" })).payload;
  assert.deepEqual([unknown.ok, unknown.handled], [true, false]);
  const alive = { event: "node.presence.alive", payload: { trigger: "significant_location" } };
  assert.equal((await client.request("node.event", alive)).payload.handled, true);
  const [listed] = (await owner.request("node.list")).payload.nodes;
  assert.equal(listed.lastSeenReason, "significant_location");
  const queued = await owner.request("node.pending.enqueue", { nodeId: device.id, type: "location.request" });
  const { items } = (await client.request("node.pending.pull")).payload;
  assert.equal(items[0].id, queued.payload.queued.id);
  assert.deepEqual((await client.request("node.pending.ack", { ids: [items[0].id] })).payload.remainingCount, 0);
  assert.equal((await owner.request("node.event", { event: "x" })).error?.message, "unauthorized role: operator");
});

test("a node whose commands nobody approved does not reach the assistant", async (t) => {
  const { gateway } = await open(t);
  const client = await node(t, gateway, { commands: [] });
  const asked = await client.request("node.event", { event: "agent.request", payload: { message: "hello" } });
  assert.deepEqual(asked.payload, { ok: true, event: "agent.request", handled: false, reason: "not paired" });
});

test("methods of version 3 are there for version 3 only", async (t) => {
  const { gateway, owner } = await open(t);
  const old = await login(gateway.url, { min: 3, max: 3 });
  t.after(() => old.close());
  const request = { nodeId: "n", token: "t" };
  assert.equal((await owner.request("node.pair.verify", request)).error?.message, "unknown method: node.pair.verify");
  assert.deepEqual((await old.request("node.pair.verify", request)).payload, { ok: false });
});

test("an owner's name for a node stays, whatever the node calls itself", async (t) => {
  const { gateway, owner, client, device } = await approved(t);
  await owner.request("node.rename", { nodeId: device.id, displayName: " Desk " });
  client.close();
  await node(t, gateway, { device });
  const [listed] = (await owner.request("node.list")).payload.nodes;
  assert.equal(listed.displayName, "Desk");
});

async function invokeAndAnswer(
  owner: Client,
  client: Client,
  device: Device,
  key: string,
  command?: string,
): Promise<Frame> {
  const seen = client.events("node.invoke.request").length;
  const waiting = invoke(owner, { device, key, ...(command === undefined ? {} : { command }) });
  const request = await client.until(() => client.events("node.invoke.request")[seen]?.payload);
  await client.request("node.invoke.result", { id: request.id, nodeId: device.id, ok: true });
  return waiting;
}

test("a node that comes is told at once which words wake it", async (t) => {
  const { gateway } = await open(t);
  const client = await node(t, gateway);
  const told = await client.event("voicewake.changed");
  assert.deepEqual([told.payload.triggers.includes("openclaw"), told.seq], [true, undefined]);
  await client.event("voicewake.routing.changed");
});

test("a device that is removed loses what was approved for it, and what it asked for", async (t) => {
  const { gateway, owner, device } = await approved(t);
  const waiting = newDevice();
  await node(t, gateway, { device: waiting, platform: "ios", commands: ["canvas.hide"] });
  await owner.event("node.pair.requested", (p) => p.nodeId === waiting.id);
  for (const { id } of [device, waiting]) await owner.request("device.pair.remove", { deviceId: id });
  const { pending, paired } = (await owner.request("node.pair.list")).payload;
  assert.deepEqual([pending, paired], [[], []]);
  await owner.event("node.pair.resolved", (p) => p.nodeId === waiting.id && p.decision === "rejected");
});

test("the owner's setup code is a yes to what a phone offers first, not to more later", async (t) => {
  const { gateway, owner } = await open(t);
  const { setupCode } = (await owner.request("device.pair.setupCode", { publicUrl: "wss://home.example" })).payload;
  const { bootstrapToken } = JSON.parse(Buffer.from(setupCode, "base64url").toString("utf8"));
  const device = newDevice();
  const phone = (commands: readonly string[], auth: { bootstrapToken?: string; token?: string }) =>
    login(gateway.url, {
      device,
      role: "node",
      scopes: [],
      client: { id: "openclaw-ios", mode: "node", platform: "ios" },
      auth,
      change: (params) => Object.assign(params, { commands }),
    });
  const first = await phone(["canvas.hide"], { bootstrapToken });
  await owner.event("node.pair.resolved", (p) => p.nodeId === device.id && p.decision === "approved");
  assert.equal(owner.events("node.pair.requested").length, 0);
  const [listed] = (await owner.request("node.list")).payload.nodes;
  assert.deepEqual([listed.paired, listed.commands], [true, ["canvas.hide"]]);
  first.close();
  const second = await phone(["canvas.hide", "canvas.present"], { token: TOKEN });
  t.after(() => second.close());
  await owner.event("node.pair.requested", (p) => p.nodeId === device.id);
});
