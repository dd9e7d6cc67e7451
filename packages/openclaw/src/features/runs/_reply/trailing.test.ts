import assert from "node:assert/strict";
import { test } from "node:test";
import { Trailing } from "./trailing.ts";

test("work of a conversation is done in its order, that of others beside it", async () => {
  const trailing = new Trailing();
  const done: string[] = [];
  const first = Promise.withResolvers<void>();
  trailing.begin("a", async () => {
    await first.promise;
    done.push("a1");
  });
  trailing.begin("a", async () => void done.push("a2"));
  trailing.begin("b", async () => void done.push("b1"));
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(done, ["b1"]);
  first.resolve();
  await trailing.settled();
  assert.deepEqual(done, ["b1", "a1", "a2"]);
});

test("no more than a few wait, and there is room again when they are done", async () => {
  const trailing = new Trailing();
  const gate = Promise.withResolvers<void>();
  const taken = Array.from({ length: 6 }, () => trailing.begin("a", () => gate.promise));
  assert.deepEqual(taken, [true, true, true, true, false, false]);
  gate.resolve();
  await trailing.settled();
  assert.equal(
    trailing.begin("a", () => Promise.resolve()),
    true,
  );
});
