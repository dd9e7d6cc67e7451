import assert from "node:assert/strict";
import { stat, readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Client, login, newDevice, type Frame, type Say } from "./_client.ts";
import { fakeDevices, openGateway, TOKEN, type TestGateway } from "./_gateway.ts";

const remote = { headers: { "X-Forwarded-For": "203.0.113.7" } };
const behindProxy = { gateway: { auth: { token: TOKEN }, trustedProxies: ["127.0.0.1"] } };

async function answerTo(gateway: TestGateway, say: Say, options = {}): Promise<Frame> {
  const client = new Client(gateway.url, options);
  const answer = await client.connect(say);
  client.close();
  return answer;
}

test("a new device on this machine is paired silently, and the owner is told", async (t) => {
  const gateway = await openGateway(t);
  const watcher = await login(gateway.url, { scopes: ["operator.pairing"] });
  t.after(() => watcher.close());
  const device = newDevice();
  (await login(gateway.url, { device })).close();
  await watcher.event(
    "device.pair.resolved",
    (payload) => payload.deviceId === device.id && payload.decision === "approved",
  );
  assert.equal(watcher.events("device.pair.requested").length, 0);
  const { paired } = (await watcher.request("device.pair.list")).payload;
  const row = paired.find((entry: { deviceId: string }) => entry.deviceId === device.id);
  assert.equal(row.approvedVia, "silent");
  assert.equal(JSON.stringify(paired).includes("generation"), false);
});

test("a new device from elsewhere waits for the owner, who gets to know of it; readers do not", async (t) => {
  const gateway = await openGateway(t, behindProxy);
  const owner = await login(gateway.url);
  const reader = await login(gateway.url, { scopes: ["operator.read"] });
  t.after(() => [owner, reader].forEach((client) => client.close()));
  const device = newDevice();
  const client = new Client(gateway.url, remote);
  const { error } = await client.connect({ device, scopes: ["operator.read"] });
  assert.equal(error?.code, "NOT_PAIRED");
  assert.equal(error?.message, "pairing required: device is not approved yet");
  const requestId = String(error?.details?.["requestId"]);
  assert.equal(
    (await client.ended()).reason,
    `pairing required: device is not approved yet (requestId: ${requestId})`.slice(0, 123),
  );
  const requested = await owner.event("device.pair.requested");
  assert.deepEqual([requested.payload.requestId, requested.payload.remoteIp], [requestId, "203.0.113.7"]);

  assert.equal(
    (await answerTo(gateway, { device, scopes: ["operator.read"] }, remote)).error?.details?.["requestId"],
    requestId,
  );
  assert.equal(owner.events("device.pair.requested").length, 1, "asking the same again is no news");

  const approved = await owner.request("device.pair.approve", { requestId });
  assert.equal(approved.payload.device.approvedVia, "owner");
  const { auth } = (await answerTo(gateway, { device, scopes: ["operator.read"] }, remote)).payload;
  assert.match(auth.deviceToken, /^[A-Za-z0-9_-]{43}$/);
  assert.equal(reader.events("device.pair.requested").length, 0);
});

test("a device that asks for something else replaces its request", async (t) => {
  const gateway = await openGateway(t, behindProxy);
  const owner = await login(gateway.url);
  t.after(() => owner.close());
  const device = newDevice();
  const first = await answerTo(gateway, { device, scopes: ["operator.read"] }, remote);
  const second = await answerTo(gateway, { device, scopes: ["operator.write"] }, remote);
  const firstId = first.error?.details?.["requestId"];
  assert.notEqual(firstId, second.error?.details?.["requestId"]);
  await owner.event(
    "device.pair.resolved",
    (payload) => payload.requestId === firstId && payload.decision === "rejected",
  );
  const { pending } = (await owner.request("device.pair.list")).payload;
  assert.deepEqual(
    pending.map((request: { scopes: string[] }) => request.scopes),
    [["operator.write"]],
  );
});

test("an approver cannot give what they do not hold", async (t) => {
  const gateway = await openGateway(t, behindProxy);
  const pairer = await login(gateway.url, { scopes: ["operator.pairing"] });
  t.after(() => pairer.close());
  assert.equal(
    (await pairer.request("device.pair.approve", { requestId: "nope" })).error?.message,
    "unknown requestId",
  );
  const { error } = await answerTo(gateway, { device: newDevice(), scopes: ["operator.admin"] }, remote);
  const refused = await pairer.request("device.pair.approve", { requestId: error?.details?.["requestId"] });
  assert.equal(refused.error?.code, "FORBIDDEN");
  const admin = await login(gateway.url, { scopes: ["operator.admin"] });
  t.after(() => admin.close());
  assert.ok((await admin.request("device.pair.approve", { requestId: error?.details?.["requestId"] })).ok);
});

