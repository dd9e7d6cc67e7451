import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { setImmediate } from "node:timers/promises";
import { createExclusive, readText, writeDurable } from "./files.ts";

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "files-test-"));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

test("a file that is made is never seen without its content", async (t) => {
  const home = await folder(t);
  for (let round = 0; round < 50; round += 1) {
    const path = join(home, String(round));
    const making = createExclusive(path, "holder");
    while (!existsSync(path)) await setImmediate();
    assert.equal(readFileSync(path, "utf8"), "holder");
    assert.equal(await making, true);
  }
});

test("of many who make the same file one does, it is private, and nothing else is left", async (t) => {
  const home = await folder(t);
  const path = join(home, "lock");
  const made = await Promise.all(["a", "b", "c", "d"].map((data) => createExclusive(path, data)));
  assert.equal(made.filter(Boolean).length, 1);
  assert.equal(await createExclusive(path, "e"), false);
  assert.equal(await readText(path, 100), ["a", "b", "c", "d"][made.indexOf(true)]);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(home), ["lock"]);
});

test("an empty file is made like any other", async (t) => {
  const path = join(await folder(t), "empty");
  assert.deepEqual([await createExclusive(path, ""), await createExclusive(path, "")], [true, false]);
});

test("what cannot be made leaves nothing behind", async (t) => {
  const home = await folder(t);
  await assert.rejects(createExclusive(join(home, "missing", "lock"), "a"), { code: "ENOENT" });
  await assert.rejects(writeDurable(home, "a"));
  assert.deepEqual(await readdir(home), []);
});
