import assert from "node:assert/strict";
import { mkdtempSync, mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { systemClock } from "../../../base/time.ts";
import type { SearchAnswer, SearchJob } from "./job.ts";
import { KEY_NOTE } from "./note.ts";
import { searchTranscripts } from "./scan.ts";

interface Said {
  readonly id: string;
  readonly text: string;
  readonly role?: string;
  readonly at?: number;
}

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 0, 2);

function line({ id, text, role = "user", at = NOW }: Said): string {
  const content = role === "user" ? text : [{ type: "text", text }];
  const timestamp = new Date(at).toISOString();
  return `${JSON.stringify({ type: "message", id, parentId: null, timestamp, message: { role, content } })}\n`;
}

function world(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "search-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(folder, { recursive: true });
  const job: SearchJob = {
    folders: [{ agentId: "main", folder }],
    query: "tea",
    roles: ["user", "assistant"],
    archived: true,
    limit: 20,
    budgetMs: 60_000,
    maxBytes: Number.MAX_SAFE_INTEGER,
    now: NOW,
  };
  return {
    /** Minutes are those before now at which the file changed. */
    write: (name: string, said: readonly Said[], minutes = 0, more = "") => {
      const path = join(folder, name);
      writeFileSync(path, `${JSON.stringify({ type: "session", id: name })}\n${said.map(line).join("")}${more}`);
      utimesSync(path, new Date(NOW - minutes * MINUTE), new Date(NOW - minutes * MINUTE));
    },
    search: (asked: Partial<SearchJob> = {}) => searchTranscripts({ ...job, ...asked }, systemClock),
  };
}

const ids = ({ hits }: SearchAnswer) => hits.map(({ sessionId, entryId }) => `${sessionId}/${entryId}`);

test("what was said is found in every conversation, the newest first", async (t) => {
  const { write, search } = world(t);
  write("old.jsonl", [{ id: "1", text: "tea please" }], 60);
  write("new.jsonl", [{ id: "1", text: "more tea" }, { id: "2", text: "coffee" }, { id: "3", text: "Tea, then" }]); // prettier-ignore
  const answer = await search();
  assert.deepEqual(ids(answer), ["new/3", "new/1", "old/1"]);
  assert.deepEqual([answer.stopped, answer.files, answer.next], ["end", 2, undefined]);
  const [first] = answer.hits;
  assert.deepEqual(
    [first?.role, first?.timestamp, first?.excerpt, first?.matches],
    ["user", NOW, "Tea, then", [[0, 3]]],
  );
});

test("what tools gave back is found where it is asked for", async (t) => {
  const { write, search } = world(t);
  write("s.jsonl", [
    { id: "1", text: "tea list", role: "toolResult" },
    { id: "2", text: "tea!", role: "assistant" },
  ]);
  assert.deepEqual(ids(await search()), ["s/2"]);
  assert.deepEqual(ids(await search({ roles: ["tool"] })), ["s/1"]);
});

test("thoughts and lines that are no messages are not found", async (t) => {
  const { write, search } = world(t);
  const thought = { type: "message", id: "2", message: { role: "assistant", content: [{ type: "thinking", thinking: "tea" }] } }; // prettier-ignore
  const others = ["null", "tea", '{"type":"message","id":1,"message":null} tea', JSON.stringify(thought), '{"tea":'];
  write("s.jsonl", [{ id: "1", text: "tea" }], 0, others.join("\n"));
  assert.deepEqual(ids(await search()), ["s/1"]);
});

test("what was said before a reset is found under the key that it was said under", async (t) => {
  const { write, search } = world(t);
  const note = `${JSON.stringify({ type: "custom", customType: KEY_NOTE, data: { key: "agent:main:main" }, id: "n" })}\n`;
  write("a.jsonl.reset.2026-01-01", [{ id: "1", text: "tea" }], 5, note);
  write("b.jsonl.reset.2026-01-01", [{ id: "1", text: "tea" }], 9);
  write("c.jsonl.deleted.2026-01-01", [{ id: "1", text: "tea" }], 1);
  write("live.jsonl", [{ id: "1", text: "tea" }]);
  const { hits } = await search();
  assert.deepEqual(
    hits.map(({ sessionId, noted, archived }) => [sessionId, noted, archived]),
    [
      ["live", undefined, false],
      ["a", "agent:main:main", true],
      ["b", undefined, true],
    ],
  );
  assert.deepEqual(ids(await search({ archived: false })), ["live/1"]);
  const only = { key: "agent:main:main", sessionId: "live" };
  assert.deepEqual(ids(await search({ only })), ["live/1", "a/1"]);
});

test("what compaction laid aside is found once", async (t) => {
  const { write, search } = world(t);
  write("s.jsonl", [{ id: "2", text: "tea two" }]);
  write(
    "s.jsonl.compacted.2026-01-01",
    [
      { id: "1", text: "tea one" },
      { id: "2", text: "tea two" },
    ],
    5,
  );
  assert.deepEqual(ids(await search()), ["s/2", "s/1"]);
});

test("times narrow it down", async (t) => {
  const { write, search } = world(t);
  const said = [0, 1, 2, 3].map((n) => ({ id: String(n), text: "tea", at: NOW - n * MINUTE })).toReversed();
  write("s.jsonl", said);
  assert.deepEqual(ids(await search({ since: NOW - 2 * MINUTE, until: NOW })), ["s/1", "s/2"]);
});

test("pages together hold everything once, even when a conversation changes between them", async (t) => {
  const { write, search } = world(t);
  const said = (count: number) => Array.from({ length: count }, (_, n) => ({ id: String(n), text: `tea ${n}` }));
  write("a.jsonl", said(3), 1);
  write("b.jsonl", said(3), 2);
  write("c.jsonl", said(2), 3);
  const first = await search({ limit: 2 });
  assert.equal(first.stopped, "limit");
  write("b.jsonl", said(4), -5);
  const found = ids(first);
  for (let { next } = first; next !== undefined;) {
    const page = await search({ limit: 2, from: next, now: NOW + MINUTE });
    found.push(...ids(page));
    ({ next } = page);
  }
  const all = [...[0, 1, 2].map((n) => `a/${n}`), ...[0, 1, 2, 3].map((n) => `b/${n}`), "c/0", "c/1"];
  assert.deepEqual(found.toSorted(), all);
});

test("a search that has no time or no bytes left goes on where it ended", async (t) => {
  const { write, search } = world(t);
  const long = "x".repeat(700_000);
  write("s.jsonl", [{ id: "1", text: "tea" }, { id: "2", text: long }, { id: "3", text: long }, { id: "4", text: "tea" }]); // prettier-ignore
  for (const [bound, stopped] of [
    [{ maxBytes: 1 }, "bytes"],
    [{ budgetMs: 0 }, "time"],
  ] as const) {
    const found: string[] = [];
    let page = await search(bound);
    assert.equal(page.stopped, stopped);
    for (let pages = 0; page.next !== undefined && pages < 10; pages += 1) {
      found.push(...ids(page));
      page = await search({ ...bound, from: page.next });
    }
    found.push(...ids(page));
    assert.deepEqual([found, page.stopped], [["s/4", "s/1"], "end"]);
  }
});
