import assert from "node:assert/strict";
import { test } from "node:test";
import { createLifecycle } from "./lifecycle.ts";

/** A FAKE clock that stands still until it is moved. */
function stoppedClock() {
  let now = 1000;
  const timers: { at: number; fire: () => void }[] = [];
  return {
    now: () => now,
    monotonic: () => now,
    sleep: () => new Promise<void>(() => {}),
    timer: (ms: number, fire: () => void) => {
      const timer = { at: now + ms, fire };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), 1);
    },
    move(ms: number) {
      now += ms;
      for (const timer of timers.filter(({ at }) => at <= now)) {
        timers.splice(timers.indexOf(timer), 1);
        timer.fire();
      }
    },
  };
}

const idle = async () => ({
  queueSize: 0,
  pendingReplies: 0,
  embeddedRuns: 0,
  cronRuns: 0,
  backgroundExecSessions: 0,
  rootRequests: 0,
  activeTasks: 0,
  totalActive: 0,
});

async function settled<T>(promise: Promise<T>): Promise<T | "not yet"> {
  return Promise.race([promise, new Promise<"not yet">((resolve) => setImmediate(() => resolve("not yet")))]);
}

test("requests that come before a restart begins are one restart with all their reasons", async () => {
  const clock = stoppedClock();
  const lifecycle = createLifecycle({ clock, pid: 7, busy: idle });
  const first = lifecycle.restart({ reason: "config.apply" });
  assert.deepEqual(
    { ...first },
    {
      ok: true,
      pid: 7,
      signal: "SIGUSR1",
      mode: "in-process",
      reason: "config.apply",
      delayMs: 2000,
      coalesced: false,
    },
  );
  clock.move(1500);
  const second = lifecycle.restart({ reason: "gateway.port changed", delayMs: 9000 });
  assert.equal(second.coalesced, true);
  assert.equal(second.delayMs, 500);
  assert.equal(await settled(lifecycle.due), "not yet");
  clock.move(500);
  assert.equal(await settled(lifecycle.due), "config.apply, gateway.port changed");
});

test("between two restarts lie at least thirty seconds", async () => {
  const clock = stoppedClock();
  const lifecycle = createLifecycle({ clock, pid: 7, busy: idle, lastRestart: 0 });
  assert.equal(lifecycle.restart({ reason: "again", delayMs: 0 }).delayMs, 29_000);
  clock.move(28_999);
  assert.equal(await settled(lifecycle.due), "not yet");
  clock.move(1);
  assert.equal(await settled(lifecycle.due), "again");
});

test("a part restarts by itself; one that is not running has nothing to do", async () => {
  const lifecycle = createLifecycle({ clock: stoppedClock(), pid: 7, busy: idle });
  const seen: (readonly string[])[] = [];
  const change = { config: {} as never, paths: ["channels.telegram.botToken"] };
  const remove = lifecycle.part("telegram", async ({ paths }) => void seen.push(paths));
  await lifecycle.restartPart("telegram", change);
  remove();
  await lifecycle.restartPart("telegram", change);
  await lifecycle.restartPart("cron", change);
  assert.deepEqual(seen, [["channels.telegram.botToken"]]);
});
