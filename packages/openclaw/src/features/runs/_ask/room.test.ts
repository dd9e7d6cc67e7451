import assert from "node:assert/strict";
import { test } from "node:test";
import type { Message } from "../../../contracts/message.ts";
import { fails, rig, says } from "../_fakes.ts";

const long = (n: number): { message: Message; runId: string }[] =>
  Array.from({ length: n }, (_, i) => ({
    message: { role: "user", content: `${i} ${"x".repeat(4000)}`, timestamp: 1 },
    runId: `before-${i}`,
  }));
const texts = (posts: readonly { text: string }[]) => posts.map(({ text }) => text);

test("a call that was too long is made again with less, and only its answer is said", async () => {
  const r = rig([fails({ class: "context_overflow" }), says("hello")], { before: long(30) });
  await r.turn("hi");
  assert.deepEqual(texts(r.posts), ["hello"]);
  const [first, second] = r.requests.map(({ messages }) => JSON.stringify(messages).length);
  assert.ok((second ?? 0) < (first ?? 0));
  const events = r.events.filter(({ stream }) => stream === "compaction").map(({ data }) => data["phase"]);
  assert.deepEqual(events, ["start", "end"]);
});

test("what was shown before the refusal is not said again: the run ends with what it has", async () => {
  const r = rig([fails({ class: "context_overflow", message: "prompt is too long" }, "I was about to")], {
    before: long(3),
  });
  await r.turn("hi");
  assert.equal(r.requests.length, 1);
  assert.equal(texts(r.posts).filter((text) => text.includes("I was about to")).length, 1);
});

test("a model that refuses everything is not asked for ever", async () => {
  const r = rig(Array.from({ length: 20 }, () => fails({ class: "context_overflow", message: "prompt is too long" })));
  await r.turn("hi");
  assert.equal(r.requests.length, 5);
  assert.match(texts(r.posts).at(-1) ?? "", /prompt is too long/);
});
