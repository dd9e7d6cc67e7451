import assert from "node:assert/strict";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { quietLog as log } from "../../../../../test/harness/log.ts";
import { testStore } from "../../../../../test/conformance/testStore.ts";
import type { OpenedStore } from "../../../../../test/conformance/testStore.ts";
import { Fault } from "../../base/errors.ts";
import { systemClock } from "../../base/time.ts";
import { migrations } from "../tables.ts";
import { Connection } from "./_connection.ts";
import { Writer } from "./_writer.ts";
import { openSqliteStore } from "./index.ts";

const root = mkdtempSync(join(tmpdir(), "openclaw-store-"));
after(() => rmSync(root, { recursive: true }));

let folders = 0;
const newPath = () => join(root, String((folders += 1)), "openclaw.sqlite");
const openAt = (path: string, steps = migrations) =>
  openSqliteStore({ path, migrations: steps, clock: systemClock, log });
const code = (expected: string) => (error: unknown) =>
  error instanceof Fault && error.code === expected && error.remedy !== "";

/** A copy of the files as they lie there is what a crash leaves. */
async function opened(path: string): Promise<OpenedStore> {
  const store = await openAt(path);
  return {
    store,
    async reopen() {
      const copy = newPath();
      mkdirSync(join(copy, ".."));
      for (const end of ["", "-wal"]) if (existsSync(path + end)) cpSync(path + end, copy + end);
      await store.close();
      return opened(copy);
    },
    close: () => store.close(),
  };
}

testStore("sqlite", () => opened(newPath()));

test("the database is private to its owner, also when it was not before", async () => {
  const path = newPath();
  mkdirSync(join(path, ".."));
  writeFileSync(path, "", { mode: 0o644 });
  const store = await openAt(path);
  await store.kv.set("a", "k", "v");
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(statSync(`${path}-wal`).mode & 0o777, 0o600);
  assert.equal((await store.info()).schema, migrations.at(-1)?.id);
  await store.close();
});

test("a later version's database is refused and not touched", async () => {
  const path = newPath();
  await (await openAt(path, [...migrations, { id: "9999-future", up: "CREATE TABLE future (x)" }])).close();
  const before = readFileSync(path);
  await assert.rejects(
    openAt(path),
    (error) => code("STORE_NEWER")(error) && /9999-future/.test((error as Error).message),
  );
  assert.deepEqual(readFileSync(path), before);
});

test("migrations run once, in order, also those of a feature that comes later", async () => {
  const path = newPath();
  await (await openAt(path)).close();
  const steps = [
    { id: "0003-b", up: "INSERT INTO t VALUES (1)" },
    ...migrations,
    { id: "0002-a", up: "CREATE TABLE t (x)" },
  ];
  await (await openAt(path, steps)).close();
  await (await openAt(path, steps)).close();
  const connection = new Connection(path);
  assert.deepEqual(connection.all("SELECT x FROM t").length, 1);
  connection.close();
});

test("a migration that fails leaves the database as it was before it", async () => {
  const path = newPath();
  const bad = [...migrations, { id: "0002-bad", up: "CREATE TABLE half (x); INSERT INTO nowhere VALUES (1)" }];
  await assert.rejects(openAt(path, bad), code("MIGRATION_FAILED"));
  const store = await openAt(path);
  assert.equal((await store.info()).schema, migrations.at(-1)?.id);
  await store.close();
  await (await openAt(path, [...migrations, { id: "0002-bad", up: "CREATE TABLE half (x)" }])).close();
});

test("a file that is no database, or a damaged one, is refused and left where it is", async () => {
  const path = newPath();
  mkdirSync(join(path, ".."));
  writeFileSync(path, "this is not a database at all, but long enough to be read as one".repeat(100));
  const before = readFileSync(path);
  await assert.rejects(openAt(path), code("STORE_DAMAGED"));
  assert.deepEqual(readFileSync(path), before);

  const cut = newPath();
  const store = await openAt(cut);
  await store.kv.set("a", "k", "v".repeat(50_000));
  await store.close();
  truncateSync(cut, 4096);
  await assert.rejects(
    openAt(cut).then((broken) => broken.kv.get("a", "k")),
    code("STORE_DAMAGED"),
  );
});

test("a place that cannot be written is named", async () => {
  const path = newPath();
  mkdirSync(join(path, ".."));
  mkdirSync(path);
  await assert.rejects(openAt(path), code("STORE_UNWRITABLE"));
  writeFileSync(`${path}-file`, "");
  await assert.rejects(openAt(join(`${path}-file`, "openclaw.sqlite")), code("STORE_UNWRITABLE"));
});

test("a full database refuses what does not fit, keeps what it has and goes on when there is room", async () => {
  const path = newPath();
  await (await openAt(path)).close();
  const connection = new Connection(path);
  connection.makeDurable();
  const writer = new Writer(connection);
  const set = (key: string, bytes: number) =>
    writer.write(() => connection.run("INSERT INTO kv (space, key, value) VALUES ('a', ?, ?)", key, "v".repeat(bytes)));
  await set("before", 10);
  connection.exec("PRAGMA max_page_count = 40");
  const results = await Promise.allSettled([set("small", 10), set("huge", 1_000_000)]);
  assert.ok(results.some((result) => result.status === "rejected" && code("DISK_FULL")(result.reason)));
  connection.exec("PRAGMA max_page_count = 1000000");
  await set("after", 1_000_000);
  const keys = connection.all<{ key: string }>("SELECT key FROM kv").map(({ key }) => key);
  assert.ok(keys.includes("before") && keys.includes("after") && !keys.includes("huge"));
  assert.equal(keys.includes("small"), results[0]!.status === "fulfilled");
  writer.close();
  connection.close();
});

test("more waiting writes than fit are refused at once", async () => {
  const connection = new Connection(":memory:");
  const writer = new Writer(connection, { waiting: 10, batch: 3 });
  connection.exec("CREATE TABLE t (x)");
  const results = await Promise.allSettled(
    Array.from({ length: 15 }, (_, n) => writer.write(() => connection.run("INSERT INTO t VALUES (?)", n))),
  );
  assert.deepEqual(
    results.map(({ status }) => status === "fulfilled"),
    [...Array(10).fill(true), ...Array(5).fill(false)],
  );
  assert.ok(code("STORE_BUSY")((results[10] as PromiseRejectedResult).reason));
  assert.equal(await writer.write(() => 1), 1);
});

test("another process that holds the database is told apart from damage", async () => {
  const path = newPath();
  const store = await openAt(path);
  const other = new Connection(path);
  other.exec("BEGIN IMMEDIATE");
  await assert.rejects(store.kv.set("a", "k", "v"), code("STORE_BUSY"));
  other.exec("COMMIT");
  await store.kv.set("a", "k", "v");
  other.close();
  await store.close();
});

test("whoever follows what happens again is told everything once", async () => {
  const { runEvents, close } = await openAt(":memory:");
  const fact = { runId: "r", sessionKey: "k", agentId: "main", kind: "start", at: 1, data: {} } as const;
  const heard: string[] = [];
  const note = (who: string) => () => void heard.push(who);
  const leave = runEvents.follow(note("first"), "connection");
  assert.equal(runEvents.follow(note("second"), "connection"), leave);
  const others = [runEvents.follow(note("other")), runEvents.follow(note("other"))];
  runEvents.record(fact);
  assert.deepEqual(heard.splice(0), ["second", "other", "other"]);
  leave();
  others[0]?.();
  runEvents.record(fact);
  assert.deepEqual(heard, ["other"]);
  await close();
});
