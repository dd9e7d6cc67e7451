import assert from "node:assert/strict";
import { test } from "node:test";
import { manualClock } from "./_clock.ts";
import { Client, login, newDevice } from "./_client.ts";
import { openGateway, TOKEN } from "./_gateway.ts";

test("every authenticated socket gets a tick every 30 seconds, nodes too", async (t) => {
  const clock = manualClock();
  const gateway = await openGateway(t, { clock });
  const operator = await login(gateway.url);
  const node = await login(gateway.url, { role: "node", scopes: [], client: { id: "node-host", mode: "node" } });
  t.after(() => [operator, node].forEach((client) => client.close()));
  clock.advance(29_999);
  await operator.request("health");
  assert.equal(operator.events("tick").length, 0);
  clock.advance(1);
  clock.advance(35_000);
  await operator.request("health");
  await node.request("health");
  for (const client of [operator, node]) {
    const ticks = client.events("tick").map((frame) => frame.payload.ts);
    assert.equal(ticks.length, 2);
    assert.equal(ticks[1] - ticks[0], 30_000);
  }
});

test("a client that answers no ping is cut, one that answers stays", async (t) => {
  const clock = manualClock();
  const gateway = await openGateway(t, { clock });
  const dead = await login(gateway.url, {}, { autoPong: false });
  const live = await login(gateway.url);
  t.after(() => live.close());
  for (let i = 0; i < 4; i += 1) {
    clock.advance(30_000);
    await live.request("health");
  }
  assert.equal((await dead.ended()).code, 1006);
  assert.equal(live.closed, undefined);
});

test("a request to be paired that nobody answers is gone after five minutes, and everybody is told", async (t) => {
  const clock = manualClock();
  const gateway = await openGateway(t, { clock, gateway: { auth: { token: TOKEN }, trustedProxies: ["127.0.0.1"] } });
  const owner = await login(gateway.url);
  t.after(() => owner.close());
  const client = new Client(gateway.url, { headers: { "X-Forwarded-For": "203.0.113.7" } });
  const answer = await client.connect({ device: newDevice() });
  const requestId = answer.error?.details?.["requestId"];
  for (let i = 0; i < 11; i += 1) {
    clock.advance(30_000);
    await owner.request("health");
  }
  await owner.event(
    "device.pair.resolved",
    (payload) => payload.requestId === requestId && payload.decision === "expired",
  );
  assert.deepEqual((await owner.request("device.pair.list")).payload.pending, []);
  assert.equal((await owner.request("device.pair.approve", { requestId })).error?.message, "unknown requestId");
});

test("health is sent to everybody, with a rising version, without being asked for", async (t) => {
  const clock = manualClock();
  const gateway = await openGateway(t, { clock });
  const client = await login(gateway.url, { scopes: [] });
  t.after(() => client.close());
  clock.advance(1000);
  const first = await client.event("health");
  assert.equal(first.payload.defaultAgentId, "main");
  clock.advance(60_000);
  await client.until(() => client.events("health").length === 2);
  assert.equal((client.events("health")[1]?.stateVersion?.health ?? 0) - (first.stateVersion?.health ?? 0), 1);
});
