import assert from "node:assert/strict";
import type { DeviceRequest, DeviceRow } from "../../packages/openclaw/src/store/index.ts";
import type { Check } from "./_store-kit.ts";

const device = (deviceId: string): DeviceRow => ({
  deviceId,
  publicKey: "k",
  platform: "linux",
  clientId: "cli",
  clientMode: "cli",
  roles: ["operator"],
  scopes: ["operator.read"],
  approvedVia: "owner",
  createdAtMs: 1,
  approvedAtMs: 2,
  lastSeenAtMs: 3,
  tokens: [{ role: "operator", scopes: ["operator.read"], generation: 1, createdAtMs: 1 }],
});
const request = (requestId: string, ts: number): DeviceRequest => ({
  requestId,
  deviceId: "d",
  publicKey: "k",
  platform: "linux",
  clientId: "cli",
  clientMode: "cli",
  role: "operator",
  scopes: [],
  isRepair: false,
  ts,
});

export function otherChecks(check: Check): void {
  check("devices and their requests are kept, replaced and removed", async (store, reopen) => {
    await store.devices.put(device("d2"));
    await store.devices.put(device("d1"));
    await store.devices.put({ ...device("d1"), label: "Laptop" });
    await store.devices.putRequest(request("r2", 2));
    await store.devices.putRequest(request("r1", 1));
    const after = await reopen();
    assert.deepEqual(await after.devices.get("d1"), { ...device("d1"), label: "Laptop" });
    assert.deepEqual(
      (await after.devices.list()).map(({ deviceId }) => deviceId),
      ["d1", "d2"],
    );
    assert.deepEqual(
      (await after.devices.requests()).map(({ requestId }) => requestId),
      ["r1", "r2"],
    );
    assert.deepEqual([await after.devices.remove("d1"), await after.devices.remove("d1")], [true, false]);
    assert.deepEqual([await after.devices.removeRequest("r1"), await after.devices.removeRequest("r1")], [true, false]);
  });
  check("values are kept by space and key", async (store, reopen) => {
    await store.kv.set("a", "k", "1");
    await store.kv.set("a", "k", "2");
    await store.kv.set("a", "b", "3");
    await store.kv.set("other", "k", "4");
    const after = await reopen();
    assert.equal(await after.kv.get("a", "k"), "2");
    assert.deepEqual(await after.kv.list("a"), [
      { key: "b", value: "3" },
      { key: "k", value: "2" },
    ]);
    await after.kv.delete("a", "k");
    assert.equal(await after.kv.get("a", "k"), undefined);
  });
  check("a read sees every write that was made before it, awaited or not", async (store) => {
    for (let n = 0; n < 20; n += 1) {
      void store.kv.set("a", "k", `${n}`);
      assert.equal(await store.kv.get("a", "k"), `${n}`);
    }
  });
  check("audit rows come back newest first and survive within a second", async (store, reopen) => {
    const row = {
      at: 1,
      actor: "telegram:1",
      action: "exec",
      target: "ls",
      verdict: "allow",
      rule: "profile:full",
    } as const;
    store.audit.record(row);
    store.audit.record({ ...row, at: 2, data: { argv: ["ls"] } });
    assert.deepEqual(await store.audit.recent(10), [{ ...row, at: 2, data: { argv: ["ls"] } }, row]);
    store.audit.record({ ...row, at: 3 });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.equal((await (await reopen()).audit.recent(1))[0]?.at, 3);
  });
  check("what was closed refuses further work", async (store) => {
    await store.close();
    await assert.rejects(store.kv.set("a", "k", "1"));
    await assert.rejects(store.kv.get("a", "k"));
    await store.close();
  });
  check("one write that fails takes none of its neighbours with it, and the order stays", async (store) => {
    await store.sessions.ensure({ key: "x", agentId: "main", entry: { sessionId: "x", updatedAt: 1, label: "L" } });
    const work = [
      store.kv.set("a", "k", "1"),
      store.sessions.ensure({ key: "y", agentId: "main", entry: { sessionId: "y", updatedAt: 1, label: "L" } }),
      store.kv.set("a", "k", "2"),
    ];
    const results = await Promise.allSettled(work);
    assert.deepEqual(
      results.map(({ status }) => status),
      ["fulfilled", "rejected", "fulfilled"],
    );
    assert.equal(await store.kv.get("a", "k"), "2");
  });
}
