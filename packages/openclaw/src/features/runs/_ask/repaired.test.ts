import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_USAGE } from "../../../contracts/message.ts";
import type { Message } from "../../../contracts/message.ts";
import type { ModelRequest } from "../../../contracts/model.ts";
import { repaired } from "./repaired.ts";

const base = { timestamp: 1, api: "a", provider: "p", model: "m", usage: NO_USAGE, stopReason: "stop" } as const;
const id = "functions.read:0|fc_" + "x".repeat(60);
const messages: readonly Message[] = [
  { role: "user", content: "look", timestamp: 1 },
  {
    ...base,
    role: "assistant",
    content: [
      { type: "thinking", thinking: "hm" },
      { type: "text", text: "I look." },
      { type: "toolCall", id, name: "read", arguments: {}, thoughtSignature: "s" },
    ],
  },
  { role: "toolResult", toolCallId: id, toolName: "read", content: [], isError: false, timestamp: 1 },
];
const request = (of: readonly Message[] = messages) => ({ messages: of }) as ModelRequest;
const refused = (message: string) => ({ class: "format" as const, message: `LLM request rejected: ${message}` });

const REPAIRABLE = [
  "messages.1.content.0.thinking.signature: Field required",
  "messages.*.thinking.signature required (google-antigravity)",
  "messages.3.content.1.tool_use.input: Field required",
  "tool_call_id is not valid",
  "Invalid value: 'tool' role; messages with role 'tool' must be a response to a preceding message with 'tool_calls'",
  "text content blocks must be non-empty",
];
for (const message of REPAIRABLE)
  test(`is sent in a plainer shape after: ${message}`, () => {
    const plain = repaired(request(), refused(message));
    assert.ok(plain);
    assert.doesNotMatch(JSON.stringify(plain.messages), /hm/);
  });

test("calls and their results keep together under plain ids", () => {
  const plain = repaired(request(), refused("tool_use ids were found without tool_result blocks"));
  assert.match(JSON.stringify(plain?.messages), /"toolCall","id":"call00001".*"toolCallId":"call00001"/);
  assert.doesNotMatch(JSON.stringify(plain?.messages), /thoughtSignature/);
});

test("what has nothing to do with the history is told as it is", () => {
  assert.equal(repaired(request(), refused("temperature must be between 0 and 1")), undefined);
  assert.equal(repaired(request(), { class: "auth", message: "tool_call_id is not valid" }), undefined);
});

test("a history that is plain already is not sent again", () => {
  assert.equal(repaired(request(messages.slice(0, 1)), refused("thinking.signature required")), undefined);
});
