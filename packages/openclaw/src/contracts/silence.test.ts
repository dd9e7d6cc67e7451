import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_REPLY, heartbeatReply, isSilent, mayBeSilent, withoutHeartbeatOk } from "./silence.ts";

test("an answer is silent when it is the word and nothing else, in any case", () => {
  assert.deepEqual(["NO_REPLY", " no_reply\n", "No_Reply", "NO_REPLY!", "NO_REPLY\nbut", ""].map(isSilent), [
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});

test("every beginning of the word may become it, and nothing is shown behind it either", () => {
  for (let n = 0; n <= NO_REPLY.length; n += 1) assert.ok(mayBeSilent(NO_REPLY.slice(0, n).toLowerCase()));
  assert.deepEqual([" NO", "NO_REPLY and more", "NOPE", "hello NO_REPLY"].map(mayBeSilent), [true, true, false, false]);
});

const edges: readonly [string, string, boolean][] = [
  ["HEARTBEAT_OK", "", true],
  ["**HEARTBEAT_OK**", "", true],
  ["HEARTBEAT_OK\nThe backup ran.", "The backup ran.", true],
  ["The backup ran. HEARTBEAT_OK.", "The backup ran.", true],
  ["HEARTBEAT_OK HEARTBEAT_OK", "", true],
  ["Say HEARTBEAT_OK when fine.", "Say HEARTBEAT_OK when fine.", false],
  ["HEARTBEAT_OKAY then", "HEARTBEAT_OKAY then", false],
  ["hello", "hello", false],
];
for (const [given, text, found] of edges)
  test(`of ${JSON.stringify(given)} remains ${JSON.stringify(text)}`, () =>
    assert.deepEqual(withoutHeartbeatOk(given), { text, found }));

test("a heartbeat with little beside its word says nothing, one with more or without the word speaks", () => {
  assert.equal(heartbeatReply("HEARTBEAT_OK all quiet", 300), undefined);
  assert.equal(heartbeatReply(`HEARTBEAT_OK ${"x".repeat(301)}`, 300), "x".repeat(301));
  assert.equal(heartbeatReply("The disk is full.", 300), "The disk is full.");
  assert.equal(heartbeatReply("NO_REPLY", 300), undefined);
});

test("an answer that repeats the word for ever is gone through once", () => {
  const text = `${"HEARTBEAT_OK ".repeat(100_000)}x`;
  assert.deepEqual(withoutHeartbeatOk(`a ${text}`), { text: `a ${text}`, found: false });
});
