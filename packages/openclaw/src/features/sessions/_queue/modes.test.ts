import { test } from "node:test";
import assert from "node:assert/strict";
import { systemClock } from "../../../base/time.ts";
import type { QueueMode } from "../../../store/index.ts";
import { KEY, StandingClock, World, memoryStore, outcome, principal, said, world } from "./world.fixture.ts";

const ALL: readonly QueueMode[] = ["collect", "followup", "steer", "steer-backlog", "interrupt", "queue"];
const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);

test("without a run under way every mode starts one at once", async () => {
  for (const mode of ALL) {
    const w = await world({ mode, debounceMs: 60_000 });
    const { turn } = await w.say({ id: mode });
    assert.equal(turn.state, "running", mode);
    await w.finishAll();
  }
});

test("collect: what came during a run becomes one turn, under the id and for the place of the newest", async () => {
  const w = await world();
  await w.say({ id: "first" });
  const images = [{ data: "AA==", mimeType: "image/png" }];
  for (const id of ["a", "b", "c"]) await w.say({ id, images });
  w.end("first");
  const row = await w.runs("c");
  assert.match(row.text, /^\[3 messages .*\]\n\nMessage 1:\na\n\nMessage 2:\nb\n\nMessage 3:\nc$/);
  assert.equal(row.images?.length, 3);
  await w.finishAll();
  assert.deepEqual(idsOf(w.began), ["first", "c"]);
  const taken = await w.store.turns.get("a");
  assert.deepEqual([taken?.state, taken?.result?.stopReason, taken?.result?.mergedInto], ["done", "merged", "c"]);
});

test("whoever waits for a message that was taken along is told the outcome of the run that took it", async () => {
  const w = await world();
  await w.say({ id: "first" });
  await w.say({ id: "a" });
  await w.say({ id: "b" });
  const early = w.lanes.wait("a", 5000);
  w.end("first");
  await w.runs("b");
  assert.equal(await w.lanes.wait("a", 5), undefined);
  await w.finishAll();
  const late = await w.lanes.wait("a", 1000);
  assert.deepEqual([(await early)?.id, (await early)?.result?.stopReason], ["a", "stop"]);
  assert.deepEqual([late?.id, late?.state, late?.result?.stopReason], ["a", "done", "stop"]);
});

test("clients are told once that a message of theirs was taken along, without a text", async () => {
  const w = await world();
  for (const id of ["first", "a", "b"]) await w.say({ id });
  await w.finishAll();
  assert.deepEqual(
    w.events.map(({ runId, state, message }) => [runId, state, message]),
    [["a", "final", undefined]],
  );
});

test("messages for different places, of different people or with different wishes are taken apart, in order", async () => {
  const w = await world();
  await w.say({ id: "first" });
  await w.say({ id: "a1" });
  await w.say({ id: "elsewhere", chat: "2" });
  await w.say({ id: "guest", who: "bob", role: "guest" });
  await w.say({ id: "thinks", options: { thinking: "high" } });
  await w.say({ id: "a2" });
  await w.finishAll();
  assert.deepEqual(
    w.began.map(({ id, principal: { role } }) => [id, role]),
    [
      ["first", "owner"],
      ["a2", "owner"],
      ["elsewhere", "owner"],
      ["guest", "guest"],
      ["thinks", "owner"],
    ],
  );
  assert.doesNotMatch(w.began[1]!.text, /guest|elsewhere|thinks/);
});

test("followup: every message is a turn of its own, in order", async () => {
  const w = await world({ mode: "followup" });
  for (const id of ["first", "a", "b"]) await w.say({ id });
  await w.finishAll();
  assert.deepEqual(
    w.began.map(({ text }) => text),
    ["first", "a", "b"],
  );
});

test("after a run it is waited for quiet, which every further message prolongs", async () => {
  const clock = new StandingClock();
  const w = await world({ debounceMs: 60 }, { clock });
  await w.say({ id: "first" });
  await w.say({ id: "a" });
  w.end("first");
  await w.until(() => clock.pending.includes(60));
  clock.pass(40);
  await w.say({ id: "b" });
  await w.until(() => clock.pending.includes(60));
  clock.pass(59);
  assert.deepEqual(idsOf(w.began), ["first"]);
  clock.pass(1);
  await w.finishAll();
  assert.deepEqual(idsOf(w.began), ["first", "b"]);
});

