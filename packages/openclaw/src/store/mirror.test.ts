import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { quietLog as log } from "../../../../test/harness/log.ts";
import { systemClock } from "../base/time.ts";
import type { Clock } from "../base/time.ts";
import { createMirror } from "./mirror.ts";
import { documentedFiles } from "./session-files.ts";
import { openSqliteStore } from "./sqlite/index.ts";
import { migrations } from "./tables.ts";

const root = mkdtempSync(join(tmpdir(), "openclaw-mirror-"));
after(() => rmSync(root, { recursive: true }));

let states = 0;
async function open(state = join(root, String((states += 1)))) {
  const store = await openSqliteStore({ path: ":memory:", migrations, clock: systemClock, log });
  return {
    state,
    mirror: createMirror(store, { state, files: documentedFiles(state), clock: systemClock, log }),
    file: join(state, "agents", "main", "sessions", "sessions.json"),
  };
}
const read = (path: string) => JSON.parse(readFileSync(path, "utf8")) as Record<string, Record<string, unknown>>;

test("changes of sessions appear in the file, unknown fields included", async () => {
  const { mirror, file } = await open();
  await mirror.store.sessions.ensure({
    key: "agent:main:main",
    agentId: "main",
    entry: { sessionId: "s1", updatedAt: 5, custom: { kept: [1] } },
  });
  await mirror.store.sessions.patch("agent:main:main", { set: { label: "Home", updatedAt: 6 } });
  await mirror.flush();
  assert.deepEqual(read(file), {
    "agent:main:main": { sessionId: "s1", updatedAt: 6, custom: { kept: [1] }, label: "Home" },
  });
  assert.equal(statSync(file).mode & 0o777, 0o600);
  await mirror.store.sessions.delete("agent:main:main");
  await mirror.store.close();
  assert.deepEqual(read(file), {});
});

test("a store that closes writes the file first", async () => {
  const { mirror, file } = await open();
  await mirror.store.sessions.ensure({ key: "k", agentId: "main", entry: { sessionId: "s1", updatedAt: 5 } });
  assert.ok(!existsSync(file));
  await mirror.store.close();
  assert.deepEqual(Object.keys(read(file)), ["k"]);
});

test("a file that takes long to write is written less often", async () => {
  const store = await openSqliteStore({ path: ":memory:", migrations, clock: systemClock, log });
  const state = join(root, String((states += 1)));
  const waits: number[] = [];
  let now = 0;
  // Each look at the clock finds it 100 ms later; timers are noted and never fire.
  const clock: Clock = {
    ...systemClock,
    monotonic: () => (now += 100),
    timer: (ms) => {
      waits.push(ms);
      return () => {};
    },
  };
  const mirror = createMirror(store, { state, files: documentedFiles(state), clock, log });
  await mirror.store.sessions.ensure({ key: "k", agentId: "main", entry: { sessionId: "s1", updatedAt: 5 } });
  await mirror.flush();
  await mirror.store.sessions.patch("k", { set: { label: "Home" } });
  await mirror.store.close();
  assert.deepEqual(waits, [1000, 5000]);
});

test("ids that would name a file elsewhere are left out", async () => {
  const { state, mirror, file } = await open();
  const folder = join(state, "agents", "main", "sessions");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "own.jsonl"), "{}\n");
  const own = { updatedAt: 1, sessionFile: join(folder, "own.jsonl") };
  writeFileSync(
    file,
    JSON.stringify({
      climbs: { ...own, sessionId: "../../escaped" },
      absolute: { ...own, sessionId: "/tmp/escaped" },
      long: { ...own, sessionId: "a".repeat(300) },
      "agent:main:x:topic:../../../../elsewhere": { sessionId: "s0", updatedAt: 1 },
      sound: { ...own, sessionId: "s1" },
    }),
  );
  assert.equal(await mirror.takeOver(), 2);
  assert.ok(!existsSync(join(state, "agents", "escaped.jsonl")));
  assert.ok(existsSync(join(folder, "s1.jsonl")));
  await mirror.store.close();
});

