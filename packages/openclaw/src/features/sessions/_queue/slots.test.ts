import { test } from "node:test";
import assert from "node:assert/strict";
import { systemClock } from "../../../base/time.ts";
import { Slots } from "./slots.ts";
import { outcome, said, world } from "./world.fixture.ts";

test("no more than the cap at once, first come first served, and a place that is given back goes to the next", () => {
  const slots = new Slots(systemClock, () => 2);
  const entered: string[] = [];
  const leave = new Map<string, () => void>();
  for (const name of ["a", "b", "c", "d"])
    slots.enter("main", (out) => {
      entered.push(name);
      leave.set(name, out);
    });
  assert.deepEqual(entered, ["a", "b"]);
  leave.get("b")?.();
  leave.get("b")?.();
  assert.deepEqual(entered, ["a", "b", "c"]);
  assert.equal(slots.tryEnter("main"), undefined);
  leave.get("a")?.();
  leave.get("c")?.();
  assert.deepEqual(entered, ["a", "b", "c", "d"]);
  assert.ok(slots.tryEnter("main"));
});

test("lanes have caps of their own, and a cap of nothing or less is one", () => {
  const slots = new Slots(systemClock, (lane) => (lane === "cron" ? 0 : 1));
  assert.ok(slots.tryEnter("main") && slots.tryEnter("cron"));
  assert.ok(!slots.tryEnter("main") && !slots.tryEnter("cron"));
});

test("a raised cap lets in who waits, although no run ends", async () => {
  let cap = 1;
  const slots = new Slots(systemClock, () => cap);
  slots.enter("main", () => {});
  const entered = Promise.withResolvers<void>();
  slots.enter("main", () => entered.resolve());
  slots.enter("main", () => assert.fail("the cap is two"));
  cap = 2;
  const alive = setInterval(() => {}, 1000);
  await entered.promise;
  clearInterval(alive);
});

test("a session with a thousand turns lets others in between any two of them", async () => {
  const w = await world({}, { cap: () => 1 });
  w.quick = true;
  await w.lanes.submit(said({ id: "hold", key: "agent:main:hold" }), []);
  const flood = Array.from({ length: 300 }, (_, n) => said({ id: `f${n}`, key: "flood", options: { apart: true } }));
  await Promise.all(flood.map((turn) => w.lanes.submit(turn, [])));
  const others = Array.from({ length: 5 }, (_, n) => said({ id: `o${n}`, key: `other${n}` }));
  const before = w.began.length;
  await Promise.all(others.map((turn) => w.lanes.submit(turn, [])));
  await Promise.all(others.map(({ id }) => w.lanes.wait(id, 5000)));
  const places = others.map(({ id }) => w.began.findIndex((row) => row.id === id) - before);
  assert.ok(
    places.every((place) => place < 20),
    `served at ${places.join()}`,
  );
  await w.finishAll();
});

test("runs that wait for each other do not wait for each other's places", async () => {
  const w = await world({}, { cap: () => 1 });
  const ask = async (from: string, to: string, id: string): Promise<void> => {
    const options = { lane: "nested", from: { sessionKey: from, tool: "sessions_send" } } as const;
    const { replyTo: _, ...turn } = said({ id, key: to });
    await w.lanes.submit({ ...turn, options }, []);
    await w.lanes.wait(id, 3000);
  };
  w.lanes.executor(async (row) => {
    w.began.push(row);
    if (row.id === "top") await ask("s0", "s1", "first");
    if (row.id === "first") await ask("s1", "s2", "second");
    if (row.id === "second") await ask("s2", "s3", "third");
    const end = { state: "done", at: systemClock.now(), result: outcome(), posts: [] } as const;
    await w.store.turns.finish(row.id, end);
    return undefined;
  });
  await w.lanes.submit(said({ id: "top", key: "s0" }), []);
  assert.equal((await w.lanes.wait("top", 4000))?.state, "done");
  assert.equal(w.began.length, 4);
});
