import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { quietLog as log } from "../../../../test/harness/log.ts";
import { systemClock } from "../base/time.ts";
import { createMirror } from "./mirror.ts";
import { openSqliteStore } from "./sqlite/index.ts";
import { migrations } from "./tables.ts";

const root = mkdtempSync(join(tmpdir(), "openclaw-mirror-"));
after(() => rmSync(root, { recursive: true }));

let states = 0;
async function open(state = join(root, String((states += 1)))) {
  const store = await openSqliteStore({ path: ":memory:", migrations, clock: systemClock, log });
  return {
    state,
    mirror: createMirror(store, { state, clock: systemClock, log }),
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
  assert.equal(await mirror.importMissing(), 2);
  assert.deepEqual((await mirror.store.sessions.get("a"))?.entry.label, "L");
  assert.deepEqual((await mirror.store.sessions.get("b"))?.entry, { sessionId: "s2", updatedAt: 2 });
  await mirror.store.sessions.delete("a");
  assert.equal(await mirror.importMissing(), 0);
  assert.equal(await mirror.store.sessions.get("a"), undefined);
});

test("a broken file is left alone and stops nothing", async () => {
  const { state, mirror, file } = await open();
  mkdirSync(join(state, "agents", "main", "sessions"), { recursive: true });
  writeFileSync(file, "{ broken");
  assert.equal(await mirror.importMissing(), 0);
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
