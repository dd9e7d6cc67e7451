import assert from "node:assert/strict";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { quietLog as log } from "../../../../../test/harness/log.ts";
import { openGrowing } from "../../base/growing-file.ts";
import type { OpenGrowing } from "../../base/growing-file.ts";
import { systemRandom } from "../../base/ids.ts";
import { systemClock } from "../../base/time.ts";
import type { Message } from "../../contracts/message.ts";
import type { Entry, MessageEntry } from "../ports/index.ts";
import { createTranscripts } from "./index.ts";

const root = mkdtempSync(join(tmpdir(), "openclaw-transcripts-"));
after(() => rmSync(root, { recursive: true }));

const fresh = (open?: OpenGrowing) =>
  createTranscripts({
    folder: (id) => join(root, id),
    clock: systemClock,
    random: systemRandom,
    log,
    ...(open ? { open } : {}),
  });
const all = { maxEntries: 1e6, maxBytes: 1e9 };
const durably = { cwd: "/work", durable: true };

let sessions = 0;
const newRef = () => ({ agentId: "main", sessionId: `s${(sessions += 1)}` });
const user = (text: string): { message: Message; runId: string } => ({
  message: { role: "user", content: text, timestamp: 1 },
  runId: "r1",
});
const texts = (entries: readonly Entry[]) => entries.map((entry) => (entry as MessageEntry).message.content);
const linesOf = (path: string) =>
  readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test("the first append writes a header, and every entry names the one before it", async () => {
  const transcripts = fresh();
  const ref = newRef();
  const written = await transcripts.append(ref, [user("a"), user("b")], durably);
  await transcripts.append(ref, [user("c")], durably);
  const [header, ...entries] = linesOf(transcripts.path(ref));
  assert.deepEqual(
    [header!["type"], header!["id"], header!["cwd"], typeof header!["version"], typeof header!["timestamp"]],
    ["session", ref.sessionId, "/work", "number", "string"],
  );
  assert.deepEqual(
    entries.map(({ parentId }) => parentId),
    [null, entries[0]!["id"], entries[1]!["id"]],
  );
  assert.deepEqual(
    written.map(({ id }) => id),
    entries.slice(0, 2).map(({ id }) => id),
  );
  assert.equal(entries[0]!["runId"], "r1");
  assert.equal(statSync(transcripts.path(ref)).mode & 0o777, 0o600);
});

test("another process continues where the last one stopped", async () => {
  const ref = newRef();
  for (const text of ["a", "b", "c"]) await fresh().append(ref, [user(text)], durably);
  assert.deepEqual(texts((await fresh().tail(ref, all)).entries), ["a", "b", "c"]);
});

test("appends that come at once are written one after another as one chain", async () => {
  const transcripts = fresh();
  const ref = newRef();
  await Promise.all(
    Array.from({ length: 50 }, (_, n) => transcripts.append(ref, [user(`${n}`)], { cwd: "/", durable: n % 7 === 0 })),
  );
  assert.deepEqual(
    texts((await transcripts.tail(ref, all)).entries),
    Array.from({ length: 50 }, (_, n) => `${n}`),
  );
});

test("a note is an entry of its own type that cannot take the place of the chain's fields", async () => {
  const transcripts = fresh();
  const ref = newRef();
  const note = await transcripts.note(
    ref,
    "custom",
    { id: "forged", parentId: "forged", customType: "cut-off", data: { n: 1 } },
    { cwd: "/" },
  );
  assert.notEqual(note.id, "forged");
  assert.equal(note.parentId, null);
  assert.deepEqual((await transcripts.tail(ref, all)).entries, [note]);
});

test("a torn last line is put aside wherever it broke, and nothing else is lost", async () => {
  const ref = newRef();
  const transcripts = fresh();
  await transcripts.append(ref, [user("kept")], durably);
  const whole = statSync(transcripts.path(ref)).size;
  await transcripts.append(ref, [user("x".repeat(30))], durably);
  const content = readFileSync(transcripts.path(ref));
  for (let cut = whole + 1; cut < content.length; cut += 7) {
    writeFileSync(transcripts.path(ref), content.subarray(0, cut));
    const again = fresh();
    await again.append(ref, [user("after")], durably);
    const { entries, damaged } = await again.tail(ref, all);
    assert.deepEqual([texts(entries)[0], texts(entries).at(-1), damaged], ["kept", "after", 0]);
  }
  const torn = readdirSync(dirname(transcripts.path(ref))).filter((name) =>
    name.startsWith(`${ref.sessionId}.jsonl.torn.`),
  );
  assert.ok(torn.length > 0);
});

