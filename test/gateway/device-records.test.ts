import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { until } from "../harness/until.ts";
import { defineEvent } from "../../packages/openclaw/src/contracts/method.ts";
import { Type } from "../../packages/openclaw/src/contracts/schema.ts";
import { systemClock } from "../../packages/openclaw/src/base/time.ts";
import { pairedIn } from "../../packages/openclaw/src/gateway/_devices/import-devices.ts";
import { Client, login, newDevice, type Device, type Frame, type Say } from "./_client.ts";
import { fakeDevices, openGateway, TOKEN, type TestGateway } from "./_gateway.ts";
import fc from "fast-check";

const remote = { headers: { "X-Forwarded-For": "203.0.113.7" } };
const auth = { mode: "token", token: TOKEN };
const behindProxy = { auth, trustedProxies: ["127.0.0.1"] };

async function answerTo(gateway: TestGateway, say: Say, options = {}): Promise<Frame> {
  const client = new Client(gateway.url, options);
  const answer = await client.connect(say);
  client.close();
  return answer;
}

test("the owner's name for a device is listed and told, and survives what the device calls itself", async (t) => {
  const gateway = await openGateway(t);
  const owner = await login(gateway.url);
  t.after(() => owner.close());
  const device = newDevice();
  (await login(gateway.url, { device, client: { displayName: "iPhone" } })).close();
  const before = owner.events("device.pair.changed").length;
  const renamed = await owner.request("device.pair.rename", { deviceId: device.id, label: "  Kitchen  " });
  assert.deepEqual(renamed.payload, { deviceId: device.id, label: "Kitchen" });
  await owner.until(() => owner.events("device.pair.changed").length > before);
  (await login(gateway.url, { device, client: { displayName: "Other" }, scopes: ["operator.read"] })).close();
  const { paired } = (await owner.request("device.pair.list")).payload;
  assert.equal(paired.find((row: { deviceId: string }) => row.deviceId === device.id).label, "Kitchen");
  const unknown = await owner.request("device.pair.rename", { deviceId: "nobody", label: "x" });
  assert.equal(unknown.error?.message, "unknown deviceId");
  assert.equal((await owner.request("device.pair.rename", { deviceId: device.id, label: "   " })).ok, false);
});

test("devices that were approved silently and stayed away for a month are forgotten at start, others are not", async (t) => {
  const devices = fakeDevices();
  const first = await openGateway(t, { devices });
  for (const device of [newDevice(), newDevice()]) (await login(first.url, { device })).close();
  const [silent, owned] = await devices.list();
  if (owned !== undefined) await devices.put({ ...owned, approvedVia: "owner" });
  await first.stop();
  const days = (count: number) => ({ ...systemClock, now: () => Date.now() + count * 86_400_000 });
  await (await openGateway(t, { devices, clock: days(29) })).stop();
  assert.equal((await devices.list()).length, 2);
  const later = await openGateway(t, { devices, clock: days(31) });
  await until(async () => (await devices.list()).length <= 1);
  assert.deepEqual(
    (await devices.list()).map(({ deviceId }) => deviceId),
    [owned?.deviceId],
  );
  assert.notEqual(silent, undefined);
  await later.stop();
});

test("a node in a listed network is paired when first seen; operators, other networks and proxied ones are not", async (t) => {
  const nodes = { pairing: { autoApproveCidrs: ["127.0.0.0/8"], autoApproveLocal: false } };
  const gateway = await openGateway(t, { gateway: { ...behindProxy, nodes } });
  const node: Say = { role: "node", scopes: [], client: { id: "node-host", mode: "node" } };
  const device = newDevice();
  assert.ok((await answerTo(gateway, { ...node, device })).ok);
  assert.equal((await gateway.devices.get(device.id))?.approvedVia, "trusted-cidr");
  const reason = async (say: Say, options = {}) =>
    (await answerTo(gateway, { device: newDevice(), ...say }, options)).error?.details?.["reason"];
  assert.equal(await reason({}), "not-paired");
  assert.equal(await reason({ ...node, scopes: ["operator.read"] }), "not-paired");
  assert.equal(await reason(node, { headers: { "X-Forwarded-For": "127.0.0.5, 10.0.0.1" } }), "not-paired");
  assert.equal(await reason({ ...node, device, client: { ...node.client, platform: "ios" } }), "metadata-upgrade");
});

test("the flag that takes devices away from the Control UI takes their pairing away too, and nobody else's", async (t) => {
  const controlUi = { dangerouslyDisableDeviceAuth: true, allowedOrigins: ["https://claw.example"] };
  const gateway = await openGateway(t, { gateway: { ...behindProxy, controlUi } });
  const page = { headers: { ...remote.headers, Origin: "https://claw.example" } };
  const ui = { id: "openclaw-control-ui", mode: "webchat" };
  for (const device of [undefined, newDevice()]) {
    const answer = await answerTo(gateway, { device, client: ui, scopes: ["operator.read"] }, page);
    assert.deepEqual([answer.payload?.auth.scopes, answer.payload?.auth.deviceToken], [["operator.read"], undefined]);
  }
  const secretless = await answerTo(gateway, { device: newDevice(), client: ui, auth: {} }, page);
  assert.equal(secretless.error?.details?.["code"], "AUTH_TOKEN_MISSING");
  const webchat = { id: "webchat-ui", mode: "webchat" };
  const other = await answerTo(gateway, { device: newDevice(), client: webchat }, page);
  assert.equal(other.error?.details?.["reason"], "not-paired");
  const { headers } = page;
  const foreign = await answerTo(gateway, { client: ui }, { headers: { ...headers, Origin: "https://evil.example" } });
  assert.equal(foreign.error?.details?.["reason"], "origin not allowed");
});

