import assert from "node:assert/strict";
import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { readTail } from "./_logs.ts";

async function logFile(t: TestContext, content?: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "logs-test-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "gateway.log");
  if (content !== undefined) await writeFile(file, content);
  return file;
}

test("a log that does not exist yet is empty", async (t) => {
  const file = await logFile(t);
  assert.deepEqual(await readTail(file, {}), { file, cursor: 0, size: 0, lines: [], truncated: false, reset: false });
});

test("following by the cursor gives every line once, half-written ones when they are whole", async (t) => {
  const file = await logFile(t, "one\ntwo\nthr");
  const first = await readTail(file, {});
  assert.deepEqual([first.lines, first.cursor, first.truncated], [["one", "two"], 8, false]);
  await appendFile(file, "ee\nfour\n");
  const next = await readTail(file, { cursor: first.cursor });
  assert.deepEqual([next.lines, next.truncated], [["three", "four"], false]);
  assert.deepEqual((await readTail(file, { cursor: next.cursor })).lines, []);
});

test("what does not fit is left out at the old end, whole lines at a time", async (t) => {
  const file = await logFile(t, "one\ntwo\nthree\nfour\n");
  const byLines = await readTail(file, { limit: 1 });
  assert.deepEqual([byLines.lines, byLines.truncated], [["four"], true]);
  const byBytes = await readTail(file, { maxBytes: 10 });
  assert.deepEqual([byBytes.lines, byBytes.truncated], [["four"], true]);
});

test("a cursor beyond the file means that it was rotated: it is read anew", async (t) => {
  const file = await logFile(t, "new\n");
  const read = await readTail(file, { cursor: 9999 });
  assert.deepEqual([read.reset, read.lines, read.cursor], [true, ["new"], 4]);
});
