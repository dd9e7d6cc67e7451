import assert from "node:assert/strict";
import type { SystemEventRow } from "../../packages/openclaw/src/store/index.ts";
import { OWNER } from "./_store-kit.ts";
import type { Check } from "./_store-kit.ts";

const row = (n: number, extra: Partial<SystemEventRow> = {}): SystemEventRow => ({
  id: `e${n}`,
  sessionKey: "agent:main:main",
  text: `text ${n}`,
  by: OWNER,
  at: n,
  ...extra,
});
const ids = (rows: readonly SystemEventRow[]) => rows.map(({ id }) => id);

export function systemEventsChecks(check: Check): void {
  check("lines wait in order, by session, until they are removed", async (store, reopen) => {
    await store.systemEvents.add(row(1), 20);
    await store.systemEvents.add(row(2, { sessionKey: "agent:main:other" }), 20);
    await store.systemEvents.add(row(3), 20);
    const after = await reopen();
    assert.deepEqual(await after.systemEvents.waiting("agent:main:main"), [row(1), row(3)]);
    assert.deepEqual(ids(await after.systemEvents.waiting()), ["e1", "e2", "e3"]);
    await after.systemEvents.remove(["e1", "unknown"]);
    assert.deepEqual(ids(await after.systemEvents.waiting()), ["e2", "e3"]);
  });
  check("what the newest line of the session says is not said twice in a row", async (store) => {
    assert.equal(await store.systemEvents.add(row(1, { text: "a" }), 20), "queued");
    assert.equal(await store.systemEvents.add(row(2, { text: "a" }), 20), "coalesced");
    assert.equal(await store.systemEvents.add(row(3, { text: "a", by: { ...OWNER, role: "guest" } }), 20), "queued");
    assert.equal(await store.systemEvents.add(row(4, { text: "a" }), 20), "queued");
  });
  check("of more lines than a session may have the oldest go", async (store) => {
    for (let n = 1; n <= 5; n += 1) await store.systemEvents.add(row(n), 3);
    assert.deepEqual(ids(await store.systemEvents.waiting()), ["e3", "e4", "e5"]);
  });
  check("lines older than a moment are dropped", async (store) => {
    await store.systemEvents.add(row(1), 20);
    await store.systemEvents.add(row(2), 20);
    await store.systemEvents.drop("agent:main:main", 2);
    assert.deepEqual(ids(await store.systemEvents.waiting()), ["e2"]);
  });
}
