import assert from "node:assert/strict";
import { test } from "node:test";
import type { TurnRow } from "../../store/index.ts";
import { TokenFailures } from "./_failures.ts";
import { runIdOf } from "./_run-id.ts";

const MINUTE = 60_000;

function clockAt(start = 0) {
  let now = start;
  return {
    pass: (ms: number) => (now += ms),
    clock: {
      now: () => now,
      monotonic: () => now,
      sleep: () => Promise.resolve(),
      timer: () => () => {},
    },
  };
}

test("a run keeps its id for ten minutes across restarts, then a key means another run", async () => {
  const rows = new Map<string, TurnRow>();
  const turns = { get: async (id: string) => rows.get(id) };
  for (const start of [0, 3 * MINUTE, 9.9 * MINUTE]) {
    rows.clear();
    const first = await runIdOf("k", turns, start);
    rows.set(first, { createdAt: start } as TurnRow);
    assert.equal(await runIdOf("k", turns, start + 9 * MINUTE), first);
    assert.notEqual(await runIdOf("other", turns, start + MINUTE), first);
    assert.notEqual(await runIdOf("k", turns, start + 20 * MINUTE), first);
  }
});

test("twenty wrong tokens within a minute lock an address, and only that one", () => {
  const { clock, pass } = clockAt();
  const failures = new TokenFailures(clock);
  for (let i = 0; i < 20; i += 1) assert.equal(failures.count("a"), 0);
  assert.equal(failures.count("a"), MINUTE);
  assert.equal(failures.count("b"), 0);
  pass(59_000);
  assert.equal(failures.count("a"), 1000);
  pass(1001);
  assert.equal(failures.count("a"), 0);
  for (let i = 0; i < 40; i += 1) {
    assert.equal(failures.count("slow"), 0);
    pass(4000);
  }
  for (let i = 0; i < 20_000; i += 1) failures.count(`address ${i}`);
  assert.ok(failures.size <= 5000);
});
