import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { NO_USAGE, textOf } from "../../../contracts/message.ts";
import type { Message } from "../../../contracts/message.ts";
import { asTalk } from "./aside.ts";

const user = (content: string): Message => ({ role: "user", content, timestamp: 1 });
const assistant = (text: string, call?: string): Message => ({
  role: "assistant",
  content: [
    { type: "text", text },
    ...(call === undefined ? [] : [{ type: "toolCall" as const, id: "c", name: call, arguments: {} }]),
  ],
  timestamp: 2,
  api: "a",
  provider: "p",
  model: "m",
  usage: NO_USAGE,
  stopReason: "stop",
});
const result = (text: string): Message => ({
  role: "toolResult",
  toolCallId: "c",
  toolName: "read",
  content: [{ type: "text", text }],
  isError: false,
  timestamp: 3,
});
const shown = (messages: readonly Message[]) => asTalk(messages).map((message) => [message.role, textOf(message)]);

test("tool calls become notes of the assistant, so that a request without tools can hold them", () => {
  assert.deepEqual(
    shown([user("look"), assistant("I look.", "read"), result("ten lines"), assistant("Done."), user("thanks")]),
    [
      ["user", "look"],
      ["assistant", "I look.\n\n[Used read]\n\n[Result of read: ten lines]\n\nDone."],
      ["user", "thanks"],
    ],
  );
});

test("a conversation that is cut off in the middle of a call still begins with a person", () => {
  assert.deepEqual(shown([result("ten lines"), assistant("Done."), user("and?")]), [["user", "and?"]]);
  assert.deepEqual(shown([]), []);
});

test("people and assistant take turns, and no tool call is left, whatever the conversation", () => {
  const message = fc.oneof(
    fc.string().map(user),
    fc.string().map((text) => assistant(text)),
    fc.string().map((text) => assistant(text, "read")),
    fc.string().map(result),
  );
  fc.assert(
    fc.property(fc.array(message, { maxLength: 20 }), (messages) => {
      const talk = asTalk(messages);
      for (const [at, one] of talk.entries()) {
        assert.equal(one.role, at % 2 === 0 ? "user" : "assistant");
        assert.notEqual(textOf(one).trim(), "");
        assert.equal(Array.isArray(one.content) && one.content.some((part) => part.type === "toolCall"), false);
      }
    }),
  );
});