test("a whole last line that only lacks its end is kept", async () => {
  const ref = newRef();
  await fresh().append(ref, [user("a"), user("b")], durably);
  const path = fresh().path(ref);
  truncateSync(path, statSync(path).size - 1);
  assert.deepEqual(texts((await fresh().tail(ref, all)).entries), ["a", "b"]);
  await fresh().append(ref, [user("c")], durably);
  assert.deepEqual(texts((await fresh().tail(ref, all)).entries), ["a", "b", "c"]);
});

test("a file with nothing but a torn header starts anew", async () => {
  const ref = newRef();
  const path = fresh().path(ref);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '{"type":"sess');
  await fresh().append(ref, [user("a")], durably);
  assert.deepEqual(
    linesOf(path).map(({ type }) => type),
    ["session", "message"],
  );
});

test("unreadable lines are skipped and counted, and the history before them stays", async () => {
  const ref = newRef();
  const transcripts = fresh();
  await transcripts.append(ref, [user("a"), user("b")], durably);
  const path = transcripts.path(ref);
  const lines = readFileSync(path, "utf8").split("\n");
  writeFileSync(path, [lines[0], lines[1], "{ not json", '{"id":1}', '"text"', ""].join("\n"));
  await transcripts.append(ref, [user("c")], durably);
  appendFileSync(path, "\u0000\u0000\u0000\n");
  const { entries, damaged, hasMore } = await transcripts.tail(ref, all);
  assert.deepEqual([texts(entries), damaged, hasMore], [["a", "c"], 4, false]);
});

test("a damaged parent does not end the history", async () => {
  const ref = newRef();
  await fresh().append(ref, [user("a"), user("b"), user("c")], durably);
  const path = fresh().path(ref);
  const lines = readFileSync(path, "utf8").split("\n");
  lines[2] = "garbage";
  writeFileSync(path, lines.join("\n"));
  assert.deepEqual(texts((await fresh().tail(ref, all)).entries), ["a", "c"]);
});

test("only the branch of the last entry is shown", async () => {
  const ref = newRef();
  const path = fresh().path(ref);
  const entry = (id: string, parentId: string | null) =>
    JSON.stringify({
      type: "message",
      id,
      parentId,
      timestamp: "t",
      message: { role: "user", content: id, timestamp: 1 },
    });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(
    path,
    [
      '{"type":"session","id":"x"}',
      entry("a", null),
      entry("b", "a"),
      entry("c", "b"),
      entry("b2", "a"),
      entry("c2", "b2"),
      "",
    ].join("\n"),
  );
  assert.deepEqual(texts((await fresh().tail(ref, all)).entries), ["a", "b2", "c2"]);
  await fresh().append(ref, [user("d")], durably);
  assert.deepEqual(texts((await fresh().tail(ref, { maxEntries: 3, maxBytes: 1e6 })).entries), ["b2", "c2", "d"]);
});

test("tail and limits agree with the whole list, whatever the sizes of entries", async () => {
  const size = fc.oneof(fc.nat(50), fc.nat(5000), fc.constantFrom(65_400, 65_536, 140_000));
  await fc.assert(
    fc.asyncProperty(
      fc.array(size, { minLength: 1, maxLength: 25 }),
      fc.integer({ min: 1, max: 30 }),
      async (sizes, maxEntries) => {
        const ref = newRef();
        const transcripts = fresh();
        const wanted = sizes.map((length, n) => `${n}:${"é".repeat(length / 2)}`);
        await transcripts.append(ref, wanted.map(user), { cwd: "/", durable: false });
        const { entries, hasMore } = await transcripts.tail(ref, { maxEntries, maxBytes: 1e9 });
        assert.deepEqual(texts(entries), wanted.slice(-maxEntries));
        assert.equal(hasMore, wanted.length > maxEntries);
        const small = await transcripts.tail(ref, { maxEntries, maxBytes: 1000 });
        assert.ok(small.entries.length >= 1 && wanted.join("\n").endsWith(texts(small.entries).join("\n")));
        assert.equal(small.hasMore, small.entries.length < wanted.length);
      },
    ),
    { numRuns: 60 },
  );
});

