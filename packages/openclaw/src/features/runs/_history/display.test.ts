import { test } from "node:test";
import assert from "node:assert/strict";
import fc from "fast-check";
import { NO_USAGE } from "../../../contracts/message.ts";
import type { Message } from "../../../contracts/message.ts";
import type { MessageEntry } from "../../../store/index.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import { display, fitting } from "./display.ts";

const entry = (message: Message): MessageEntry => ({
  type: "message",
  id: "e1",
  parentId: null,
  timestamp: "2026-01-18T08:19:00.000Z",
  message,
});
const user = (content: string) => entry({ role: "user", content, timestamp: 1 });
const assistant = (text: string) =>
  entry({
    role: "assistant",
    content: [{ type: "text", text }],
    timestamp: 1,
    api: "a",
    provider: "p",
    model: "m",
    usage: NO_USAGE,
    stopReason: "stop",
  });

test("an answer that says nothing is left out", () => {
  assert.equal(display(assistant("NO_REPLY"), 1), undefined);
  assert.notEqual(display(assistant("NO_REPLY is what I was told to say"), 1), undefined);
});

test("what is not meant for people is taken out of answers, not of questions", () => {
  const shown = display(assistant("[[reply_to_current]] hi <tool_call>{}</tool_call>"), 1);
  assert.deepEqual(shown?.["content"], [{ type: "text", text: "hi" }]);
  assert.equal(display(user("[[reply_to_current]] hi"), 1)?.["content"], "[[reply_to_current]] hi");
});

test("an answer full of beginnings of tags is shown in no time", () => {
  const started = performance.now();
  for (const piece of ["[[tts", "[[reply_to:", "<tool_call>", "[[ "])
    display(assistant(piece.repeat(300_000 / piece.length)), 1);
  assert.ok(performance.now() - started < 2000);
});

test("a long text is cut, and a message that is too large is left out, both saying so", () => {
  const cut = display(user("x".repeat(50)), 3, { maxChars: 10 });
  assert.equal(cut?.["content"], `${"x".repeat(10)}\n...(truncated)...`);
  assert.deepEqual(cut["__openclaw"], {
    id: "e1",
    seq: 3,
    recordTimestampMs: Date.parse("2026-01-18T08:19:00Z"),
    truncated: true,
    reason: "display-cap",
  });
  const large = display(user("x".repeat(5000)), 1, { maxBytes: 1000 });
  assert.equal(large?.["content"], "[chat.history omitted: message too large]");
});

test("of several messages the newest stay that fit, one at least", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 50 }), { minLength: 1 }),
      fc.integer({ min: 1, max: 500 }),
      (texts, max) => {
        const all = texts.map((text) => ({ text }));
        const kept = fitting(all, max);
        assert.deepEqual(kept, all.slice(all.length - kept.length));
        const bytes = kept.reduce((sum, message) => sum + Buffer.byteLength(JSON.stringify(message)), 0);
        assert.ok(kept.length === 1 || bytes <= max);
      },
    ),
  );
});

test("a cursor comes back as it went; anything else is none", () => {
  assert.deepEqual(readCursor(writeCursor({ sessionId: "s", leaf: "e" })), { sessionId: "s", leaf: "e" });
  assert.deepEqual(readCursor(writeCursor({ sessionId: "s", leaf: null })), { sessionId: "s", leaf: null });
  for (const text of ["", "zz", Buffer.from("[1,2]").toString("base64url"), Buffer.from("{}").toString("base64url")])
    assert.equal(readCursor(text), undefined);
  fc.assert(fc.property(fc.string(), (text) => void readCursor(text)));
});
