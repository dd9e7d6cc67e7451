import assert from "node:assert/strict";
import { test } from "node:test";
import { defineErrors, fault } from "./errors.ts";
import { patiently } from "./patience.ts";
import type { Clock } from "./time.ts";

const errors = defineErrors({
  FULL: fault<void>({ status: 507, rpc: "UNAVAILABLE", say: () => "full", remedy: "wait", retryable: true }),
  BROKEN: fault<void>({ status: 500, rpc: "INTERNAL", say: () => "broken", remedy: "none" }),
});

/** FAKE clock on which nothing takes time; remembers how long it was asked to sleep. */
function fastClock(): { clock: Clock; slept: number[] } {
  const slept: number[] = [];
  const clock = { sleep: async (ms: number) => void slept.push(ms) } as unknown as Clock;
  return { clock, slept };
}

test("what may pass is tried again at growing intervals until it works", async () => {
  const { clock, slept } = fastClock();
  let tries = 0;
  const value = await patiently(clock, new AbortController().signal, async () => {
    if ((tries += 1) < 9) throw errors.FULL();
    return "done";
  });
  assert.equal(value, "done");
  assert.deepEqual(slept, [250, 500, 1000, 2000, 4000, 8000, 8000, 8000]);
});

test("what will not pass is tried once", async () => {
  const { clock, slept } = fastClock();
  await assert.rejects(
    patiently(clock, new AbortController().signal, () => Promise.reject(errors.BROKEN())),
    /broken/,
  );
  assert.deepEqual(slept, []);
});

test("patience ends with its signal", async () => {
  const { clock } = fastClock();
  const stop = new AbortController();
  const work = async () => {
    stop.abort();
    throw errors.FULL();
  };
  await assert.rejects(patiently(clock, stop.signal, work), /full/);
});