test("context goes back to what the newest compaction kept", async () => {
  const ref = newRef();
  const transcripts = fresh();
  const before = await transcripts.append(ref, [user("a"), user("b"), user("c")], durably);
  await transcripts.note(
    ref,
    "compaction",
    { summary: "s", firstKeptEntryId: before[2]!.id, tokensBefore: 9 },
    { cwd: "/" },
  );
  await transcripts.append(ref, [user("d")], durably);
  const { entries, hasMore } = await transcripts.context(ref, 1e6);
  assert.deepEqual(
    entries.map((entry) => ("message" in entry ? (entry as MessageEntry).message.content : entry.type)),
    ["c", "compaction", "d"],
  );
  assert.equal(hasMore, true);
});

test("without a compaction, context is everything that fits", async () => {
  const ref = newRef();
  const transcripts = fresh();
  await transcripts.append(
    ref,
    Array.from({ length: 40 }, (_, n) => user(`${n}`.padEnd(100))),
    durably,
  );
  assert.equal((await transcripts.context(ref, 1e6)).entries.length, 40);
  const some = await transcripts.context(ref, 2500);
  assert.ok(some.entries.length < 15 && some.entries.length > 5 && some.hasMore);
});

/** A fake disk that has room for so many more bytes, written as a real one does: in part. */
function fullDisk(room: number): OpenGrowing {
  return async (path, mode) => {
    const file = await openGrowing(path, mode);
    if (!file) return undefined;
    return {
      get size() {
        return file.size;
      },
      created: file.created,
      read: (from, to) => file.read(from, to),
      truncate: (size) => file.truncate(size),
      close: () => file.close(),
      async append(data, options) {
        if (data.length <= room) return file.append(data, options);
        const whole = file.size;
        await file.append(data.subarray(0, room), options);
        await file.truncate(whole);
        throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
      },
    };
  };
}

test("a full disk refuses the append and leaves nothing half written", async () => {
  const ref = newRef();
  await fresh().append(ref, [user("a")], durably);
  const before = readFileSync(fresh().path(ref));
  const full = fresh(fullDisk(40));
  await assert.rejects(
    full.append(ref, [user("b"), user("c")], durably),
    (error) => (error as { code?: string }).code === "TRANSCRIPT_UNWRITABLE",
  );
  assert.deepEqual(readFileSync(fresh().path(ref)), before);
  await fresh().append(ref, [user("d")], durably);
  assert.deepEqual(texts((await fresh().tail(ref, all)).entries), ["a", "d"]);
});

test("archiving renames the file, and the next append starts a new one", async () => {
  const ref = newRef();
  const transcripts = fresh();
  assert.equal(await transcripts.archive(ref, "reset"), undefined);
  await transcripts.append(ref, [user("old")], durably);
  const archived = await transcripts.archive(ref, "reset");
  assert.match(archived!, new RegExp(`${ref.sessionId}\\.jsonl\\.reset\\.\\d{4}-`));
  await transcripts.append(ref, [user("new")], durably);
  const [first, second] = await Promise.all([transcripts.archive(ref, "reset"), transcripts.archive(ref, "deleted")]);
  assert.ok(first !== undefined && second === undefined);
  assert.deepEqual((await transcripts.tail(ref, all)).entries, []);
  assert.match(readFileSync(archived!, "utf8"), /old/);
});

for (const name of ["", "..", ".", "a/b", "../x", "a\\b", "a\u0000", "é", ".hidden", "x".repeat(300)]) {
  test(`${JSON.stringify(name).slice(0, 20)} cannot name a transcript`, async () => {
    assert.throws(() => fresh().path({ agentId: "main", sessionId: name }));
    assert.throws(() => fresh().path({ agentId: name, sessionId: "x" }));
    await assert.rejects(fresh().append({ agentId: "main", sessionId: name }, [user("x")], durably));
  });
}

test("a thousand files leave no handle open", async () => {
  const transcripts = fresh();
  const count = () => (process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0);
  const before = count();
  for (let n = 0; n < 1000; n += 1) await transcripts.append(newRef(), [user("x")], { cwd: "/", durable: false });
  assert.ok(count() <= before + 2);
});

/** What this process has read so far; 0 where the system does not say. */
function bytesRead(): number {
  if (process.platform !== "linux") return 0;
  return Number(/^rchar: (\d+)/m.exec(readFileSync("/proc/self/io", "utf8"))?.[1] ?? 0);
}

