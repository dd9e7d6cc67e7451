import assert from "node:assert/strict";
import { test } from "node:test";
import { calls, fails, rig, says } from "./_fakes.ts";

test("the facts of a run tell its prompt, every call of a model, every tool and its end, in order", async () => {
  const world = rig([calls("nothing-of-the-kind"), says("done")]);
  await world.turn("do it");
  assert.deepEqual(
    world.facts.map(({ kind }) => kind),
    ["start", "prompt", "model", "tool", "model", "end"],
  );
  const [first, second] = world.facts.filter(({ kind }) => kind === "model").map(({ data }) => data);
  assert.equal(first?.["messages"], 1);
  assert.equal(second?.["messages"], 3);
  assert.notEqual(first?.["digest"], second?.["digest"]);
  assert.equal(world.facts.at(-1)?.data["status"], "ok");
});

test("a call that failed tells why, and the same conversation has the same digest when it is asked again", async () => {
  const world = rig([fails({ class: "overloaded" }), says("hello")]);
  await world.turn("hi");
  const models = world.facts.filter(({ kind }) => kind === "model").map(({ data }) => data);
  assert.equal((models[0]?.["failure"] as { class: string } | undefined)?.class, "overloaded");
  assert.equal(models[0]?.["digest"], models[1]?.["digest"]);
});

test("nothing that was said is among the facts", async () => {
  const world = rig([says("the answer is a secret")]);
  await world.turn("a secret question");
  assert.doesNotMatch(JSON.stringify(world.facts), /secret/);
});

test("what did not come from the owner is told among the facts", async () => {
  for (const [role, expected] of [
    ["owner", []],
    ["member", [["from:member"]]],
    ["guest", [["from:guest"]]],
  ] as const) {
    const world = rig([says("a")]);
    await world.turn("hi", { role });
    const told = world.facts.filter(({ kind }) => kind === "content").map(({ data }) => data["labels"]);
    assert.deepEqual(told, expected);
  }
});
