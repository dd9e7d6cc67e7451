/** Many writers of one file, in one process and in several, some of them killed. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { systemClock } from "../../../base/time.ts";
import { editConfig } from "../_service.ts";
import { loadText } from "../_load/load.ts";
import { sampleSections as sections } from "../_samples.ts";

const WRITER = fileURLToPath(new URL("writer.fixture.ts", import.meta.url));

async function place(text: string) {
  const state = await mkdtemp(join(tmpdir(), "openclaw-writers-"));
  const config = join(state, "openclaw.json");
  await writeFile(config, text);
  return { env: {}, paths: { home: state, state, config }, clock: systemClock, version: "2026.11.0" };
}

/** Starts a process that sets `env.vars.<prefix>_<n>` for every `n` below `count`. */
function startWriter(config: string, prefix: string, count: number) {
  const child = spawn(process.execPath, ["--conditions=openclaw-source", WRITER, config, prefix, String(count)], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  return { child, ended: new Promise<number | null>((resolve) => child.once("exit", resolve)) };
}

async function namesIn(config: string): Promise<readonly string[]> {
  const { env } = JSON.parse(await readFile(config, "utf8")) as { env: { vars: object } };
  return Object.keys(env.vars);
}

test("1,000 interleaved edits by several writers lose nothing", async () => {
  const platform = await place('{ "env": { "vars": {} } }');
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    const name = (at: number) => `env.vars.W${writer}_${at % 20}`;
    for (let at = 0; at < 125; at += 1) {
      const file = await editConfig({ platform, sections }, [{ path: name(at), value: String(at) }]);
      for (let before = Math.max(0, at - 19); before <= at; before += 1)
        assert.equal(file.snapshot?.at(name(before)), String(before));
    }
  });
  await Promise.all(writers);
  assert.equal((await namesIn(platform.paths.config)).length, 160);
  assert.ok(!(await readdir(platform.paths.state)).some((each) => each.includes("lock") || each.endsWith(".tmp")));
});

test("writers in several processes lose nothing either", async () => {
  const platform = await place('{ "env": { "vars": {} } }');
  const writers = ["A", "B", "C"].map((prefix) => startWriter(platform.paths.config, prefix, 20));
  assert.deepEqual(await Promise.all(writers.map(({ ended }) => ended)), [0, 0, 0]);
  assert.equal((await namesIn(platform.paths.config)).length, 60);
});

/** Fake clock with which waiting for a lock fails. */
const UNWAITING = { ...systemClock, sleep: () => Promise.reject(new Error("it waited for a lock that nobody holds")) };

test("a writer that is killed leaves a valid file, and the next one need not wait for its lock", async () => {
  const platform = await place('{ "env": { "vars": {} } }');
  const { config } = platform.paths;
  for (let round = 0; round < 5; round += 1) {
    const { child, ended } = startWriter(config, `R${round}`, 10_000);
    const before = (await namesIn(config)).length;
    while ((await namesIn(config)).length < before + 3 + round) await systemClock.sleep(5);
    child.kill("SIGKILL");
    await ended;
    const file = await loadText(platform, await readFile(config, "utf8"), sections);
    assert.ok(file.valid, JSON.stringify(file.issues));
    await editConfig({ platform: { ...platform, clock: UNWAITING }, sections }, [
      { path: `env.vars.AFTER_${round}`, value: "x" },
    ]);
  }
  assert.equal((await namesIn(config)).filter((name) => name.startsWith("AFTER")).length, 5);
});
