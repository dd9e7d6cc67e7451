import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { systemRandom } from "../../base/ids.ts";
import { systemClock } from "../../base/time.ts";
import type { Platform } from "../../contracts/service.ts";
import { takeLock } from "./lock.ts";

async function place(t: TestContext): Promise<{ platform: Platform; locks: string }> {
  const state = await mkdtemp(join(tmpdir(), "lock-test-"));
  t.after(() => rm(state, { recursive: true, force: true }));
  const platform = {
    clock: systemClock,
    random: systemRandom,
    paths: { state, home: state, config: join(state, "openclaw.json") },
  } as Platform;
  return { platform, locks: join(state, "locks") };
}

test("one process holds the lock, and gives it back", async (t) => {
  const { platform, locks } = await place(t);
  const release = await takeLock(platform, { port: 4711 });
  await assert.rejects(takeLock(platform, { port: 4712 }), {
    code: "GATEWAY_PORT_IN_USE",
    message: /ws:\/\/127\.0\.0\.1:4711/,
  });
  await release();
  assert.deepEqual(await readdir(locks), []);
  await (
    await takeLock(platform, { port: 4712 })
  )();
});

test("another configuration has a lock of its own", async (t) => {
  const { platform } = await place(t);
  const release = await takeLock(platform, { port: 4711 });
  const other = { ...platform, paths: { ...platform.paths, config: "/elsewhere/openclaw.json" } };
  await (
    await takeLock(other, { port: 4712 })
  )();
  await release();
});

test("the lock of a process that is gone is taken over", async (t) => {
  const { platform, locks } = await place(t);
  await (
    await takeLock(platform, { port: 4711 })
  )();
  const name = join(locks, await lockName(platform, locks));
  for (const left of [
    '{"pid":999999999,"port":1,"started":"1"}',
    JSON.stringify({ pid: process.pid, port: 1, started: "not when this process began" }),
  ]) {
    await writeFile(name, left);
    const release = await takeLock(platform, { port: 4711 });
    assert.equal(JSON.parse(await readFile(name, "utf8")).port, 4711);
    await release();
  }
});

test("of many that reclaim at once, one wins", async (t) => {
  const { platform, locks } = await place(t);
  const name = await lockName(platform, locks);
  await writeFile(join(locks, name), '{"pid":999999999,"port":1,"started":"1"}');
  const results = await Promise.allSettled(Array.from({ length: 8 }, (_, i) => takeLock(platform, { port: 5000 + i })));
  assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
});

test("a state directory that cannot be written is named", async (t) => {
  const { platform } = await place(t);
  const file = join(platform.paths.state, "file");
  await writeFile(file, "");
  await assert.rejects(takeLock({ ...platform, paths: { ...platform.paths, state: file } }, { port: 1 }), {
    code: "GATEWAY_STATE_UNWRITABLE",
  });
});

async function lockName(platform: Platform, locks: string): Promise<string> {
  const release = await takeLock(platform, { port: 1 });
  const [name = ""] = await readdir(locks);
  await release();
  return name;
}
