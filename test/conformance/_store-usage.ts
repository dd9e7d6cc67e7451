import assert from "node:assert/strict";
import type { Store, TurnResult } from "../../packages/openclaw/src/store/index.ts";
import { RESULT, turn } from "./_store-kit.ts";
import type { Check } from "./_store-kit.ts";

const QUARTER = 900_000;
const ALL = { since: 0, until: Number.MAX_SAFE_INTEGER };
const cost = { input: 0.1, output: 0.2, cacheRead: 0, cacheWrite: 0, total: 0.3 };

async function ran(
  store: Store,
  id: string,
  at: number,
  result: Partial<TurnResult> = {},
  key?: string,
): Promise<void> {
  await store.turns.submit(turn(id, key), []);
  await store.turns.begin(id, at);
  const usage = { ...RESULT.usage, cost };
  const whole = {
    ...RESULT,
    provider: "p",
    model: "m",
    usage,
    counts: { assistant: 2, tools: { exec: 1 } },
    ...result,
  };
  await store.turns.finish(id, { state: "done", at, result: whole, posts: [] });
}

export function usageChecks(check: Check): void {
  check("turns of one quarter of an hour are added up, each counted once", async (store, reopen) => {
    await ran(store, "a", QUARTER + 1);
    await ran(store, "b", QUARTER + 2, { status: "error" });
    await ran(store, "c", 2 * QUARTER);
    await store.turns.finish("a", { state: "done", at: 1, result: RESULT, posts: [] });
    const rows = await (await reopen()).usage.read(ALL);
    assert.deepEqual(
      rows.map(({ at, turns, errors, assistant, tools }) => ({ at, turns, errors, assistant, tools })),
      [
        { at: QUARTER, turns: 2, errors: 1, assistant: 4, tools: { exec: 2 } },
        { at: 2 * QUARTER, turns: 1, errors: 0, assistant: 2, tools: { exec: 1 } },
      ],
    );
    assert.equal(rows[0]?.usage.totalTokens, 6);
    assert.equal(rows[0]?.usage.cost?.total, 0.6);
  });
  check("models, sessions and sources are kept apart, and found by time, agent and session", async (store) => {
    await ran(store, "a", 1);
    await ran(store, "b", 1, { model: "n" });
    await ran(store, "c", 1, {}, "agent:main:other");
    assert.equal((await store.usage.read(ALL)).length, 3);
    assert.equal((await store.usage.read({ ...ALL, sessionKey: "agent:main:other" })).length, 1);
    assert.equal((await store.usage.read({ ...ALL, agentId: "nobody" })).length, 0);
    assert.equal((await store.usage.read({ since: QUARTER, until: 2 * QUARTER })).length, 0);
  });
  check("a turn that asked no model leaves nothing, one of unknown price says so", async (store) => {
    const { usage } = RESULT;
    await ran(store, "none", 1, { provider: undefined as never, usage: { ...usage, totalTokens: 0 } });
    assert.deepEqual(await store.usage.read(ALL), []);
    await ran(store, "free", 1, { usage });
    assert.equal((await store.usage.read(ALL))[0]?.unpriced, 1);
  });
  check("a call beside a turn is in the books and on its session's row, and is no turn", async (store, reopen) => {
    const key = "agent:main:main";
    await store.sessions.ensure({ key, agentId: "main", entry: { sessionId: "s", updatedAt: 5, inputTokens: 1 } });
    const usage = { input: 10, output: 4, cacheRead: 3, cacheWrite: 2, totalTokens: 19, cost };
    const call = { at: 7, agentId: "main", sessionKey: key, sessionId: "s", provider: "p", model: "m", usage };
    await store.usage.add(call);
    await store.usage.add({ ...call, sessionId: "before the reset" });
    const after = await reopen();
    const rows = await after.usage.read(ALL);
    assert.deepEqual(
      rows.map(({ sessionId, turns, assistant, usage: { totalTokens } }) => [sessionId, turns, assistant, totalTokens]),
      [
        ["before the reset", 0, 0, 19],
        ["s", 0, 0, 19],
      ],
    );
    const { inputTokens, outputTokens, cacheRead, cacheWrite, estimatedCostUsd, updatedAt } = (await after.sessions.get(
      key,
    ))!.entry;
    assert.deepEqual([inputTokens, outputTokens, cacheRead, cacheWrite, estimatedCostUsd], [11, 4, 3, 2, 0.3]);
    assert.equal(updatedAt, 5);
  });
}