test("a message that comes when the run has ended waits for nothing", async () => {
  const w = await world({ debounceMs: 60_000 });
  w.quick = true;
  await w.say({ id: "first" });
  await w.until(() => w.ended.length === 1);
  await systemClock.sleep(2);
  await w.say({ id: "next" });
  await w.until(() => w.began.length === 2);
});

test("steer: the run under way is told at its boundary, and the message ends with it", async () => {
  const w = await world({ mode: "steer" });
  await w.say({ id: "run" });
  await w.say({ id: "a" });
  await w.say({ id: "b" });
  const rows = await w.lanes.steering(KEY);
  assert.deepEqual(idsOf(rows), ["a", "b"]);
  await w.lanes.steered(["a", "b"], "run");
  assert.deepEqual(await w.lanes.steering(KEY), []);
  assert.deepEqual((await w.store.turns.get("a"))?.result?.mergedInto, "run");
  await w.finishAll();
  assert.deepEqual(idsOf(w.began), ["run"]);
  assert.deepEqual(
    w.events.map(({ runId, state }) => [runId, state]),
    [
      ["a", "final"],
      ["b", "final"],
    ],
  );
});

test("steer without another boundary becomes a turn of its own", async () => {
  const w = await world({ mode: "steer" });
  for (const id of ["run", "a", "b"]) await w.say({ id });
  await w.finishAll();
  assert.deepEqual(idsOf(w.began), ["run", "a", "b"]);
});

test("queue: one message is told at each boundary", async () => {
  const w = await world({ mode: "queue" });
  for (const id of ["run", "a", "b"]) await w.say({ id });
  assert.deepEqual(idsOf(await w.lanes.steering(KEY)), ["a"]);
  await w.lanes.steered(["a"], "run");
  assert.deepEqual(idsOf(await w.lanes.steering(KEY)), ["b"]);
  await w.finishAll();
});

test("steer-backlog: the run is told, and the message has a turn of its own all the same", async () => {
  const w = await world({ mode: "steer-backlog" });
  for (const id of ["run", "a"]) await w.say({ id });
  await w.lanes.steered(idsOf(await w.lanes.steering(KEY)), "run");
  assert.deepEqual(await w.lanes.steering(KEY), []);
  assert.equal((await w.store.turns.get("a"))?.options.queue, "followup");
  assert.deepEqual(w.events, []);
  await w.finishAll();
  assert.deepEqual(idsOf(w.began), ["run", "a"]);
});

test("nobody else's words are told to a run: not with less authority, nor with more, nor for another place", async () => {
  const cases = [
    { run: {}, message: { who: "bob", role: "guest" as const }, told: false },
    { run: { role: "guest" as const, who: "bob" }, message: {}, told: false },
    { run: { role: "member" as const, who: "bob" }, message: { role: "member" as const, who: "eve" }, told: false },
    { run: {}, message: { chat: "2" }, told: false },
    { run: {}, message: { who: "ann-on-another-device" }, told: true },
    { run: { role: "guest" as const, who: "bob" }, message: { role: "guest" as const, who: "bob" }, told: true },
  ];
  for (const { run, message, told } of cases) {
    const w = await world({ mode: "steer" });
    await w.say({ id: "run", ...run });
    await w.say({ id: "m", ...message });
    assert.equal((await w.lanes.steering(KEY)).length, told ? 1 : 0, JSON.stringify([run, message]));
    await w.finishAll();
    assert.deepEqual(idsOf(w.began), ["run", "m"]);
  }
});

