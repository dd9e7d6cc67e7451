import { after, test } from "node:test";
import assert from "node:assert/strict";
import { quietLog as silent } from "../../../../../test/harness/log.ts";
import { systemClock } from "../../base/time.ts";
import { systemRandom } from "../../base/ids.ts";
import { NO_USAGE } from "../../contracts/message.ts";
import { SYSTEM } from "../../contracts/principal.ts";
import type { Platform } from "../../contracts/service.ts";
import type { NewTurn, TurnRow } from "../../store/index.ts";
import { migrations } from "../../store/tables.ts";
import { openSqliteStore } from "../../store/sqlite/index.ts";
import { StopRequest, SessionLanes } from "./lane.ts";

const platform = { clock: systemClock, random: systemRandom, log: silent } as unknown as Platform;
const store = await openSqliteStore({ path: ":memory:", migrations, clock: systemClock, log: silent });
after(() => store.close());

let n = 0;
const turn = (sessionKey: string, id = `t${(n += 1)}`): NewTurn => ({
  id,
  agentId: "main",
  sessionKey,
  principal: SYSTEM,
  text: id,
  options: {},
  createdAt: n,
});
const done = async (row: TurnRow): Promise<void> => {
  await store.turns.finish(row.id, {
    state: "done",
    at: 1,
    posts: [],
    result: { status: "ok", stopReason: "stop", texts: [], usage: NO_USAGE, sessionId: "", durationMs: 0 },
  });
};
const lanes = (maxConcurrent = 8, closing = new AbortController().signal) =>
  new SessionLanes({ platform, store, cap: () => maxConcurrent, closing });

test("turns of one session run one after another, in order of arrival", async () => {
  const service = lanes();
  const order: string[] = [];
  let running = 0;
  service.executor(async (row) => {
    assert.equal((running += 1), 1);
    await systemClock.sleep(2);
    order.push(row.id);
    await done(row);
    running -= 1;
  });
  const ids = ["a1", "a2", "a3"];
  for (const id of ids) await service.submit(turn("agent:main:order", id), []);
  await service.wait("a3", 2000);
  assert.deepEqual(order, ids);
});

test("sessions run side by side up to the global cap", async () => {
  const service = lanes(2);
  let running = 0;
  let most = 0;
  service.executor(async (row) => {
    most = Math.max(most, (running += 1));
    await systemClock.sleep(3);
    running -= 1;
    await done(row);
  });
  for (let i = 0; i < 6; i += 1) await service.submit(turn(`agent:main:cap${i}`, `cap${i}`), []);
  for (let i = 0; i < 6; i += 1) await service.wait(`cap${i}`, 2000);
  assert.equal(most, 2);
});

test("the same turn submitted twice runs once", async () => {
  const service = lanes();
  let runs = 0;
  service.executor(async (row) => {
    runs += 1;
    await done(row);
  });
  const first = await service.submit(turn("agent:main:twice", "twice"), []);
  const second = await service.submit(turn("agent:main:twice", "twice"), []);
  await service.wait("twice", 2000);
  assert.deepEqual([first.created, second.created, runs], [true, false, 1]);
});

test("an abort stops the running turn with its reason and drops the waiting ones", async () => {
  const service = lanes();
  const reasons: unknown[] = [];
  const begun = Promise.withResolvers<void>();
  service.executor(async (row, signal) => {
    begun.resolve();
    await systemClock.sleep(5000, signal).catch((reason: unknown) => reasons.push(reason));
    await done(row);
  });
  await service.submit(turn("agent:main:stop", "run"), []);
  await service.submit(turn("agent:main:stop", "waits"), []);
  await begun.promise;
  assert.deepEqual(await service.abort({ sessionKey: "agent:main:stop" }, SYSTEM, "rpc"), ["run", "waits"]);
  await service.wait("run", 2000);
  assert.ok(reasons[0] instanceof StopRequest);
  assert.equal((await service.wait("waits", 2000))?.state, "aborted");
});

test("an abort of one run leaves the others alone", async () => {
  const service = lanes();
  service.executor(async (row) => done(row));
  assert.deepEqual(await service.abort({ sessionKey: "agent:main:none", runId: "x" }, SYSTEM, "rpc"), []);
});

test("a wait ends with its time, the turn goes on", async () => {
  const service = lanes();
  service.executor(async (row) => {
    await systemClock.sleep(60);
    await done(row);
  });
  await service.submit(turn("agent:main:wait", "slow"), []);
  assert.equal(await service.wait("slow", 5), undefined);
  assert.equal((await service.wait("slow", 2000))?.state, "done");
});

test("an unknown turn is waited for until the time is up", async () => {
  assert.equal(await lanes().wait("never", 10), undefined);
});

test("what a previous process left is resumed in order", async () => {
  for (const id of ["r1", "r2"]) await store.turns.submit(turn("agent:main:resume", id), []);
  const service = lanes();
  const order: string[] = [];
  service.executor(async (row) => {
    order.push(row.id);
    await done(row);
  });
  assert.ok((await service.resume()) >= 2);
  await service.wait("r2", 2000);
  assert.deepEqual(order, ["r1", "r2"]);
});

