/** Transcripts that others wrote to, and lines that no memory should hold. */
import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { quietLog as log } from "../../../../../test/harness/log.ts";
import { openGrowing } from "../../base/growing-file.ts";
import { systemRandom } from "../../base/ids.ts";
import { systemClock } from "../../base/time.ts";
import type { Message } from "../../contracts/message.ts";
import type { Entry, MessageEntry } from "../ports/index.ts";
import { createTranscripts } from "./index.ts";

const root = mkdtempSync(join(tmpdir(), "openclaw-misuse-"));
after(() => rmSync(root, { recursive: true }));

/** Largest piece of a file that was in memory at once. */
let largest = 0;
const watched: typeof openGrowing = async (path, mode) => {
  const file = await openGrowing(path, mode);
  if (!file) return undefined;
  const read = file.read.bind(file);
  file.read = (from, to) => ((largest = Math.max(largest, to - from)), read(from, to));
  return file;
};
const fresh = () =>
  createTranscripts({ folder: (id) => join(root, id), clock: systemClock, random: systemRandom, log, open: watched });
const durably = { cwd: "/work", durable: true };
let sessions = 0;
const newRef = () => ({ agentId: "main", sessionId: `s${(sessions += 1)}` });
const user = (content: string): { message: Message } => ({ message: { role: "user", content, timestamp: 1 } });
const line = (id: string, parentId: string | null, content: string) =>
  `${JSON.stringify({ type: "message", id, parentId, timestamp: "", ...user(content) })}\n`;
const texts = (entries: readonly Entry[]) => entries.map((entry) => (entry as MessageEntry).message.content);

test("what somebody else adds takes nothing away, whatever it is", async () => {
  for (const garbage of [
    "rubbish\n",
    "rubbish without an end",
    '{"type":"message","id":"x"',
    "null\n[]\n\n",
    line("forged", null, "the only message"),
    line("forged", "nobody", "after nobody"),
    line("forged", null, "without an end").trimEnd(),
    `${JSON.stringify({ type: "compaction", id: "c", parentId: null, timestamp: "", summary: "nothing happened", firstKeptEntryId: "c", tokensBefore: 1 })}\n`,
    "\0".repeat(100_000),
  ]) {
    const transcripts = fresh();
    const ref = newRef();
    await transcripts.append(ref, [user("a"), user("b")], durably);
    appendFileSync(transcripts.path(ref), garbage);
    await transcripts.append(ref, [user("c")], durably);
    const window = await fresh().context(ref, 1e6);
    assert.deepEqual(texts(window.entries), ["a", "b", "c"], JSON.stringify(garbage.slice(0, 60)));
  }
});

test("what somebody else adds to the conversation belongs to it", async () => {
  const transcripts = fresh();
  const ref = newRef();
  const [, last] = await transcripts.append(ref, [user("a"), user("b")], durably);
  appendFileSync(transcripts.path(ref), line("theirs", last!.id, "theirs"));
  await transcripts.append(ref, [user("c")], durably);
  assert.deepEqual(texts((await fresh().context(ref, 1e6)).entries), ["a", "b", "theirs", "c"]);
});

const MB = 1024 * 1024;
/** Enough to be noticed; with OPENCLAW_TEST_LARGE=1 half a gigabyte. */
const LARGE = (process.env["OPENCLAW_TEST_LARGE"] === "1" ? 500 : 96) * MB;

test("a line that is larger than memory should be is never held in memory, and what stands before it stays", async () => {
  const transcripts = fresh();
  const ref = newRef();
  await transcripts.append(ref, [user("a"), user("b")], durably);
  const path = transcripts.path(ref);
  truncateSync(path, statSync(path).size + LARGE);
  appendFileSync(path, "\n");
  largest = 0;
  const again = fresh();
  await again.append(ref, [user("c")], durably);
  const { entries, damaged } = await again.context(ref, 1e6);
  assert.deepEqual(texts(entries), ["a", "b", "c"]);
  assert.equal(damaged, 1);
  assert.equal(await again.count(ref), 3);
  assert.ok(largest <= 8 * MB, `${largest} bytes at once`);
  rmSync(path);
});

test("an unfinished line of that size is put aside piece by piece", async () => {
  const transcripts = fresh();
  const ref = newRef();
  await transcripts.append(ref, [user("a")], durably);
  const path = transcripts.path(ref);
  const torn = LARGE / 2;
  truncateSync(path, statSync(path).size + torn);
  largest = 0;
  await fresh().append(ref, [user("b")], durably);
  assert.deepEqual(texts((await fresh().context(ref, 1e6)).entries), ["a", "b"]);
  assert.ok(largest <= 8 * MB, `${largest} bytes at once`);
  const aside = readdirSync(join(root, "main")).find((name) => name.startsWith(`${ref.sessionId}.jsonl.torn.`));
  assert.equal(statSync(join(root, "main", aside ?? "")).size, torn);
  assert.ok(readFileSync(path).length < 2000);
  rmSync(join(root, "main", aside ?? ""));
});