test("after a rejection the device may ask anew", async (t) => {
  const gateway = await openGateway(t, behindProxy);
  const owner = await login(gateway.url);
  t.after(() => owner.close());
  const device = newDevice();
  const requestId = (await answerTo(gateway, { device }, remote)).error?.details?.["requestId"];
  assert.deepEqual((await owner.request("device.pair.reject", { requestId })).payload, {
    requestId,
    deviceId: device.id,
  });
  assert.notEqual((await answerTo(gateway, { device }, remote)).error?.details?.["requestId"], requestId);
});

test("no address fills the list of requests", async (t) => {
  const gateway = await openGateway(t, behindProxy);
  const ids = new Set<unknown>();
  for (let i = 0; i < 5; i += 1)
    ids.add((await answerTo(gateway, { device: newDevice() }, remote)).error?.details?.["requestId"]);
  assert.equal([...ids].filter((id) => id !== undefined).length, 3);
  assert.equal((await gateway.devices.requests()).length, 3);
});

test("from elsewhere more scopes, another role and another platform need the owner", async (t) => {
  const gateway = await openGateway(t, behindProxy);
  const owner = await login(gateway.url);
  t.after(() => owner.close());
  const device = newDevice();
  const read = { device, scopes: ["operator.read"] };
  const { error } = await answerTo(gateway, read, remote);
  await owner.request("device.pair.approve", { requestId: error?.details?.["requestId"] });
  const open = await login(gateway.url, read, remote);
  t.after(() => open.close());
  const { deviceToken } = open.frames.find((frame) => frame.id === "connect")?.payload.auth ?? {};

  const wider = await answerTo(gateway, { device, scopes: ["operator.write"] }, remote);
  assert.equal(wider.error?.details?.["reason"], "scope-upgrade");
  assert.deepEqual(wider.error?.details?.["approvedScopes"], ["operator.read"]);
  const byToken = await answerTo(gateway, { device, scopes: ["operator.write"], auth: { deviceToken } }, remote);
  assert.equal(byToken.error?.details?.["code"], "AUTH_SCOPE_MISMATCH");
  const node = await answerTo(
    gateway,
    { device, role: "node", scopes: [], client: { id: "node-host", mode: "node" } },
    remote,
  );
  assert.equal(node.error?.details?.["reason"], "role-upgrade");
  const moved = await answerTo(gateway, { ...read, client: { platform: "macos" } }, remote);
  assert.equal(moved.error?.details?.["reason"], "metadata-upgrade");
  assert.ok((await open.request("health")).ok, "the open socket stays");
});

test("on this machine more scopes give a new token, and the old one is dead", async (t) => {
  const gateway = await openGateway(t);
  const device = newDevice();
  const before = await login(gateway.url, { device, scopes: ["operator.read"] });
  t.after(() => before.close());
  const old = before.frames.find((frame) => frame.id === "connect")?.payload.auth.deviceToken;
  const fresh = (await answerTo(gateway, { device, scopes: ["operator.write"] })).payload.auth.deviceToken;
  assert.notEqual(fresh, old);
  assert.equal(
    (await answerTo(gateway, { device, auth: { deviceToken: old }, scopes: [] })).error?.details?.["code"],
    "AUTH_DEVICE_TOKEN_MISMATCH",
  );
  assert.ok((await before.request("health")).ok);
  assert.deepEqual((await gateway.devices.get(device.id))?.scopes, ["operator.read", "operator.write"]);
  assert.equal(
    (await answerTo(gateway, { device, scopes: ["operator.read"] })).payload.auth.deviceToken,
    fresh,
    "less needs no new token",
  );
});

test("a device's token gives what is asked within its approval", async (t) => {
  const gateway = await openGateway(t);
  const device = newDevice();
  const { deviceToken } = (await answerTo(gateway, { device, scopes: ["operator.write"] })).payload.auth;
  const ask = async (scopes: readonly string[] | undefined) =>
    (await answerTo(gateway, { device, auth: { deviceToken }, scopes })).payload?.auth;
  assert.deepEqual((await ask(["operator.read"])).scopes, ["operator.read"]);
  assert.deepEqual((await ask(undefined)).scopes, []);
  assert.equal((await ask(["operator.read"])).deviceToken, deviceToken);
});

test("a device renews its own token in band, and its sockets close after the answer", async (t) => {
  const gateway = await openGateway(t);
  const device = newDevice();
  const { deviceToken } = (await answerTo(gateway, { device })).payload.auth;
  const client = await login(gateway.url, { device, auth: { deviceToken } });
  const { payload } = await client.request("device.token.rotate", { deviceId: device.id, role: "operator" });
  assert.equal(payload.tokenDelivery, "in-band");
  assert.deepEqual(await client.ended(), { code: 4001, reason: "device removed" });
  assert.equal(
    (await answerTo(gateway, { device, auth: { deviceToken } })).error?.details?.["code"],
    "AUTH_DEVICE_TOKEN_MISMATCH",
  );
  assert.ok((await answerTo(gateway, { device, auth: { deviceToken: payload.token } })).ok);
});

