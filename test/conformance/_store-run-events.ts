import assert from "node:assert/strict";
import type { RunFact } from "../../packages/openclaw/src/store/index.ts";
import type { Check } from "./_store-kit.ts";

const fact = (n: number, extra: Partial<RunFact> = {}): RunFact => ({
  runId: "r1",
  sessionKey: "agent:main:main",
  agentId: "main",
  kind: "tool",
  at: n,
  data: { n },
  ...extra,
});
const numbers = (rows: readonly RunFact[]) => rows.map(({ data }) => data["n"]);

export function runEventsChecks(check: Check): void {
  check("facts come back in order, from after a cursor on, also those not yet written", async (store) => {
    const first = store.runEvents.record(fact(1));
    const second = store.runEvents.record(fact(2));
    store.runEvents.record(fact(3));
    assert.ok(second > first);
    assert.deepEqual(numbers(await store.runEvents.after(first, { limit: 10 })), [2, 3]);
    assert.deepEqual(numbers(await store.runEvents.after(0, { limit: 2 })), [1, 2]);
    assert.deepEqual(numbers(await store.runEvents.before(undefined, { limit: 2 })), [3, 2]);
    assert.deepEqual(numbers(await store.runEvents.before(second, { limit: 2 })), [1]);
  });
  check("a cursor is never given out twice, not even over a restart", async (store, reopen) => {
    const first = store.runEvents.record(fact(1));
    await store.runEvents.after(0, { limit: 1 });
    const after = await reopen();
    assert.ok(after.runEvents.record(fact(2)) > first);
    assert.deepEqual(numbers(await after.runEvents.after(first, { limit: 10 })), [2]);
  });
  check("facts are found by run, session, agent, kind and time", async (store) => {
    store.runEvents.record(fact(1));
    store.runEvents.record(fact(2, { runId: "r2", kind: "end" }));
    store.runEvents.record(fact(3, { sessionKey: "agent:work:main", agentId: "work" }));
    const find = async (filter: object) => numbers(await store.runEvents.after(0, { limit: 10, ...filter }));
    assert.deepEqual(await find({ runId: "r2" }), [2]);
    assert.deepEqual(await find({ sessionKey: "agent:main:main" }), [1, 2]);
    assert.deepEqual(await find({ agentId: "work" }), [3]);
    assert.deepEqual(await find({ kind: "end" }), [2]);
    assert.deepEqual(await find({ since: 2, until: 3 }), [2]);
  });
  check("whoever follows is told each fact once, until they leave", async (store) => {
    const heard: unknown[] = [];
    const leave = store.runEvents.follow(({ data, cursor }) => heard.push([data["n"], cursor]));
    const cursor = store.runEvents.record(fact(1));
    leave();
    store.runEvents.record(fact(2));
    assert.deepEqual(heard, [[1, cursor]]);
  });
  check("a text is kept once under its hash", async (store, reopen) => {
    store.runEvents.keepBody("h1", "the prompt");
    store.runEvents.keepBody("h1", "the prompt");
    assert.equal(await store.runEvents.body("h1"), "the prompt");
    assert.equal(await store.runEvents.body("h2"), undefined);
    assert.equal(await (await reopen()).runEvents.body("h1"), "the prompt");
  });
  check("what is older than a moment is removed, the oldest first", async (store) => {
    for (let n = 1; n <= 3; n += 1) store.runEvents.record(fact(n));
    await store.runEvents.after(0, { limit: 1 });
    assert.equal(await store.runEvents.prune(Number.MAX_SAFE_INTEGER / 1000, 2), 2);
    assert.deepEqual(numbers(await store.runEvents.after(0, { limit: 10 })), [3]);
  });
}