test("for the last fifty entries of a file of a hundred megabytes only its end is read", async () => {
  const ref = newRef();
  const transcripts = fresh();
  const chunk = Array.from({ length: 1000 }, (_, n) => user(`${n} `.padEnd(1000, "x")));
  for (let n = 0; n < 100; n += 1) await transcripts.append(ref, chunk, { cwd: "/", durable: false });
  const before = bytesRead();
  assert.equal((await transcripts.tail(ref, { maxEntries: 50, maxBytes: 1e6 })).entries.length, 50);
  const read = bytesRead() - before;
  assert.ok(read < 1.5e6, `${read} bytes were read`);
});

test("messages are counted, also those that were added later, longer than a block or not", async () => {
  const transcripts = fresh();
  const ref = newRef();
  assert.equal(await transcripts.count(ref), 0);
  await transcripts.append(ref, [user("a"), user("x".repeat(3_000_000)), user("b")], durably);
  assert.equal(await transcripts.count(ref), 3);
  await transcripts.note(ref, "custom", { data: 1 }, { cwd: "/work" });
  await transcripts.append(ref, [user("c")], durably);
  assert.equal(await transcripts.count(ref), 4);
  assert.equal(await fresh().count(ref), 4);
});

test("a trimmed transcript has its newest entries, the whole stands beside it, and it grows on", async () => {
  const transcripts = fresh();
  const ref = newRef();
  await transcripts.append(ref, [user("a"), user("b"), user("c")], durably);
  assert.equal(await transcripts.trim(ref, 3), undefined, "nothing to cut");
  const outcome = await transcripts.trim(ref, 2);
  assert.equal(outcome?.kept, 2);
  assert.equal(linesOf(outcome.archived).length, 4);
  await transcripts.append(ref, [user("d")], durably);
  assert.deepEqual(texts((await transcripts.tail(ref, all)).entries), ["b", "c", "d"]);
  assert.equal(await transcripts.count(ref), 3);
  assert.equal(linesOf(transcripts.path(ref))[0]?.["type"], "session");
});

test("a compaction that keeps nothing ends the context before itself, without reading on", async () => {
  const ref = newRef();
  const transcripts = fresh();
  await transcripts.append(
    ref,
    Array.from({ length: 2000 }, (_, n) => user(`${n}`.padEnd(1000))),
    durably,
  );
  const entry = await transcripts.compact(ref, { summary: "s", tokensBefore: 9, details: { n: 1 } }, { cwd: "/" });
  assert.equal(entry.firstKeptEntryId, entry.id);
  await transcripts.append(ref, [user("d")], durably);
  const before = bytesRead();
  const { entries } = await fresh().context(ref, 1e9);
  assert.deepEqual(
    entries.map(({ type }) => type),
    ["compaction", "message"],
  );
  assert.ok(bytesRead() - before < 200_000);
});

test("a rotated transcript holds its context and nothing else, grows on, and the whole stands beside it", async () => {
  const transcripts = fresh();
  const ref = newRef();
  const storm = user("please ".repeat(100));
  const before = await transcripts.append(ref, [user("a"), user("b"), storm, storm, storm, user("c")], durably);
  assert.equal(await transcripts.rotate(ref), undefined, "nothing to leave behind");
  await transcripts.compact(ref, { summary: "s", firstKeptEntryId: before[2]!.id, tokensBefore: 9 }, { cwd: "/" });
  const context = await transcripts.context(ref, 1e6);
  const archived = await transcripts.rotate(ref);
  assert.equal(linesOf(archived!).length, 8);
  assert.equal(linesOf(transcripts.path(ref))[0]?.["parentSession"], archived);
  await transcripts.append(ref, [user("d")], durably);
  const after = await fresh().context(ref, 1e6);
  assert.equal(context.entries.length, 5);
  assert.deepEqual(
    after.entries.map((entry) =>
      "message" in entry ? String((entry as MessageEntry).message.content).slice(0, 6) : "",
    ),
    ["please", "c", "", "d"],
    "the message that was sent again and again stands once",
  );
  assert.equal(after.hasMore, false);
});

test("a damaged line in a long transcript does not end the history either", async () => {
  const ref = newRef();
  const transcripts = fresh();
  const long = Array.from({ length: 400 }, (_, n) => user(`${n} `.padEnd(4000, "x")));
  await transcripts.append(ref, long, durably);
  const path = transcripts.path(ref);
  const lines = readFileSync(path, "utf8").split("\n");
  lines[lines.length - 5] = "garbage";
  writeFileSync(path, lines.join("\n"));
  const { entries, damaged } = await fresh().context(ref, 400_000);
  assert.ok(entries.length > 50, `${entries.length}`);
  assert.equal(damaged, 1);
});
