import { test } from "node:test";
import assert from "node:assert/strict";
import { systemClock } from "../../base/time.ts";
import type { Log } from "../../base/log.ts";
import type { UnderWay } from "../sessions/index.ts";
import { Liveness, standingOf } from "./_liveness.ts";
import type { Standing } from "./_liveness.ts";

const MINUTE = 60_000;
const table: readonly [string, { working: boolean; since: number; progressAt: number }, Standing | undefined][] = [
  ["one that has just begun is nothing to speak of", { working: true, since: 9 * MINUTE, progressAt: 0 }, undefined],
  ["one whose row is just being written neither", { working: false, since: 9 * MINUTE, progressAt: 0 }, undefined],
  ["one that shows what it does takes long", { working: true, since: 0, progressAt: 9.5 * MINUTE }, "long_running"],
  ["one that is silent has stalled", { working: true, since: 0, progressAt: 3 * MINUTE }, "stalled"],
  ["one that never showed anything has stalled", { working: true, since: 0, progressAt: 0 }, "stalled"],
  [
    "one that nobody executes is stuck, whatever it showed",
    { working: false, since: 0, progressAt: 10 * MINUTE },
    "stuck",
  ],
];
for (const [title, { working, since, progressAt }, expected] of table)
  test(`of runs under way: ${title}`, () => {
    const given = { now: 10 * MINUTE, progressAt, warnMs: 2 * MINUTE };
    assert.equal(standingOf({ working, since }, given), expected);
  });

/** A fake gateway whose time is set by hand. */
function world(run: UnderWay) {
  const seen = { notes: [] as string[], warnings: 0, released: [] as string[], now: 0, warnMs: MINUTE };
  let runs: readonly UnderWay[] = [run];
  const log = { debug() {}, warn: () => (seen.warnings += 1) } as unknown as Log;
  const liveness = new Liveness({
    clock: { ...systemClock, now: () => seen.now },
    log,
    stability: { note: (type, facts) => void seen.notes.push(`${type} ${facts?.["released"]}`) },
    underWay: () => runs,
    release: (_key, id) => (seen.released.push(id), (runs = []), true),
    warnMs: () => seen.warnMs,
  });
  return { seen, liveness, end: () => (runs = []) };
}
const run = { sessionKey: "k", runId: "r", working: true, since: 0, waiting: 1 };

test("a run that stalls is told at once, then less and less often, and is not released", () => {
  const { seen, liveness } = world(run);
  liveness.look();
  const told: number[] = [];
  for (seen.now = 0; seen.now <= 40 * MINUTE; seen.now += MINUTE / 2) {
    const before = seen.warnings;
    liveness.look();
    if (seen.warnings > before) told.push(seen.now / MINUTE);
  }
  assert.deepEqual(told, [1.5, 3, 6, 12, 24]);
  assert.deepEqual(seen.released, []);
  assert.deepEqual(liveness.counts(), { longRunning: 0, stalled: 1, stuck: 0 });
});

test("a run that gets on again is no longer stalled, and told of anew when it stalls again", () => {
  const { seen, liveness, end } = world(run);
  liveness.look();
  seen.now = 2 * MINUTE;
  liveness.look();
  liveness.progress("r");
  liveness.look();
  seen.now = 4 * MINUTE;
  liveness.look();
  assert.deepEqual(seen.notes, ["session.stalled false", "session.long_running false", "session.stalled false"]);
  end();
  liveness.look();
  assert.deepEqual(liveness.counts(), { longRunning: 0, stalled: 0, stuck: 0 });
});

test("only a run that nobody executes is released", () => {
  const { seen, liveness } = world({ ...run, working: false });
  seen.now = MINUTE;
  liveness.look();
  assert.deepEqual(seen.released, []);
  seen.now = 2 * MINUTE;
  liveness.look();
  assert.deepEqual(seen.released, ["r"]);
  assert.deepEqual(seen.notes, ["session.stuck true"]);
});

test("without diagnostics nothing is looked at", () => {
  const { seen, liveness } = world({ ...run, working: false });
  seen.now = 100 * MINUTE;
  seen.warnMs = 0;
  liveness.look();
  assert.deepEqual([seen.notes, seen.released], [[], []]);
});
