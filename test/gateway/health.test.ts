import assert from "node:assert/strict";
import { test } from "node:test";
import { login } from "./_client.ts";
import { openGateway } from "./_gateway.ts";

test("health names agents, sessions and channels, for any client", async (t) => {
  const gateway = await openGateway(t);
  const client = await login(gateway.url, { scopes: [] });
  t.after(() => client.close());
  const { payload } = await client.request("health", { probe: true });
  assert.equal(payload.ok, true);
  assert.deepEqual([payload.defaultAgentId, payload.agents[0].agentId, payload.sessions.count], ["main", "main", 0]);
  assert.deepEqual([payload.channels, payload.channelOrder, payload.heartbeatSeconds], [{}, [], 0]);
  assert.deepEqual(payload.agents[0].heartbeat.every, "disabled");
});

test("status names the version, sessions and work under way, for readers", async (t) => {
  const gateway = await openGateway(t);
  const client = await login(gateway.url, { scopes: ["operator.read"] });
  t.after(() => client.close());
  const { payload } = await client.request("status", { includeChannelSummary: false, includeCliProjection: true });
  assert.equal(payload.runtimeVersion, "2026.11.0");
  assert.deepEqual([payload.sessions.count, payload.sessions.byAgent[0].agentId, payload.tasks.active], [0, "main", 0]);
  assert.equal(payload.cliProjection.agents.defaultId, "main");
});

test("the last heartbeat is null where there was none", async (t) => {
  const gateway = await openGateway(t);
  const client = await login(gateway.url);
  t.after(() => client.close());
  const answer = await client.request("last-heartbeat");
  assert.deepEqual([answer.ok, answer.payload], [true, null]);
});
