import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { SessionRow } from "../../../store/index.ts";
import { planMaintenance } from "./plan.ts";
import type { MaintenanceInput, StoredFile } from "./plan.ts";
import type { MaintenancePolicy } from "./policy.ts";

const DAY = 86_400_000;
const NOW = 400 * DAY;
const policy: MaintenancePolicy = {
  mode: "enforce",
  pruneAfterMs: 30 * DAY,
  maxEntries: 500,
  retentionMs: 30 * DAY,
  maxBytes: undefined,
  highWaterBytes: 0,
};
const row = (rest: string, ageDays: number, extra: object = {}): SessionRow => ({
  key: `agent:main:${rest}`,
  agentId: "main",
  entry: { sessionId: `id-${rest.replaceAll(":", "-")}`, updatedAt: NOW - ageDays * DAY, ...extra },
});
const file = (name: string, ageDays: number, bytes = 100): StoredFile => ({
  name,
  bytes,
  modifiedAt: NOW - ageDays * DAY,
});
const plan = (over: Partial<MaintenanceInput>) =>
  planMaintenance({ rows: [], files: [], policy, now: NOW, keep: new Set(["agent:main:main"]), ...over });
const keys = (over: Partial<MaintenanceInput>) => plan(over).entries.map(({ key, reason }) => [key.slice(11), reason]);

test("entries that nobody used for long go, except main, groups, threads and what is pinned", () => {
  const rows = [
    row("main", 100),
    row("dm:4711", 100),
    row("telegram:group:1", 100),
    row("telegram:dm:7:thread:3", 100),
    row("dm:pinned", 100, { pinned: true }),
    row("cron:daily", 31),
    row("dm:young", 29),
  ];
  assert.deepEqual(keys({ rows }), [
    ["dm:4711", "age"],
    ["cron:daily", "age"],
  ]);
});

test("of more entries than allowed the oldest go", () => {
  const rows = [row("main", 9), row("dm:a", 3), row("dm:b", 2), row("dm:c", 1)];
  assert.deepEqual(keys({ rows, policy: { ...policy, maxEntries: 2 } }), [
    ["dm:a", "count"],
    ["dm:b", "count"],
  ]);
});

test("transcripts of ended sessions go after their retention, or never", () => {
  const files = [file("x.jsonl.reset.2025", 31), file("y.jsonl.deleted.2025", 29), file("z.jsonl", 400)];
  assert.deepEqual(
    plan({ files }).files.map(({ name }) => name),
    ["x.jsonl.reset.2025"],
  );
  assert.deepEqual(plan({ files, policy: { ...policy, retentionMs: undefined } }).files, []);
});

test("a folder that is too large is brought down: loose transcripts first, then the oldest entries", () => {
  const rows = [row("main", 5), row("dm:a", 4), row("dm:b", 3)];
  const files = [
    file("id-main.jsonl", 5, 400),
    file("id-dm-a.jsonl", 4, 300),
    file("id-dm-b.jsonl", 3, 200),
    file("loose.jsonl", 9, 100),
    file("just-now.jsonl", 0, 50),
  ];
  const {
    entries,
    files: gone,
    bytesAfter,
  } = plan({ rows, files, policy: { ...policy, maxBytes: 1000, highWaterBytes: 650 } });
  assert.deepEqual(
    gone.map(({ name }) => name),
    ["loose.jsonl", "id-dm-a.jsonl"],
  );
  assert.deepEqual(entries, [{ key: "agent:main:dm:a", reason: "disk" }]);
  assert.equal(bytesAfter, 650);
});

test("an entry whose transcript is missing goes only when that is asked for", () => {
  const rows = [row("dm:a", 1), row("dm:b", 1)];
  const files = [file("id-dm-b.jsonl", 1)];
  assert.deepEqual(keys({ rows, files }), []);
  assert.deepEqual(keys({ rows, files, fixMissing: true }), [["dm:a", "missing"]]);
});

test("whatever the policy, what must stay stays, and nothing is named twice", () => {
  const arbitraryRow = fc
    .record({
      rest: fc.constantFrom("main", "dm:1", "dm:2", "telegram:group:3", "cron:x", "subagent:u"),
      age: fc.nat(100),
      pinned: fc.boolean(),
    })
    .map(({ rest, age, pinned }) => row(rest, age, { pinned }));
  const input = fc.record({
    rows: fc.uniqueArray(arbitraryRow, { selector: ({ key }) => key }),
    sizes: fc.array(fc.nat(1000), { maxLength: 6 }),
    maxEntries: fc.integer({ min: 1, max: 5 }),
    maxBytes: fc.option(fc.nat(3000), { nil: undefined }),
  });
  fc.assert(
    fc.property(input, ({ rows, sizes, maxEntries, maxBytes }) => {
      const files = [
        ...rows.map(({ entry }, i) => file(`${entry.sessionId}.jsonl`, 5, sizes[i] ?? 10)),
        file("loose.jsonl", 2, 500),
      ];
      const result = plan({
        rows,
        files,
        policy: { ...policy, maxEntries, maxBytes, highWaterBytes: (maxBytes ?? 0) / 2 },
      });
      const gone = result.entries.map(({ key }) => key);
      assert.equal(new Set(gone).size, gone.length);
      assert.equal(new Set(result.files.map(({ name }) => name)).size, result.files.length);
      for (const { key, entry } of rows)
        if (key === "agent:main:main" || entry.pinned === true || key.includes(":group:"))
          assert.ok(!gone.includes(key));
      assert.ok(result.bytesAfter <= result.bytesBefore);
    }),
  );
});
