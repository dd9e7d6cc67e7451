import assert from "node:assert/strict";
import { test } from "node:test";
import { login, newDevice } from "./_client.ts";
import { openGateway } from "./_gateway.ts";

const SCOPES = ["read", "write", "admin", "approvals", "pairing", "questions", "talk"] as const;
const ALSO: Readonly<Record<string, readonly string[]>> = { write: ["read", "talk"], admin: SCOPES };

test("a missing scope is named, in words and in data", async (t) => {
  const gateway = await openGateway(t);
  const client = await login(gateway.url, { scopes: ["operator.read"] });
  t.after(() => client.close());
  const { error } = await client.request("test.write", {});
  assert.equal(error?.code, "FORBIDDEN");
  assert.equal(error?.message, "missing scope: operator.write");
  assert.deepEqual(error?.details, {
    code: "MISSING_SCOPE",
    missingScope: "operator.write",
    requiredScopes: ["operator.write"],
  });
});

for (const held of SCOPES) {
  test(`a socket with operator.${held} alone may call exactly what that includes`, async (t) => {
    const gateway = await openGateway(t);
    const client = await login(gateway.url, { scopes: [`operator.${held}`] });
    t.after(() => client.close());
    const allowed: string[] = [];
    for (const scope of SCOPES) if ((await client.request(`test.${scope}`)).ok) allowed.push(scope);
    assert.deepEqual(
      allowed,
      SCOPES.filter((scope) => scope === held || ALSO[held]?.includes(scope)),
    );
  });
}

test("a socket without scopes may ask for health and nothing else, config.get among it", async (t) => {
  const gateway = await openGateway(t);
  const client = await login(gateway.url, { device: undefined, client: { id: "webchat", mode: "ui" } });
  t.after(() => client.close());
  assert.deepEqual(client.frames.find((frame) => frame.id === "connect")?.payload.auth.scopes, []);
  assert.ok((await client.request("health")).ok);
  assert.equal((await client.request("config.get")).error?.code, "FORBIDDEN");
  assert.equal((await client.request("test.read")).error?.code, "FORBIDDEN");
});

test("the command line on this machine keeps the scopes it asks for without a device", async (t) => {
  const gateway = await openGateway(t);
  for (const client of [
    { id: "cli", mode: "cli" },
    { id: "gateway-client", mode: "backend" },
  ]) {
    const tool = await login(gateway.url, { device: undefined, client, scopes: ["operator.read"] });
    t.after(() => tool.close());
    assert.ok((await tool.request("test.read")).ok);
  }
});

test("the scope is checked before the params", async (t) => {
  const gateway = await openGateway(t);
  const client = await login(gateway.url, { scopes: ["operator.read"] });
  t.after(() => client.close());
  assert.equal((await client.request("test.write", { nope: 1 })).error?.message, "missing scope: operator.write");
});

test("params are refused with every problem named", async (t) => {
  const gateway = await openGateway(t);
  const client = await login(gateway.url);
  t.after(() => client.close());
  const { error } = await client.request("test.read", { text: 5, nope: 1 });
  assert.equal(error?.code, "INVALID_REQUEST");
  assert.match(error?.message ?? "", /^invalid test\.read params: /);
  assert.match(error?.message ?? "", /at root: unexpected property 'nope'/);
  assert.match(error?.message ?? "", /at \/text: must be string/);
  assert.ok((await client.request("test.read", null)).ok, "null counts as no params");
});

test("tolerant methods ignore what they do not know", async (t) => {
  const gateway = await openGateway(t);
  const client = await login(gateway.url);
  t.after(() => client.close());
  assert.ok((await client.request("health", { nope: 1, probe: "yes" })).ok);
});

test("an unknown method is unknown to admins and out of reach for others", async (t) => {
  const gateway = await openGateway(t);
  const admin = await login(gateway.url, { scopes: ["operator.admin"] });
  const reader = await login(gateway.url, { scopes: ["operator.read"] });
  t.after(() => [admin, reader].forEach((client) => client.close()));
  assert.equal((await admin.request("no.such")).error?.message, "unknown method: no.such");
  assert.equal((await reader.request("no.such")).error?.message, "missing scope: operator.admin");
  assert.equal((await reader.request("__proto__")).error?.message, "missing scope: operator.admin");
});

test("nodes and operators have methods of their own", async (t) => {
  const gateway = await openGateway(t);
  const operator = await login(gateway.url);
  const node = await login(gateway.url, { role: "node", scopes: [], client: { id: "node-host", mode: "node" } });
  t.after(() => [operator, node].forEach((client) => client.close()));
  assert.equal((await operator.request("test.node")).error?.message, "unauthorized role: operator");
  assert.equal((await node.request("test.read")).error?.message, "unauthorized role: node");
  assert.equal((await node.request("no.such")).error?.message, "unauthorized role: node");
  assert.ok((await node.request("test.node")).ok);
  assert.ok((await node.request("health")).ok);
});

test("a scope nobody knows is kept and grants nothing", async (t) => {
  const gateway = await openGateway(t);
  const client = await login(gateway.url, { scopes: ["operator.zzz"], device: newDevice() });
  t.after(() => client.close());
  assert.deepEqual(client.frames.find((frame) => frame.id === "connect")?.payload.auth.scopes, ["operator.zzz"]);
  assert.equal((await client.request("test.read")).error?.code, "FORBIDDEN");
});

test("a method may answer twice under one id", async (t) => {
  const gateway = await openGateway(t);
  const client = await login(gateway.url);
  t.after(() => client.close());
  client.raw('{"type":"req","id":"two","method":"test.twice"}');
  assert.equal((await client.response("two", 1)).payload.status, "ok");
  assert.equal((await client.response("two")).payload.status, "accepted");
});

test("an unexpected error shows a reference and no internals", async (t) => {
  const gateway = await openGateway(t);
  const client = await login(gateway.url);
  t.after(() => client.close());
  const { error } = await client.request("test.fail");
  assert.equal(error?.code, "INTERNAL");
  assert.doesNotMatch(JSON.stringify(error), /inner/);
  const reference = String(error?.details?.["reference"]);
  assert.ok(error?.message.includes(reference) && gateway.logged().includes(reference));
});

test("a thousand requests at once are each answered, and other sockets are not held up", async (t) => {
  const gateway = await openGateway(t);
  const busy = await login(gateway.url);
  const other = await login(gateway.url);
  t.after(() => [busy, other].forEach((client) => client.close()));
  const flood = Array.from({ length: 1000 }, () => busy.request("health"));
  assert.ok((await other.request("health")).ok);
  const answers = await Promise.all(flood);
  assert.ok(answers.every(({ ok, error }) => ok || (error?.code === "UNAVAILABLE" && error.retryable)));
});

test("more requests than may be under way are turned away, and the place is free again after", async (t) => {
  const gateway = await openGateway(t);
  const client = await login(gateway.url);
  t.after(() => client.close());
  for (let i = 0; i < 256; i += 1) client.raw(JSON.stringify({ type: "req", id: `w${i}`, method: "test.never" }));
  const { error } = await client.request("test.read");
  assert.deepEqual([error?.code, error?.retryable], ["UNAVAILABLE", true]);
  assert.equal(error?.message, "The server is busy. Please try again in a moment.");
});
