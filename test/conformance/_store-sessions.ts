import assert from "node:assert/strict";
import type { SessionFilter } from "../../packages/openclaw/src/store/index.ts";
import type { Check } from "./_store-kit.ts";

const page = (filter: Partial<SessionFilter> = {}): SessionFilter => ({ limit: 100, offset: 0, ...filter });

export function sessionsChecks(check: Check): void {
  const entry = (updatedAt: number, extra: Record<string, unknown> = {}) => ({
    sessionId: `s${updatedAt}`,
    updatedAt,
    ...extra,
  });
  check("a row is made once, whoever comes first", async (store) => {
    const results = await Promise.all(
      [1, 2, 3].map((n) => store.sessions.ensure({ key: "k", agentId: "main", entry: entry(n) })),
    );
    assert.deepEqual(
      results.map(({ created }) => created),
      [true, false, false],
    );
    assert.ok(results.every(({ row }) => row.entry.sessionId === "s1"));
  });
  check("a patch sets, clears and adds, and leaves unknown fields alone", async (store, reopen) => {
    await store.sessions.ensure({
      key: "k",
      agentId: "main",
      entry: entry(1, { custom: { a: [1] }, model: "m", inputTokens: 5 }),
    });
    await store.sessions.patch("k", {
      set: { updatedAt: 2, model: null, thinkingLevel: "high" },
      bump: { inputTokens: 2, outputTokens: 3 },
    });
    const expected = {
      sessionId: "s1",
      updatedAt: 2,
      custom: { a: [1] },
      inputTokens: 7,
      thinkingLevel: "high",
      outputTokens: 3,
    };
    assert.deepEqual((await (await reopen()).sessions.get("k"))?.entry, expected);
    assert.equal(await (await reopen()).sessions.patch("none", { set: {} }), undefined);
  });
  check("patches that come at once are all applied", async (store) => {
    await store.sessions.ensure({ key: "k", agentId: "main", entry: entry(1) });
    await Promise.all(
      Array.from({ length: 100 }, () => store.sessions.patch("k", { set: {}, bump: { totalTokens: 1 } })),
    );
    assert.equal((await store.sessions.get("k"))?.entry.totalTokens, 100);
  });
  check("a patch that does not say when sets the time of change itself", async (store) => {
    await store.sessions.ensure({ key: "k", agentId: "main", entry: entry(1) });
    const row = await store.sessions.patch("k", { set: { model: "m" } });
    assert.ok(row!.entry.updatedAt > 1);
  });
  check("a list leaves out what is not asked for", async (store) => {
    const add = (key: string, agentId: string, n: number, extra: Record<string, unknown> = {}) =>
      store.sessions.ensure({ key, agentId, entry: entry(n, extra) });
    await add("global", "main", 1);
    await add("unknown", "main", 2);
    await add("agent:main:subagent:x", "main", 3, { spawnedBy: "agent:main:main" });
    await add("agent:main:main", "main", 4, { pinned: true, createdAt: 9 });
    await add("agent:gone:main", "gone", 5);
    const keys = async (filter: Partial<SessionFilter>) =>
      (await store.sessions.list(page(filter))).rows.map(({ key }) => key);
    assert.deepEqual(await keys({ without: ["global", "unknown", "subagents"] }), [
      "agent:gone:main",
      "agent:main:main",
    ]);
    assert.deepEqual(await keys({ spawnedBy: "agent:main:main" }), ["agent:main:subagent:x"]);
    assert.deepEqual(
      await store.sessions.children(["agent:main:main", "global", "nobody"]),
      new Map([["agent:main:main", ["agent:main:subagent:x"]]]),
    );
    assert.deepEqual(await keys({ pinned: true }), ["agent:main:main"]);
    assert.deepEqual(await keys({ pinned: false, agents: ["gone"] }), ["agent:gone:main"]);
    assert.deepEqual((await keys({ sortBy: "createdAt" }))[0], "agent:main:main");
  });
  check("a label belongs to one session of an agent", async (store) => {
    await store.sessions.ensure({ key: "a", agentId: "main", entry: entry(1, { label: "L" }) });
    await store.sessions.ensure({ key: "b", agentId: "main", entry: entry(2) });
    await store.sessions.ensure({ key: "c", agentId: "other", entry: entry(3, { label: "L" }) });
    const inUse = (error: unknown) => (error as Error).message === "label already in use: L";
    await assert.rejects(store.sessions.patch("b", { set: { label: "L", model: "m" } }), inUse);
    await assert.rejects(store.sessions.ensure({ key: "d", agentId: "main", entry: entry(4, { label: "L" }) }), inUse);
    assert.deepEqual((await store.sessions.get("b"))?.entry, entry(2));
    await store.sessions.patch("a", { set: { label: "L", model: "m" } });
    await store.sessions.patch("a", { set: { label: null } });
    assert.equal((await store.sessions.patch("b", { set: { label: "L" } }))?.entry.label, "L");
  });
  check("lists are newest first, filtered, paged, and say how many there are", async (store) => {
    await store.sessions.ensure({
      key: "agent:main:a",
      agentId: "main",
      entry: entry(10, { displayName: "Über 100%_x" }),
    });
    await store.sessions.ensure({ key: "agent:main:b", agentId: "main", entry: entry(30, { label: "Work" }) });
    await store.sessions.ensure({ key: "agent:other:c", agentId: "other", entry: entry(20) });
    await store.sessions.ensure({ key: "agent:main:d", agentId: "main", entry: entry(40, { archived: true }) });
    const found = async (filter: Partial<SessionFilter>) => {
      const { rows, total } = await store.sessions.list(page(filter));
      return [rows.map(({ key }) => key.at(-1)).join(""), total];
    };
    assert.deepEqual(await found({}), ["bca", 3]);
    assert.deepEqual(await found({ archived: "all" }), ["dbca", 4]);
    assert.deepEqual(await found({ archived: true }), ["d", 1]);
    assert.deepEqual(await found({ agentId: "main" }), ["ba", 2]);
    assert.deepEqual(await found({ activeSince: 20 }), ["bc", 2]);
    assert.deepEqual(await found({ updatedBefore: 20 }), ["a", 1]);
    assert.deepEqual(await found({ label: "Work" }), ["b", 1]);
    assert.deepEqual(await found({ search: "über 100%_" }), ["a", 1]);
    assert.deepEqual(await found({ search: "WORK" }), ["b", 1]);
    assert.deepEqual(await found({ limit: 1, offset: 1 }), ["c", 3]);
    assert.deepEqual(await found({ limit: 0 }), ["", 3]);
  });
  check("deleting returns the row and removes it", async (store) => {
    await store.sessions.ensure({ key: "k", agentId: "main", entry: entry(1) });
    assert.equal((await store.sessions.delete("k"))?.entry.sessionId, "s1");
    assert.equal(await store.sessions.delete("k"), undefined);
    assert.equal(await store.sessions.get("k"), undefined);
  });
}
