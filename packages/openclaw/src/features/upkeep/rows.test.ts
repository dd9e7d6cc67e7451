import assert from "node:assert/strict";
import { test } from "node:test";
import type { Log } from "../../base/log.ts";
import { systemClock } from "../../base/time.ts";
import { pruneRows } from "./_rows.ts";
import type { PruneDeps } from "./_rows.ts";

const silent = { info() {}, warn() {} } as unknown as Log;
const clock = { ...systemClock, now: () => 100 * 86_400_000, sleep: async () => {} };

/** FAKE of the three ports: so many old rows each. */
function ports(rows: Record<"turns" | "audit" | "runEvents", number>) {
  const calls: [string, number][] = [];
  const port = (name: keyof typeof rows) => ({
    prune: async (before: number, limit: number) => {
      calls.push([name, 100 - before / 86_400_000]);
      const gone = Math.min(rows[name], limit);
      rows[name] -= gone;
      return gone;
    },
  });
  const store = { turns: port("turns"), audit: port("audit"), runEvents: port("runEvents") };
  return { store: store as unknown as PruneDeps["store"], calls };
}

test("turns go after a week, facts and verdicts after a month, a few at a time, until none is left", async () => {
  const rows = { turns: 1201, audit: 3, runEvents: 0 };
  const { store, calls } = ports(rows);
  await pruneRows({ store, clock, log: silent, signal: new AbortController().signal });
  assert.deepEqual(rows, { turns: 0, audit: 0, runEvents: 0 });
  assert.deepEqual(calls, [
    ["turns", 7],
    ["turns", 7],
    ["turns", 7],
    ["audit", 30],
    ["runEvents", 30],
  ]);
});

test("a gateway that stops does not wait for it", async () => {
  const rows = { turns: 10_000, audit: 10_000, runEvents: 10_000 };
  const { store, calls } = ports(rows);
  await pruneRows({ store, clock, log: silent, signal: AbortSignal.abort() });
  assert.deepEqual(calls, []);
});
