import { test } from "node:test";
import assert from "node:assert/strict";
import fc from "fast-check";
import { NO_USAGE } from "../../contracts/message.ts";
import type { AssistantMessage, Message } from "../../contracts/message.ts";
import { INTERRUPTED, repair, violations } from "./_hygiene.ts";

const user = (text: string): Message => ({ role: "user", content: text, timestamp: 1 });
const call = (id: string, name = "exec") => ({ type: "toolCall", id, name, arguments: {} }) as const;
const says = (...content: AssistantMessage["content"]): Message => ({
  role: "assistant",
  content,
  timestamp: 1,
  api: "a",
  provider: "p",
  model: "m",
  usage: NO_USAGE,
  stopReason: "stop",
});
const result = (id: string, text = "ok"): Message => ({
  role: "toolResult",
  toolCallId: id,
  toolName: "exec",
  content: [{ type: "text", text }],
  isError: false,
  timestamp: 1,
});

test("a sound sequence passes unchanged", () => {
  const sound = [
    user("hi"),
    says(call("a"), call("b")),
    result("a"),
    result("b"),
    says({ type: "text", text: "done" }),
  ];
  assert.deepEqual(repair(sound), sound);
  assert.deepEqual(violations(sound), []);
});

test("a call that never got a result gets one that says so", () => {
  const [, , given] = repair([user("hi"), says(call("a"))]);
  assert.equal(given?.role, "toolResult");
  assert.deepEqual(given?.content, [{ type: "text", text: INTERRUPTED }]);
});

test("results are put in the order of their calls and next to them", () => {
  const fixed = repair([user("hi"), says(call("a"), call("b")), result("b", "B"), user("steered"), result("a", "A")]);
  assert.deepEqual(
    fixed.map((m) => (m.role === "toolResult" ? m.toolCallId : m.role)),
    ["user", "assistant", "a", "b", "user"],
  );
});

test("a result without its call is left out", () => {
  assert.deepEqual(
    repair([user("hi"), result("ghost"), says({ type: "text", text: "x" })]).map((m) => m.role),
    ["user", "assistant"],
  );
});

test("a history that begins in the middle of a turn begins with the next user message", () => {
  assert.deepEqual(
    repair([result("a"), says({ type: "text", text: "x" }), user("hi")]).map((m) => m.role),
    ["user"],
  );
});

test("an aborted answer with nothing but thinking is left out", () => {
  assert.deepEqual(
    repair([user("hi"), says({ type: "thinking", thinking: "hm" })]).map((m) => m.role),
    ["user"],
  );
});

test("the check notices what repair would mend", () => {
  assert.notDeepEqual(violations([user("hi"), says(call("a"))]), []);
  assert.notDeepEqual(violations([user("hi"), result("a")]), []);
  assert.notDeepEqual(violations([says({ type: "text", text: "x" })]), []);
});

const anyMessage: fc.Arbitrary<Message> = fc.oneof(
  fc.constantFrom("", "hi", "  ").map(user),
  fc
    .array(
      fc.oneof(
        fc.constantFrom("", "a", "b", "c").map((id) => call(id)),
        fc.constantFrom("", "text").map((text) => ({ type: "text", text }) as const),
        fc.constant({ type: "thinking", thinking: "" } as const),
      ),
      { maxLength: 4 },
    )
    .map((parts) => says(...parts)),
  fc.constantFrom("a", "b", "c", "ghost").map((id) => result(id)),
);

test("any sequence of messages becomes one that every provider accepts", () => {
  fc.assert(
    fc.property(fc.array(anyMessage, { maxLength: 14 }), (messages) => {
      assert.deepEqual(violations(repair(messages)), []);
    }),
    { numRuns: 3000 },
  );
});

test("repairing twice changes nothing more", () => {
  fc.assert(
    fc.property(fc.array(anyMessage, { maxLength: 14 }), (messages) => {
      const once = repair(messages);
      assert.deepEqual(repair(once), once);
    }),
    { numRuns: 1000 },
  );
});

test("a message from a chat network is read with its envelope in front, text as text, pictures after it", () => {
  const said = { role: "user", timestamp: 1, envelope: "[Telegram Ann 7]" } as const;
  const image = {
    type: "image",
    data: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    mimeType: "image/png",
  } as const;
  assert.equal(repair([{ ...said, content: "hello" }])[0]?.content, "[Telegram Ann 7] hello");
  assert.deepEqual(repair([{ ...said, content: [{ type: "text", text: "look" }, image] }])[0]?.content, [
    { type: "text", text: "[Telegram Ann 7] look" },
    image,
  ]);
  assert.deepEqual(repair([{ ...said, content: [image] }])[0]?.content, [
    { type: "text", text: "[Telegram Ann 7]" },
    image,
  ]);
  assert.deepEqual(repair([{ ...said, content: "  " }]), []);
  const once = repair([{ ...said, content: "hello" }]);
  assert.deepEqual(repair(once), once);
});