test("another's token is renewed without being shown", async (t) => {
  const gateway = await openGateway(t);
  const admin = await login(gateway.url);
  t.after(() => admin.close());
  const device = newDevice();
  const other = await login(gateway.url, { device });
  const { payload } = await admin.request("device.token.rotate", { deviceId: device.id, role: "operator" });
  assert.deepEqual([payload.tokenDelivery, "token" in payload], ["withheld-cross-device", false]);
  assert.equal((await other.ended()).code, 4001);
});

test("whatever is wrong with a renewal, the answer is the same", async (t) => {
  const gateway = await openGateway(t);
  const admin = await login(gateway.url);
  t.after(() => admin.close());
  const device = newDevice();
  await answerTo(gateway, { device, scopes: ["operator.read"] });
  for (const params of [
    { deviceId: device.id, role: "operator", scopes: ["operator.admin"] },
    { deviceId: device.id, role: "node" },
    { deviceId: "unknown", role: "operator" },
  ]) {
    assert.equal((await admin.request("device.token.rotate", params)).error?.message, "device token rotation denied");
  }
});

test("revoking and removing end a device's sockets; the shared secret gets it back in", async (t) => {
  const gateway = await openGateway(t);
  const admin = await login(gateway.url);
  t.after(() => admin.close());
  const device = newDevice();
  const first = await login(gateway.url, { device });
  const old = first.frames.find((frame) => frame.id === "connect")?.payload.auth.deviceToken;
  assert.ok((await admin.request("device.token.revoke", { deviceId: device.id, role: "operator" })).ok);
  assert.equal((await first.ended()).code, 4001);
  assert.equal((await answerTo(gateway, { device, auth: { deviceToken: old } })).ok, false);
  const second = await login(gateway.url, { device });
  assert.notEqual(second.frames.find((frame) => frame.id === "connect")?.payload.auth.deviceToken, old);
  assert.ok((await admin.request("device.pair.remove", { deviceId: device.id })).ok);
  assert.equal((await second.ended()).code, 4001);
  assert.equal(await gateway.devices.get(device.id), undefined);
  assert.ok((await answerTo(gateway, { device })).ok);
  assert.equal(
    (await answerTo(gateway, { device, auth: { deviceToken: old } })).ok,
    false,
    "no old token comes back to life",
  );
});

test("a device without admin sees and removes only itself", async (t) => {
  const gateway = await openGateway(t);
  const other = newDevice();
  await answerTo(gateway, { device: other });
  const device = newDevice();
  const scopes = ["operator.pairing"];
  const { deviceToken } = (await answerTo(gateway, { device, scopes })).payload.auth;
  const client = await login(gateway.url, { device, scopes, auth: { deviceToken } });
  const { paired } = (await client.request("device.pair.list")).payload;
  assert.deepEqual(
    paired.map((row: { deviceId: string }) => row.deviceId),
    [device.id],
  );
  assert.equal(
    (await client.request("device.pair.remove", { deviceId: other.id })).error?.message,
    "device pairing removal denied",
  );
  assert.ok((await client.request("device.pair.remove", { deviceId: device.id })).ok);
});

test("devices and their tokens outlive a restart, and no token is on disk", async (t) => {
  const devices = fakeDevices();
  const first = await openGateway(t, { devices });
  const device = newDevice();
  const { deviceToken } = (await answerTo(first, { device })).payload.auth;
  await first.close();
  const second = await openGateway(t, { devices, state: first.state });
  assert.equal((await answerTo(second, { device, auth: { deviceToken } })).payload?.auth.method, "device-token");
  const key = join(first.state, "identity", "gateway-key");
  assert.equal((await stat(key)).mode & 0o777, 0o600);
  for (const name of await readdir(first.state, { recursive: true })) {
    const path = join(first.state, name);
    if ((await stat(path)).isFile()) assert.ok(!(await readFile(path, "utf8")).includes(deviceToken), name);
  }
  assert.ok(!JSON.stringify(await devices.list()).includes(deviceToken));
});

test("where silent pairing is off, a device on this machine waits too", async (t) => {
  const gateway = await openGateway(t, {
    gateway: { auth: { token: TOKEN }, nodes: { pairing: { autoApproveLocal: false } } },
  });
  assert.equal((await answerTo(gateway, { device: newDevice() })).error?.details?.["reason"], "not-paired");
});

test("a node that also asks for operator scopes is not paired silently", async (t) => {
  const gateway = await openGateway(t);
  const node = { role: "node", client: { id: "node-host", mode: "node" } };
  assert.equal(
    (await answerTo(gateway, { ...node, device: newDevice(), scopes: ["operator.read"] })).error?.code,
    "NOT_PAIRED",
  );
  assert.ok((await answerTo(gateway, { ...node, device: newDevice(), scopes: [] })).ok);
});

test("the gateway has an identity of its own that stays", async (t) => {
  const gateway = await openGateway(t);
  const client = await login(gateway.url);
  const { payload } = await client.request("gateway.identity.get");
  assert.match(payload.deviceId, /^[0-9a-f]{64}$/);
  client.close();
  await gateway.close();
  const again = await login((await openGateway(t, { state: gateway.state })).url);
  t.after(() => again.close());
  assert.deepEqual((await again.request("gateway.identity.get")).payload, payload);
});