test("a run that only tidies up after its answer is told nothing more", async () => {
  const w = await world({ mode: "steer" });
  const tidied = Promise.withResolvers<void>();
  w.lanes.executor(async (row, _signal, settled) => {
    await w.store.turns.finish(row.id, {
      state: "done",
      at: systemClock.now(),
      result: outcome(),
      posts: [],
    });
    settled(outcome());
    w.began.push(row);
    await tidied.promise;
    return undefined;
  });
  await w.say({ id: "run" });
  assert.equal((await w.lanes.wait("run", 2000))?.state, "done");
  await w.say({ id: "a" });
  assert.deepEqual(await w.lanes.steering(KEY), []);
  tidied.resolve();
  await w.until(() => w.began.length === 2);
});

test("interrupt: the run is stopped, what waited is dropped, only the newest message runs", async () => {
  const w = await world({ mode: "interrupt" });
  await w.say({ id: "run" });
  await w.say({ id: "waits", mode: "followup" });
  await w.say({ id: "old" });
  await w.say({ id: "new" });
  await w.runs("new");
  await w.finishAll();
  assert.deepEqual(idsOf(w.began), ["run", "new"]);
  assert.deepEqual((await w.store.turns.get("run"))?.result?.stopReason, "aborted");
  for (const id of ["waits", "old"]) {
    const { state, result } = (await w.lanes.wait(id, 1000)) ?? {};
    assert.deepEqual([state, result?.status, result?.stopReason], ["aborted", "aborted", "aborted"], id);
  }
  assert.deepEqual(await w.store.turns.open(), []);
});

test("nobody interrupts somebody with more authority: the message waits", async () => {
  const w = await world({ mode: "interrupt" });
  await w.say({ id: "owner" });
  await w.say({ id: "owner-waits", mode: "followup" });
  await w.say({ id: "guest", who: "bob", role: "guest" });
  await w.finishAll();
  assert.deepEqual(idsOf(w.began), ["owner", "owner-waits", "guest"]);
  assert.ok(w.ended.every(({ aborted }) => !aborted));
});

test("an interruption that a crash cut off is carried out by the next process", async () => {
  const store = await memoryStore();
  for (const [id, mode] of [
    ["run", undefined],
    ["waits", "collect"],
    ["new", "interrupt"],
  ] as const)
    await store.turns.submit(said({ id, ...(mode ? { mode } : {}) }), []);
  await store.turns.begin("run", 1);
  const w = new World(store);
  await w.lanes.resume();
  await w.finishAll();
  assert.deepEqual(idsOf(w.began), ["new"]);
  assert.equal((await store.turns.get("run"))?.state, "aborted");
});

test("old: the oldest message leaves for the newest; new: the newest is refused", async () => {
  for (const [drop, ran, gone] of [
    ["old", ["run", "b", "c"], "a"],
    ["new", ["run", "a", "b"], "c"],
  ] as const) {
    const w = await world({ mode: "followup", cap: 2, drop });
    for (const id of ["run", "a", "b", "c"]) await w.say({ id });
    await w.finishAll();
    assert.deepEqual(idsOf(w.began), ran, drop);
    const row = await w.lanes.wait(gone, 1000);
    assert.deepEqual([row?.state, row?.result?.stopReason], ["aborted", "queue-full"]);
  }
});

test("summarize: of what does not fit a line each is told in front of the next turn of the same conversation", async () => {
  for (const mode of ["collect", "followup"] as const) {
    const w = await world({ mode, cap: 2 });
    await w.say({ id: "run" });
    await w.say({ id: "guest", who: "bob", role: "guest", text: "secret" });
    for (const id of ["a", "b", "c", "d"]) await w.say({ id, text: `${id} ${"long ".repeat(100)}` });
    w.end("run");
    await w.until(() => w.began.length === 2);
    await w.finishAll();
    const own = w.began.filter(({ principal: { role } }) => role === "owner").slice(1);
    assert.match(own[0]!.text, /^\[2 earlier messages did not fit .*\]\n- a long .*…\n- b long .*…\n\n/, mode);
    assert.ok(own.every(({ text }) => !text.includes("secret")));
    assert.equal(w.began.filter(({ principal: { role } }) => role === "guest").length, 1);
    assert.equal((await w.store.turns.get("a"))?.result?.stopReason, "merged");
    assert.deepEqual(await w.store.turns.open(), []);
  }
});

