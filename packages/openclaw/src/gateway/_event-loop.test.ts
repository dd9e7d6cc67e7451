import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "../base/time.ts";
import { EventLoopWatch } from "./_event-loop.ts";

test("a process that was held up says by how much, and nothing the next time", async (t) => {
  const watch = new EventLoopWatch(systemClock);
  t.after(() => watch.stop());
  const first = watch.look();
  assert.deepEqual([first.degraded, first.intervalMs, first.delayMaxMs], [false, 0, 0]);
  await systemClock.sleep(60);
  const until = performance.now() + 300;
  while (performance.now() < until);
  await systemClock.sleep(60);
  const slow = watch.look();
  assert.ok(slow.delayMaxMs > 200, String(slow.delayMaxMs));
  assert.deepEqual([slow.degraded, slow.reasons], [true, ["event_loop_delay"]]);
  assert.ok(slow.degradedSinceMs !== null && slow.intervalMs > 300 && slow.cpuBreakdown.userMs > 0);
  // A machine that is busy with other things may hold us up once more.
  let calm = slow;
  for (let i = 0; i < 50 && calm.degraded; i += 1) {
    await systemClock.sleep(100);
    calm = watch.look();
  }
  assert.deepEqual([calm.degraded, calm.degradedSinceMs], [false, null]);
});

test("watching ends when nobody looks any more", () => {
  let forget = () => {};
  const watch = new EventLoopWatch({ ...systemClock, timer: (_, fire) => ((forget = fire), () => {}) });
  watch.look();
  forget();
  assert.equal(watch.look().intervalMs, 0);
  watch.stop();
});
