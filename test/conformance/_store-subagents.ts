import assert from "node:assert/strict";
import type { SessionRow, SubagentOutcome, SubagentRun } from "../../packages/openclaw/src/store/index.ts";
import { OWNER, turn } from "./_store-kit.ts";
import type { Check } from "./_store-kit.ts";

const REQUESTER = "agent:main:main";
const keyOf = (n: number) => `agent:main:subagent:${n}`;
const run = (n: number, extra: Partial<SubagentRun> = {}): SubagentRun => ({
  id: `r${n}`,
  childKey: keyOf(n),
  requesterKey: REQUESTER,
  requester: OWNER,
  depth: 1,
  task: `task ${n}`,
  model: "fake/fake-1",
  cleanup: "keep",
  turn: turn(`r${n}`, keyOf(n)),
  createdAt: n,
  state: "open",
  announce: "pending",
  ...extra,
});
const session = (n: number, label?: string): SessionRow => ({
  key: keyOf(n),
  agentId: "main",
  entry: { sessionId: `s${n}`, updatedAt: n, ...(label === undefined ? {} : { label }) },
});
const OUTCOME: SubagentOutcome = {
  status: "ok",
  text: "done",
  runtimeMs: 5,
  usage: { input: 1, output: 2, cacheRead: 0, cacheWrite: 0, totalTokens: 3 },
  sessionId: "s1",
};
const end = (at = 10, extra: { archiveAt?: number } = {}) =>
  ({ at, outcome: OUTCOME, announce: "pending", ...extra }) as const;
const ids = (rows: readonly SubagentRun[]) => rows.map(({ id }) => id);

export function subagentsChecks(check: Check): void {
  check("a run and its session are there after a crash, both or neither", async (store, reopen) => {
    assert.equal(await store.subagents.add(run(1), session(1), 5), "added");
    assert.equal(await store.subagents.add(run(1), session(1), 5), "known");
    const after = await reopen();
    assert.deepEqual(await after.subagents.get("r1"), run(1));
    assert.deepEqual(await after.subagents.ofSession(keyOf(1)), run(1));
    assert.equal((await after.sessions.get(keyOf(1)))?.entry.sessionId, "s1");
  });
  check("no more runs of one requester are open than may be, also when they come at once", async (store) => {
    const answers = await Promise.all([1, 2, 3].map((n) => store.subagents.add(run(n), session(n), 2)));
    assert.deepEqual(answers.toSorted(), ["added", "added", "full"]);
    const refused = [1, 2, 3][answers.indexOf("full")]!;
    assert.equal(await store.sessions.get(keyOf(refused)), undefined, "what was refused leaves no session");
    assert.equal(await store.subagents.add(run(4, { requesterKey: "agent:main:other" }), session(4), 2), "added");
    await store.subagents.end(ids(await store.subagents.list({ requesterKey: REQUESTER, limit: 9 }))[0]!, end());
    assert.equal(await store.subagents.add(run(5), session(5), 2), "added", "an ended run makes room");
  });
  check("a label that is taken is left out of the session", async (store) => {
    await store.subagents.add(run(1), session(1, "helper"), 5);
    await store.subagents.add(run(2), session(2, "helper"), 5);
    assert.equal((await store.sessions.get(keyOf(1)))?.entry.label, "helper");
    assert.equal((await store.sessions.get(keyOf(2)))?.entry.label, undefined);
  });
  check("the first end counts", async (store) => {
    await store.subagents.add(run(1), session(1), 5);
    const ended = await store.subagents.end("r1", end(10, { archiveAt: 70 }));
    assert.deepEqual([ended?.state, ended?.endedAt, ended?.archiveAt], ["ended", 10, 70]);
    assert.deepEqual(ended?.outcome, OUTCOME);
    assert.equal(await store.subagents.end("r1", end(11)), undefined);
    assert.equal(await store.subagents.end("unknown", end()), undefined);
  });
  check("what was told is not told again", async (store, reopen) => {
    await store.subagents.add(run(1), session(1), 5);
    await store.subagents.end("r1", end());
    await store.subagents.announced("r1", "told");
    await store.subagents.announced("r1", "failed");
    assert.equal((await (await reopen()).subagents.get("r1"))?.announce, "told");
  });
  check("runs are listed newest first, by requester and by what is left to do", async (store) => {
    for (const n of [1, 2, 3]) await store.subagents.add(run(n), session(n), 5);
    await store.subagents.end("r1", end());
    await store.subagents.announced("r1", "told");
    await store.subagents.end("r2", end(10, { archiveAt: 70 }));
    await store.subagents.announced("r2", "told");
    assert.deepEqual(ids(await store.subagents.list({ requesterKey: REQUESTER, limit: 9 })), ["r3", "r2", "r1"]);
    assert.deepEqual(ids(await store.subagents.list({ unfinished: true, limit: 9 })), ["r3", "r2"]);
    assert.deepEqual(ids(await store.subagents.list({ state: "open", limit: 9 })), ["r3"]);
    assert.deepEqual(await store.subagents.list({ requesterKey: "agent:main:other", limit: 9 }), []);
    await store.subagents.archive("r2", { done: 71 });
    assert.deepEqual(ids(await store.subagents.list({ unfinished: true, limit: 9 })), ["r3"]);
  });
  check("another turn of the child and a later archiving are kept", async (store) => {
    await store.subagents.add(run(1), session(1), 5);
    await store.subagents.gave("r1", "t9");
    await store.subagents.archive("r1", { at: 99 });
    const row = await store.subagents.get("r1");
    assert.deepEqual([row?.lastTurn, row?.archiveAt], ["t9", 99]);
  });
  check("only what is over and done with is forgotten", async (store) => {
    for (const n of [1, 2, 3]) await store.subagents.add(run(n), session(n), 5);
    for (const n of [1, 2]) await store.subagents.end(`r${n}`, end());
    await store.subagents.announced("r1", "told");
    assert.equal(await store.subagents.prune(10), 0);
    assert.equal(await store.subagents.prune(11), 1);
    assert.deepEqual(ids(await store.subagents.list({ limit: 9 })), ["r3", "r2"]);
  });
}
