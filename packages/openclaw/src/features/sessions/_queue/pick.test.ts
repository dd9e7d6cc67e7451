import { test } from "node:test";
import assert from "node:assert/strict";
import fc from "fast-check";
import type { QueueMode } from "../../../store/index.ts";
import { choose, dueAt } from "./pick.ts";
import type { Entry } from "./entry.ts";
import { DEFAULTS } from "./settings.ts";

const MODES: readonly (QueueMode | undefined)[] = ["collect", "followup", "steer", "steer-backlog", "queue", undefined];

const entries = fc
  .array(
    fc.record({
      mode: fc.constantFrom(...MODES),
      group: fc.constantFrom("a", "b", "c"),
      arrivedAt: fc.integer({ min: 0, max: 100 }),
      during: fc.boolean(),
      begun: fc.constant(false),
    }),
    { maxLength: 30 },
  )
  .map((all) =>
    all.map((one, n): Entry => ({
      ...one,
      id: `${n}`,
      agentId: "main",
      lane: "main",
      author: one.group,
      rank: 0,
      place: "p",
    })),
  );
const settings = fc.record({
  mode: fc.constant("collect" as const),
  debounceMs: fc.integer({ min: 0, max: 50 }),
  cap: fc.integer({ min: 1, max: 10 }),
  drop: fc.constantFrom("old" as const, "new" as const, "summarize" as const),
});

test("what becomes one turn is of one group, in order, and only messages that collect are taken whole", () => {
  fc.assert(
    fc.property(entries, settings, (waiting, how) => {
      const choice = choose(waiting, how);
      if (!choice) return assert.equal(waiting.length, 0);
      const { run, takes, lines } = choice;
      const all = [...lines, ...takes, ...(lines.includes(run) ? [] : [run])];
      assert.equal(new Set(all).size, all.length);
      assert.deepEqual(
        all,
        waiting.filter((entry) => all.includes(entry)),
      );
      for (const entry of all) assert.equal(entry.group, run.group);
      if (all.length > 1) assert.ok(all.every(({ mode }) => mode !== undefined));
      if (takes.length > 0) assert.ok([...takes, run].every(({ mode }) => mode === "collect"));
      assert.ok(takes.length < how.cap || how.drop !== "summarize");
    }),
  );
});

test("choosing again and again empties the line, every entry exactly once, and the first in line never waits", () => {
  fc.assert(
    fc.property(entries, settings, (start, how) => {
      let waiting = start;
      const seen: Entry[] = [];
      while (waiting.length > 0) {
        const { run, takes, lines } = choose(waiting, how)!;
        const gone = new Set([run, ...takes, ...lines]);
        const head = waiting[0]!;
        assert.ok(gone.has(head) || [...gone].some(({ group }) => group === head.group));
        seen.push(...gone);
        waiting = waiting.filter((entry) => !gone.has(entry));
      }
      assert.deepEqual(seen.map(({ id }) => id).sort(), start.map(({ id }) => id).sort());
    }),
  );
});

test("nobody waits longer than the quiet time from now, nor for ever", () => {
  fc.assert(
    fc.property(entries, settings, fc.integer({ min: 0, max: 200 }), (waiting, how, now) => {
      const at = dueAt(waiting, how, { now, freeAt: 50 });
      assert.ok(at <= now + how.debounceMs);
      assert.ok(at <= Math.max(now, 50 + 10 * how.debounceMs));
    }),
  );
});

test("what an earlier process began goes on by itself, at once", () => {
  const base = { agentId: "main", lane: "main", author: "a", group: "a", rank: 0, place: "p", arrivedAt: 1 } as const;
  const begun: Entry = { ...base, id: "1", mode: "collect", during: true, begun: true };
  const waits: Entry = { ...base, id: "2", mode: "collect", during: true, begun: false };
  assert.deepEqual(choose([begun, waits], DEFAULTS), { run: begun, takes: [], lines: [] });
  assert.equal(dueAt([begun, waits], DEFAULTS, { now: 5, freeAt: 5 }), 5);
});
