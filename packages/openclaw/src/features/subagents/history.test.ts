import assert from "node:assert/strict";
import { test } from "node:test";
import type { Transcripts } from "../../store/index.ts";
import { cleanHistory } from "./_history.ts";

const LIMITS = { limit: 10, includeTools: false, maxBytes: 4_000_000 };

/** What others read of a message. */
async function read(content: string): Promise<string | undefined> {
  const entry = { type: "message", id: "1", parentId: null, message: { role: "user", content, timestamp: 0 } };
  const transcripts = { tail: async () => ({ entries: [entry], hasMore: false }) };
  const history = await cleanHistory(
    transcripts as unknown as Pick<Transcripts, "tail">,
    { agentId: "a", sessionId: "s" },
    LIMITS,
  );
  return history.messages[0]?.text;
}

const table: readonly [given: string, text: string | undefined][] = [
  ["a <tool_call>x</tool_call> b", "a  b"],
  ['a <invoke name="x">y</INVOKE> b <relevant-memories>z</relevant-memories>', "a  b"],
  ["a <memory_context>x<invoke>y</memory_context> b", "a  b"],
  ["<tool_result>x</tool_result>", undefined],
  [
    "an <invoke> that is not ended, <tool_call>x</tool_call> and one that is",
    "an <invoke> that is not ended,  and one that is",
  ],
  ["\u0130 <tool_call>x</TOOL_CALL> b", "\u0130  b"],
  ["[[reply_to_current]] hello <|end|>", "hello"],
];
for (const [given, text] of table)
  test(`of ${JSON.stringify(given)} is read ${JSON.stringify(text)}`, async () => {
    assert.equal(await read(given), text);
  });

test("a message of nothing but tags that are not ended is gone through once", async () => {
  const text = await read("<invoke><tool_call>".repeat(25_000));
  assert.ok(text?.startsWith("<invoke>"));
});