test("a database without rows of an agent takes over its file; bad entries are left out", async () => {
  const { state, mirror, file } = await open();
  mkdirSync(join(state, "agents", "main", "sessions"), { recursive: true });
  writeFileSync(
    file,
    JSON.stringify({
      a: { sessionId: "s1", updatedAt: 1, label: "L" },
      b: { sessionId: "s2", updatedAt: 2, label: "L" },
      bad: { updatedAt: 3 },
      worse: 7,
    }),
  );
  assert.equal(await mirror.takeOver(), 2);
  assert.deepEqual((await mirror.store.sessions.get("a"))?.entry.label, "L");
  assert.deepEqual((await mirror.store.sessions.get("b"))?.entry, { sessionId: "s2", updatedAt: 2 });
  await mirror.store.sessions.delete("a");
  assert.equal(await mirror.takeOver(), 0);
  assert.equal(await mirror.store.sessions.get("a"), undefined);
});

test("a broken file is left alone and stops nothing", async () => {
  const { state, mirror, file } = await open();
  mkdirSync(join(state, "agents", "main", "sessions"), { recursive: true });
  writeFileSync(file, "{ broken");
  assert.equal(await mirror.takeOver(), 0);
  assert.equal(readFileSync(file, "utf8"), "{ broken");
});

test("the accounting at the end of a turn is mirrored", async () => {
  const { mirror, file } = await open();
  const { store } = mirror;
  await store.sessions.ensure({ key: "k", agentId: "main", entry: { sessionId: "s1", updatedAt: 5 } });
  await mirror.flush();
  await store.turns.submit(
    {
      id: "t",
      agentId: "main",
      sessionKey: "k",
      principal: { kind: "system", id: "x", role: "owner", scopes: [] },
      text: "hi",
      options: {},
      createdAt: 1,
    },
    [],
  );
  const result = {
    status: "ok",
    stopReason: "stop",
    texts: [],
    usage: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0, totalTokens: 2 },
    sessionId: "s1",
    durationMs: 1,
  } as const;
  await store.turns.finish("t", {
    state: "done",
    at: 2,
    result,
    posts: [],
    session: { set: {}, bump: { totalTokens: 2 } },
  });
  await store.close();
  assert.equal(read(file)["k"]?.["totalTokens"], 2);
});

test("what somebody changed in the file while no gateway ran is taken over at the next start", async () => {
  const state = join(root, String((states += 1)));
  const path = join(state, "database.sqlite");
  const start = async () => {
    const store = await openSqliteStore({ path, migrations, clock: systemClock, log });
    return createMirror(store, { state, files: documentedFiles(state), clock: systemClock, log });
  };
  const first = await start();
  for (const key of ["a", "b", "c"])
    await first.store.sessions.ensure({ key, agentId: "main", entry: { sessionId: `s-${key}`, updatedAt: 5 } });
  await first.store.close();
  const file = join(state, "agents", "main", "sessions", "sessions.json");
  const { a: _gone, ...rest } = read(file);
  writeFileSync(
    file,
    JSON.stringify({
      ...rest,
      b: { ...rest["b"], updatedAt: 6, label: "mine" },
      d: { sessionId: "s-d", updatedAt: 7 },
    }),
  );
  const second = await start();
  assert.equal(await second.takeOver(), 3);
  assert.equal(await second.store.sessions.get("a"), undefined);
  assert.equal((await second.store.sessions.get("b"))?.entry.label, "mine");
  assert.equal((await second.store.sessions.get("c"))?.entry.sessionId, "s-c");
  assert.equal((await second.store.sessions.get("d"))?.entry.sessionId, "s-d");
  await second.store.close();
  const third = await start();
  assert.equal(await third.takeOver(), 0);
  await third.store.close();
});

test("a file that a crash left older than the database takes nothing back", async () => {
  const state = join(root, String((states += 1)));
  const path = join(state, "database.sqlite");
  const store = await openSqliteStore({ path, migrations, clock: systemClock, log });
  const mirror = createMirror(store, { state, files: documentedFiles(state), clock: systemClock, log });
  await mirror.store.sessions.ensure({ key: "a", agentId: "main", entry: { sessionId: "s-a", updatedAt: 5 } });
  await mirror.flush();
  await store.sessions.ensure({ key: "b", agentId: "main", entry: { sessionId: "s-b", updatedAt: 6 } });
  await store.close();
  const again = await openSqliteStore({ path, migrations, clock: systemClock, log });
  const next = createMirror(again, { state, files: documentedFiles(state), clock: systemClock, log });
  assert.equal(await next.takeOver(), 0);
  assert.equal((await again.sessions.get("b"))?.entry.sessionId, "s-b");
  await again.close();
});