const targeted = [
  defineEvent({ name: "test.target", summary: "For tests.", scope: "target", payload: Type.Object({}) }),
  defineEvent({ name: "test.read", summary: "For tests.", scope: "operator.read", payload: Type.Object({}) }),
];

test("what is meant for one connection reaches it alone, and takes no number where nodes are concerned", async (t) => {
  const gateway = await openGateway(t, { events: targeted });
  const node = await login(gateway.url, { role: "node", scopes: [], client: { id: "node-host", mode: "node" } });
  const reader = await login(gateway.url);
  t.after(() => [node, reader].forEach((client) => client.close()));
  const connId = (client: Client) => client.frames.find(({ id }) => id === "connect")?.payload.server.connId;
  gateway.bus.publish("test.target", { n: 1 });
  gateway.bus.publish("test.target", { n: 2 }, { only: connId(node) });
  gateway.bus.publish("test.read", { n: 3 }, { only: connId(node) });
  gateway.bus.publish("test.target", { n: 4 }, { only: connId(reader) });
  gateway.bus.publish("tick", { ts: 1 });
  await Promise.all([node.event("tick"), reader.event("tick")]);
  const seen = (client: Client) =>
    client.frames.filter(({ event }) => event?.startsWith("test.")).map(({ payload, seq }) => [payload.n, seq]);
  assert.deepEqual(seen(node), [
    [2, undefined],
    [3, undefined],
  ]);
  assert.deepEqual(seen(reader), [[4, undefined]]);
});

/** The file of an earlier installation, with one device and its token. */
async function earlier(t: TestContext, device: Device, token: string): Promise<string> {
  const state = await mkdtemp(join(tmpdir(), "gateway-import-"));
  t.after(() => rm(state, { recursive: true, force: true }));
  await mkdir(join(state, "devices"));
  const record = {
    deviceId: device.id,
    publicKey: device.publicKey,
    displayName: "Old phone",
    platform: "linux",
    clientId: "openclaw-ios",
    clientMode: "ui",
    role: "operator",
    roles: ["operator"],
    scopes: ["operator.read", "operator.write"],
    tokens: { operator: { token, role: "operator", scopes: ["operator.read"], createdAtMs: 1_767_000_000_000 } },
    createdAtMs: 1_767_000_000_000,
    approvedAtMs: 1_767_000_000_000,
  };
  await writeFile(join(state, "devices", "paired.json"), JSON.stringify({ [device.id]: record }));
  await writeFile(join(state, "devices", "pending.json"), "{}");
  return state;
}

test("devices of an earlier installation go on with the tokens they have, once, and no bearer is kept", async (t) => {
  const device = newDevice();
  const state = await earlier(t, device, "a-token-from-january");
  const gateway = await openGateway(t, { state, gateway: behindProxy });
  const say = { device, scopes: ["operator.read"], auth: { deviceToken: "a-token-from-january" } };
  const answer = await answerTo(gateway, say, remote);
  assert.deepEqual([answer.payload?.auth.method, answer.payload?.auth.scopes], ["device-token", ["operator.read"]]);
  const { deviceToken } = answer.payload.auth;
  assert.notEqual(deviceToken, "a-token-from-january", "the client is given one of ours");
  assert.ok((await answerTo(gateway, { ...say, auth: { deviceToken } }, remote)).ok);
  assert.doesNotMatch(JSON.stringify(await gateway.devices.list()), /a-token-from-january/);
  await assert.rejects(stat(join(state, "devices", "paired.json")), { code: "ENOENT" });
  const owner = await login(gateway.url);
  t.after(() => owner.close());
  await owner.request("device.token.rotate", { deviceId: device.id, role: "operator" });
  const old = await answerTo(gateway, say, remote);
  assert.equal(old.error?.details?.["code"], "AUTH_DEVICE_TOKEN_MISMATCH", "a renewal ends the old one");
});

test("a file of an earlier installation that cannot be read stays where it is, and the gateway starts", async (t) => {
  const state = await earlier(t, newDevice(), "x");
  const path = join(state, "devices", "paired.json");
  await writeFile(path, "{ broken");
  const gateway = await openGateway(t, { state });
  assert.deepEqual(await gateway.devices.list(), []);
  assert.match(gateway.logged(), /was not taken over/);
  assert.equal(await readFile(path, "utf8"), "{ broken");
});

test("whatever such a file holds, only devices whose id belongs to their key come out of it", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (file) => {
      for (const row of pairedIn(file, 1)) assert.match(row.deviceId, /^[0-9a-f]{64}$/);
    }),
  );
  const { id, publicKey } = newDevice();
  const [row] = pairedIn({ x: { deviceId: "another", publicKey, role: "operator" } }, 1);
  assert.equal(row?.deviceId, id);
});

test("a device that is removed while it is let in does not stay", async (t) => {
  const devices = fakeDevices();
  const gateway = await openGateway(t, { devices });
  const device = newDevice();
  const put = devices.put.bind(devices);
  Object.assign(devices, {
    put: async (row: Parameters<typeof put>[0]) => {
      await put(row);
      // By the time it is welcomed, it is not known any more.
      await devices.remove(row.deviceId);
    },
  });
  const client = new Client(gateway.url);
  t.after(() => client.close());
  await client.connect({ device });
  assert.equal((await client.ended()).code, 4001);
});