test("an executor that fails does not block its session", async () => {
  const service = lanes();
  service.executor(async (row) => {
    if (row.id === "bad") throw new Error("boom");
    await done(row);
  });
  await service.submit(turn("agent:main:fail", "bad"), []);
  await service.submit(turn("agent:main:fail", "good"), []);
  assert.equal((await service.wait("good", 2000))?.state, "done");
});

test("a turn whose outcome cannot be written is told to those who wait, early or late, and the lane goes on", async () => {
  const service = lanes();
  service.executor(async (row) => {
    if (row.id === "w2") return done(row);
    const error = { code: "DISK_FULL", message: "no room" };
    return { status: "error", stopReason: "error", error, texts: [], usage: NO_USAGE, sessionId: "", durationMs: 0 };
  });
  const early = service.wait("w1", 2000);
  for (const id of ["w1", "w2"]) await service.submit(turn("agent:main:unwritten", id), []);
  assert.equal((await early)?.result?.error?.message, "no room");
  assert.equal((await service.wait("w2", 2000))?.state, "done");
  assert.equal((await service.wait("w1", 2000))?.result?.error?.message, "no room");
});

test("a turn that breaks is an error to those who wait, never a success", async () => {
  const service = lanes();
  service.executor(() => Promise.reject(new Error("it broke")));
  const told = service.wait("broken", 2000);
  await service.submit(turn("agent:main:broken", "broken"), []);
  assert.equal((await told)?.result?.status, "error");
});

test("draining lets what runs end, starts nothing more, and leaves it for the next process", async () => {
  const service = lanes();
  const began: string[] = [];
  service.executor(async (row) => {
    began.push(row.id);
    await systemClock.sleep(10);
    await done(row);
  });
  await service.submit(turn("agent:main:drain", "d1"), []);
  await service.submit(turn("agent:main:drain", "d2"), []);
  while (began.length === 0) await systemClock.sleep(1);
  assert.equal(await service.drain(2000, new AbortController().signal), true);
  await service.submit(turn("agent:main:drain-more", "d3"), []);
  assert.deepEqual(began, ["d1"]);
  assert.deepEqual(
    (await store.turns.open("agent:main:drain")).map(({ id }) => id),
    ["d2"],
  );
  const next = lanes();
  next.executor(done);
  await next.resume();
  await Promise.all(["d2", "d3"].map((id) => next.wait(id, 2000)));
});

test("draining gives up on a turn that takes too long", async () => {
  const service = lanes();
  let finish = () => {};
  service.executor(async (row) => {
    await new Promise<void>((resolve) => (finish = resolve));
    await done(row);
  });
  await service.submit(turn("agent:main:slow-drain", "s1"), []);
  await systemClock.sleep(5);
  assert.equal(await service.drain(20, new AbortController().signal), false);
  finish();
});

test("in an idle lane a turn begins as it is submitted; one that is known already, or cannot be stored, leaves the lane free", async () => {
  const service = lanes();
  const started: string[] = [];
  service.executor(async (row) => {
    started.push(row.id);
    await done(row);
  });
  const first = await service.submit(turn("agent:main:idle", "i1"), []);
  assert.deepEqual([first.created, first.turn.state, first.turn.attempts], [true, "running", 1]);
  await service.wait("i1", 2000);
  assert.equal((await service.submit(turn("agent:main:idle", "i1"), [])).created, false);
  const unstorable = { ...turn("agent:main:idle", "i2"), text: null as never };
  await assert.rejects(service.submit(unstorable, []));
  assert.equal(service.active("agent:main:idle"), undefined);
  await service.submit(turn("agent:main:idle", "i3"), []);
  await service.wait("i3", 2000);
  assert.deepEqual(started, ["i1", "i3"]);
});

test("only a lane that nobody works in is released, and what waits in it begins", async () => {
  let isHeld = true;
  const held = new Proxy(store.turns, {
    get: (turns, name) =>
      name === "begin" && isHeld ? () => new Promise(() => {}) : (Reflect.get(turns, name) as unknown),
  });
  const service = new SessionLanes({
    platform,
    store: { ...store, turns: held },
    cap: () => 8,
    closing: new AbortController().signal,
  });
  const order: string[] = [];
  let goOn = () => {};
  service.executor(async (row) => {
    order.push(row.id);
    if (row.id === "works") await new Promise<void>((resolve) => (goOn = resolve));
    await done(row);
  });
  const key = "agent:main:released";
  await service.submit(turn(key, "works"), []);
  await service.submit(turn(key, "stuck"), []);
  await service.submit(turn(key, "next"), []);
  assert.equal(service.release(key, "works"), false, "somebody works");
  assert.equal(service.underWay()[0]?.working, true);
  goOn();
  await service.wait("works", 2000);
  while (service.active(key) !== "stuck") await systemClock.sleep(1);
  assert.deepEqual(
    service.underWay().map(({ runId, working, waiting }) => ({ runId, working, waiting })),
    [{ runId: "stuck", working: false, waiting: 1 }],
  );
  assert.equal(service.release(key, "another"), false);
  isHeld = false;
  assert.equal(service.release(key, "stuck"), true);
  await service.wait("next", 2000);
  assert.deepEqual(order, ["works", "next"]);
});
