import assert from "node:assert/strict";
import { test } from "node:test";
import { Once } from "./once.ts";

const MINUTE = 60_000;

function clockAt() {
  let now = 0;
  return {
    pass: (ms: number) => (now += ms),
    clock: { now: () => now, monotonic: () => now, sleep: () => Promise.resolve(), timer: () => () => {} },
  };
}

test("a key is answered once for ten minutes, whoever asks while it is being answered", async () => {
  const { clock, pass } = clockAt();
  const once = new Once<number>(clock);
  let runs = 0;
  const work = async () => (runs += 1);
  assert.deepEqual(await Promise.all([once.run("k", work), once.run("k", work)]), [1, 1]);
  pass(9 * MINUTE);
  assert.equal(await once.run("k", work), 1);
  assert.equal(await once.run(undefined, work), 2);
  pass(2 * MINUTE);
  assert.equal(await once.run("k", work), 3);
});

test("a failure is not remembered, and no more than a thousand keys are", async () => {
  const { clock } = clockAt();
  const once = new Once<number>(clock);
  await assert.rejects(once.run("k", () => Promise.reject(new Error("no"))));
  assert.equal(await once.run("k", async () => 1), 1);
  for (let i = 0; i < 1000; i += 1) await once.run(`k${i}`, async () => i);
  assert.equal(await once.run("k", async () => 2), 2);
  assert.equal(await once.run("k999", async () => -1), 999);
});