test("turns that are no messages run by themselves, in their place, and count for no cap", async () => {
  const w = await world({ cap: 1, drop: "new" });
  await w.say({ id: "run" });
  await w.lanes.submit({ ...said({ id: "wake", text: "" }), options: { wake: "test" } }, []);
  await w.say({ id: "apart", options: { apart: true } });
  await w.say({ id: "a" });
  await w.finishAll();
  assert.deepEqual(idsOf(w.began), ["run", "wake", "apart", "a"]);
});

test("a stop ends the run and everything that waits, in any mode, each with an outcome", async () => {
  const w = await world({ debounceMs: 60_000 });
  const heard: string[] = [];
  w.lanes.onStop(({ sessionKey }) => {
    heard.push(sessionKey);
    return 2;
  });
  await w.say({ id: "run" });
  for (const [n, mode] of ALL.filter((each) => each !== "interrupt").entries()) await w.say({ id: `${n}`, mode });
  const stopped = await w.lanes.stop({ sessionKey: KEY }, principal(), "stop");
  assert.deepEqual([stopped.active, stopped.queued, stopped.children], ["run", 5, 2]);
  assert.deepEqual(heard, [KEY]);
  await w.until(() => w.lanes.counts().running === 0);
  assert.deepEqual(await w.store.turns.open(), []);
  assert.deepEqual([w.lanes.depth(KEY), idsOf(w.began)], [0, ["run"]]);
});

test("a stop in the quiet time after a run drops what waits for it", async () => {
  const w = await world({ debounceMs: 60_000 });
  for (const id of ["run", "a"]) await w.say({ id });
  w.end("run");
  await w.until(() => w.lanes.active(KEY) === undefined);
  assert.deepEqual(await w.lanes.abort({ sessionKey: KEY }, principal(), "stop"), ["a"]);
  assert.deepEqual(await w.store.turns.open(), []);
});

test("to stop a message that was taken along stops the run that took it, and no helpers", async () => {
  const w = await world();
  w.lanes.onStop(() => assert.fail("helpers belong to the whole session"));
  for (const id of ["first", "a", "b"]) await w.say({ id });
  w.end("first");
  await w.runs("b");
  assert.deepEqual(await w.lanes.abort({ sessionKey: KEY, runId: "a" }, principal(), "rpc"), ["b"]);
  await w.finishAll();
  assert.equal((await w.lanes.wait("a", 1000))?.result?.status, "aborted");
});

test("a restart goes on with what was under way, then takes together what waited", async () => {
  const store = await memoryStore();
  for (const id of ["a", "run", "b"]) await store.turns.submit(said({ id, mode: "collect", at: 1 }), []);
  await store.turns.begin("run", 1);
  const w = new World(store);
  await w.lanes.resume();
  await w.runs("run");
  await w.finishAll();
  assert.deepEqual(idsOf(w.began), ["run", "b"]);
});

test("fifty messages at once to one session are answered one run at a time, and none is lost", async () => {
  const w = await world({ cap: 50 });
  w.quick = true;
  let running = 0;
  let most = 0;
  w.lanes.executor(async (row) => {
    most = Math.max(most, (running += 1));
    w.began.push(row);
    await systemClock.sleep(1);
    running -= 1;
    await w.store.turns.finish(row.id, {
      state: "done",
      at: systemClock.now(),
      result: outcome(),
      posts: [],
    });
    return undefined;
  });
  const ids = Array.from({ length: 50 }, (_, n) => `m${n}`);
  await Promise.all(ids.map((id) => w.say({ id })));
  await Promise.all(ids.map((id) => w.lanes.wait(id, 5000)));
  assert.equal(most, 1);
  const asked = w.began.map(({ text }) => text).join("\n");
  for (const id of ids) assert.match(asked, new RegExp(`^${id}$`, "m"));
});

test("what came before the restart was worked off is not begun twice", async () => {
  const store = await memoryStore();
  await store.turns.submit(said({ id: "old", mode: "followup", at: 1 }), []);
  const w = new World(store);
  await w.say({ id: "early" });
  await w.lanes.resume();
  await w.finishAll();
  assert.deepEqual(idsOf(w.began), ["early", "old"]);
});
