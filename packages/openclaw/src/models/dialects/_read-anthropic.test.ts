/** What is peculiar to streams of the Messages API. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ModelEvent } from "../../contracts/model.ts";
import { requestFor } from "../../../../../test/conformance/testDialect.ts";
import { Draft } from "./_accumulate.ts";
import { CallFailed } from "./_call.ts";
import { AnthropicReader } from "./_read-anthropic.ts";

const start = { type: "message_start", message: { id: "m1", usage: { input_tokens: 3, output_tokens: 1 } } };
const begin = (index: number, content_block: object) => ({ type: "content_block_start", index, content_block });
const delta = (index: number, more: object) => ({ type: "content_block_delta", index, delta: more });
const stop = (stop_reason: string, usage: object = {}) => ({ type: "message_delta", delta: { stop_reason }, usage });

function read(...events: readonly object[]) {
  const request = requestFor("anthropic-messages", "http://h.test");
  const draft = new Draft(request, 1000);
  const reader = new AnthropicReader(draft, request.endpoint);
  const out: ModelEvent[] = [];
  for (const event of events) reader.read(JSON.stringify(event), out);
  const done = draft.done(reader.finish());
  assert.equal(done.type, "done");
  return { out, message: done.message, reason: done.reason };
}

describe("blocks", () => {
  it("of redacted thinking are kept to be sent back, and not shown", () => {
    const { message, out } = read(
      start,
      begin(0, { type: "redacted_thinking", data: "blob" }),
      begin(1, { type: "text", text: "x" }),
      stop("end_turn"),
    );
    assert.deepEqual(message.content[0], { type: "thinking", thinking: "", thinkingSignature: "redacted:blob" });
    assert.deepEqual(
      out.map((event) => event.type),
      ["text"],
    );
  });

  it("of signed thinking keep their signature, in however many pieces it comes", () => {
    const { message } = read(
      start,
      begin(0, { type: "thinking", thinking: "", signature: "" }),
      delta(0, { type: "thinking_delta", thinking: "hm" }),
      delta(0, { type: "signature_delta", signature: "ab" }),
      delta(0, { type: "signature_delta", signature: "cd" }),
      stop("end_turn"),
    );
    assert.deepEqual(message.content, [{ type: "thinking", thinking: "hm", thinkingSignature: "abcd" }]);
  });

  it("of tools may bring their whole input at once", () => {
    const { message } = read(
      start,
      begin(0, { type: "tool_use", id: "t", name: "exec", input: { command: "ls" } }),
      stop("tool_use"),
    );
    assert.deepEqual(message.content, [{ type: "toolCall", id: "t", name: "exec", arguments: { command: "ls" } }]);
  });

  it("that come interleaved go each to its own", () => {
    const { message } = read(
      start,
      begin(0, { type: "text", text: "" }),
      begin(1, { type: "tool_use", id: "t", name: "exec", input: {} }),
      delta(1, { type: "input_json_delta", partial_json: "{}" }),
      delta(0, { type: "text_delta", text: "late" }),
      stop("tool_use"),
    );
    assert.deepEqual(
      message.content.map((part) => part.type),
      ["text", "toolCall"],
    );
  });

  it("and events of kinds that are not known are passed over", () => {
    const { message } = read(
      start,
      { type: "ping" },
      { type: "from_the_future" },
      begin(0, { type: "hologram" }),
      delta(0, { type: "text_delta", text: "?" }),
      begin(1, { type: "text", text: "x" }),
      stop("end_turn"),
    );
    assert.deepEqual(message.content, [{ type: "text", text: "x" }]);
  });
});

describe("the end", () => {
  for (const [said, reason] of [
    ["end_turn", "stop"],
    ["stop_sequence", "stop"],
    ["max_tokens", "length"],
    ["model_context_window_exceeded", "length"],
    ["pause_turn", "stop"],
  ] as const) {
    it(`${said} is ${reason}`, () =>
      assert.equal(read(start, begin(0, { type: "text", text: "x" }), stop(said)).reason, reason));
  }

  it("by refusal is a failure when nothing was said", () => {
    assert.throws(
      () => read(start, stop("refusal")),
      (error) => error instanceof CallFailed && error.failure.code === "refusal",
    );
    assert.equal(read(start, begin(0, { type: "text", text: "x" }), stop("refusal")).reason, "stop");
  });
});

it("takes later counts for running totals, and keeps earlier ones where nothing new is said", () => {
  const { usage } = read(
    {
      type: "message_start",
      message: { id: "m", usage: { input_tokens: 10, cache_read_input_tokens: 500, output_tokens: 1 } },
    },
    stop("end_turn", { output_tokens: 42, cache_read_input_tokens: null }),
  ).message;
  assert.deepEqual([usage.input, usage.cacheRead, usage.output, usage.totalTokens], [10, 500, 42, 552]);
});
