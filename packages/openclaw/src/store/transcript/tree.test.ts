import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { quietLog as log } from "../../../../../test/harness/log.ts";
import { systemRandom } from "../../base/ids.ts";
import { systemClock } from "../../base/time.ts";
import type { Message } from "../../contracts/message.ts";
import type { MessageEntry } from "../ports/index.ts";
import { createTranscripts } from "./index.ts";

const root = mkdtempSync(join(tmpdir(), "openclaw-tree-"));
after(() => rmSync(root, { recursive: true }));

const fresh = () =>
  createTranscripts({ folder: (id) => join(root, id), clock: systemClock, random: systemRandom, log });
const options = { cwd: "/work", durable: false };
let sessions = 0;
const newRef = () => ({ agentId: "main", sessionId: `t${(sessions += 1)}` });
const user = (text: string): { message: Message } => ({ message: { role: "user", content: text, timestamp: 1 } });
type Transcripts = ReturnType<typeof fresh>;
const said = async (transcripts: Transcripts, ref: ReturnType<typeof newRef>) =>
  (await transcripts.context(ref, 1e9)).entries
    .filter(({ type }) => type === "message")
    .map((entry) => (entry as MessageEntry).message.content);

test("a conversation that is taken back goes on from there, and what came later stays as a branch", async () => {
  const transcripts = fresh();
  const ref = newRef();
  const [first] = await transcripts.append(ref, [user("a"), user("b"), user("c")], options);
  assert.equal(await transcripts.turnTo(ref, first!.id, options), true);
  assert.deepEqual(await said(transcripts, ref), ["a"]);
  await transcripts.append(ref, [user("d")], options);
  assert.deepEqual(await said(transcripts, ref), ["a", "d"]);
  const branches = await transcripts.branches(ref);
  assert.deepEqual(
    branches.map(({ active, messages, preview }) => [active, messages, preview]),
    [
      [true, 2, "d"],
      [false, 3, "c"],
    ],
  );
  await transcripts.turnTo(ref, branches[1]!.entryId, options);
  assert.deepEqual(await said(fresh(), ref), ["a", "b", "c"]);
  assert.equal((await transcripts.branches(ref)).length, 2);
});

test("a conversation goes on in the place of a message, of its first one too", async () => {
  const transcripts = fresh();
  const ref = newRef();
  const [first, second] = await transcripts.append(ref, [user("a"), user("b")], options);
  assert.equal(await transcripts.turnTo(ref, second!.id, { ...options, before: true }), true);
  await transcripts.append(ref, [user("b2")], options);
  assert.deepEqual(await said(transcripts, ref), ["a", "b2"]);
  assert.equal(await transcripts.turnTo(ref, first!.id, { ...options, before: true }), true);
  assert.deepEqual(await said(fresh(), ref), []);
  await transcripts.append(ref, [user("a2")], options);
  assert.deepEqual(await said(fresh(), ref), ["a2"]);
});

test("a branch says where it leaves the active one, and with what", async () => {
  const transcripts = fresh();
  const ref = newRef();
  const [first, second] = await transcripts.append(ref, [user("a"), user("b")], options);
  await transcripts.turnTo(ref, first!.id, options);
  const [third] = await transcripts.append(ref, [user("c")], options);
  const places = async () =>
    (await transcripts.branches(ref)).map(({ entryId, forkId, first: begin }) => [entryId, forkId, begin?.entryId]);
  assert.deepEqual(await places(), [
    [third!.id, third!.id, undefined],
    [second!.id, first!.id, second!.id],
  ]);
  await transcripts.turnTo(ref, first!.id, { ...options, before: true });
  const [fourth] = await transcripts.append(ref, [user("d")], options);
  assert.deepEqual(await places(), [
    [fourth!.id, fourth!.id, undefined],
    [third!.id, null, first!.id],
    [second!.id, null, first!.id],
  ]);
});

test("there is no way back to an entry that the file does not have", async () => {
  const transcripts = fresh();
  const ref = newRef();
  assert.equal(await transcripts.turnTo(ref, "nothing", options), false);
  await transcripts.append(ref, [user("a")], options);
  assert.equal(await transcripts.turnTo(ref, "nothing", options), false);
  assert.deepEqual(await said(transcripts, ref), ["a"]);
});

test("a fork begins with what the context holds, summary included, and goes its own way", async () => {
  const transcripts = fresh();
  const [ref, copy] = [newRef(), newRef()];
  const [, kept] = await transcripts.append(ref, [user("old"), user("kept"), user("new")], options);
  const summary = { summary: "so far", firstKeptEntryId: kept!.id, tokensBefore: 9 };
  await transcripts.compact(ref, summary, { cwd: "/work" });
  assert.equal(await transcripts.fork(ref, copy, { cwd: "/work", maxBytes: 1e9 }), 2);
  await transcripts.append(copy, [user("own")], options);
  assert.deepEqual(await said(transcripts, copy), ["kept", "new", "own"]);
  assert.deepEqual(await said(transcripts, ref), ["kept", "new"]);
  const window = await transcripts.context(copy, 1e9);
  assert.ok(window.entries.some(({ type }) => type === "compaction"));
  await assert.rejects(transcripts.fork(ref, copy, { cwd: "/work", maxBytes: 1e9 }), { code: "TRANSCRIPT_EXISTS" });
});

test("a fork may end earlier, and there is none of nothing", async () => {
  const transcripts = fresh();
  const [ref, copy] = [newRef(), newRef()];
  const [, second] = await transcripts.append(ref, [user("a"), user("b"), user("c")], options);
  assert.equal(await transcripts.fork(ref, copy, { cwd: "/w", maxBytes: 1e9, upTo: second!.id }), 2);
  assert.deepEqual(await said(transcripts, copy), ["a", "b"]);
  assert.equal(await transcripts.fork(newRef(), newRef(), { cwd: "/w", maxBytes: 1e9 }), undefined);
});

test("however often one turns, each branch reads as it was written", async () => {
  const step = fc.oneof(fc.record({ say: fc.string({ minLength: 1, maxLength: 5 }) }), fc.record({ turn: fc.nat(30) }));
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const transcripts = fresh();
      const ref = newRef();
      const ways: { id: string; way: string[] }[] = [];
      let now: string[] = [];
      for (const one of steps) {
        if ("say" in one) {
          const [entry] = await transcripts.append(ref, [user(one.say)], options);
          now = [...now, one.say];
          ways.push({ id: entry!.id, way: now });
        } else if (ways.length > 0) {
          const target = ways[one.turn % ways.length]!;
          await transcripts.turnTo(ref, target.id, options);
          now = target.way;
        }
        assert.deepEqual(await said(transcripts, ref), now);
      }
    }),
    { numRuns: 30 },
  );
});
