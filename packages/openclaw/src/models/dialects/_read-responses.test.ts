/** What is peculiar to streams of the Responses API. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { collect, delivering, failureOf, ioWith, messageOf } from "../../../../../test/conformance/_dialect-kit.ts";
import { requestFor } from "../../../../../test/conformance/testDialect.ts";
import type { ModelEvent } from "../../contracts/model.ts";
import { dialect } from "./openai-responses.ts";

type Event = { readonly type?: string; readonly [key: string]: unknown };
const read = async (events: readonly Event[], contentType = "text/event-stream") => {
  const json = contentType.includes("json");
  const text = events.map((event) => (json ? JSON.stringify(event) : `data: ${JSON.stringify(event)}\n\n`)).join("");
  const io = ioWith(delivering([Buffer.from(text)], contentType));
  return collect(dialect.stream(requestFor("openai-responses", "http://127.0.0.1:1"), io));
};
const lastOf = async (...events: Event[]) => (await read(events)).at(-1) as ModelEvent;
const content = async (...events: Event[]) => messageOf(await lastOf(...events)).content;

const completed = (output: unknown[] = []) => ({
  type: "response.completed",
  response: { id: "resp_1", status: "completed", output, usage: { input_tokens: 1, output_tokens: 1 } },
});
const added = (output_index: number, item: object) => ({ type: "response.output_item.added", output_index, item });
const done = (output_index: number, item: object) => ({ type: "response.output_item.done", output_index, item });
const delta = (kind: string, output_index: number, text: string, more: object = {}) => ({
  type: `response.${kind}.delta`,
  output_index,
  delta: text,
  ...more,
});
const reasoning = { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "hm" }] };
const sealed = { ...reasoning, encrypted_content: "gAAAA" };
const message = (text: string, more: object = {}) => ({
  type: "message",
  id: "msg_1",
  role: "assistant",
  content: [{ type: "output_text", text }],
  ...more,
});
const call = { type: "function_call", id: "fc_1", call_id: "call_1", name: "exec", arguments: '{"a":1}' };

describe("a stream of the Responses API", () => {
  it("keeps a sealed thought whole, and the ids that belong to it", async () => {
    assert.deepEqual(
      await content(added(0, reasoning), done(0, sealed), done(1, message("Yes.")), done(2, call), completed()),
      [
        { type: "thinking", thinking: "hm", thinkingSignature: JSON.stringify(sealed) },
        { type: "text", text: "Yes.", textSignature: '{"id":"msg_1"}' },
        { type: "toolCall", id: "call_1", name: "exec", arguments: { a: 1 }, thoughtSignature: "fc_1" },
      ],
    );
  });

  it("keeps no id of a thought that is only stored with the vendor", async () => {
    assert.deepEqual(await content(done(0, reasoning), done(1, message("Yes.")), done(2, call), completed()), [
      { type: "thinking", thinking: "hm" },
      { type: "text", text: "Yes." },
      { type: "toolCall", id: "call_1", name: "exec", arguments: { a: 1 } },
    ]);
  });

  it("keeps apart what is said on the way and what is the answer", async () => {
    assert.deepEqual(
      await content(
        done(0, message("I look.", { phase: "commentary" })),
        done(1, message("Found.", { phase: "final_answer" })),
        completed(),
      ),
      [
        { type: "text", text: "I look.", textSignature: '{"phase":"commentary"}' },
        { type: "text", text: "Found.", textSignature: '{"phase":"final_answer"}' },
      ],
    );
  });

  it("reads items that are written at the same time", async () => {
    assert.deepEqual(
      await content(
        added(0, { ...call, arguments: "" }),
        added(1, { ...call, id: "fc_2", call_id: "call_2", arguments: "" }),
        delta("function_call_arguments", 1, '{"b":'),
        delta("function_call_arguments", 0, '{"a":'),
        delta("function_call_arguments", 1, "2}"),
        delta("function_call_arguments", 0, "1}"),
        completed(),
      ),
      [
        { type: "toolCall", id: "call_1", name: "exec", arguments: { a: 1 } },
        { type: "toolCall", id: "call_2", name: "exec", arguments: { b: 2 } },
      ],
    );
  });

  it("separates the parts of a thought", async () => {
    const part = (summary_index: number) => ({
      type: "response.reasoning_summary_part.added",
      output_index: 0,
      summary_index,
    });
    const [first] = await content(
      added(0, reasoning),
      part(0),
      delta("reasoning_summary_text", 0, "One.", { summary_index: 0 }),
      part(1),
      delta("reasoning_summary_text", 0, "Two.", { summary_index: 1 }),
      done(1, message("Yes.")),
      completed(),
    );
    assert.deepEqual(first, { type: "thinking", thinking: "One.\n\nTwo." });
  });

  it("shows a refusal as what was said", async () => {
    const events = await read([added(0, message("")), delta("refusal", 0, "I cannot."), completed()]);
    assert.deepEqual(
      events.filter(({ type }) => type === "text"),
      [{ type: "text", delta: "I cannot." }],
    );
    assert.deepEqual(messageOf(events.at(-1) as ModelEvent).content, [{ type: "text", text: "I cannot." }]);
  });

  it("reads servers that send items only whole, or only at the end", async () => {
    const whole = [message("Yes."), call];
    const expected = [
      { type: "text", text: "Yes." },
      { type: "toolCall", id: "call_1", name: "exec", arguments: { a: 1 } },
    ];
    assert.deepEqual(await content(...whole.map((item, at) => done(at, item)), completed()), expected);
    assert.deepEqual(await content(completed(whole)), expected);
    const { response } = completed(whole);
    const events = await read([{ ...response, object: "response" }], "application/json");
    assert.deepEqual(messageOf(events.at(-1) as ModelEvent).content, expected);
  });

  it("keeps what the vendor shortened, to send it back", async () => {
    const item = { type: "compaction", id: "cmp_1", encrypted_content: "gAAAA" };
    assert.deepEqual(await content(done(0, item), done(1, message("Yes.")), completed()), [
      { type: "thinking", thinking: "", thinkingSignature: JSON.stringify(item) },
      { type: "text", text: "Yes." },
    ]);
  });

  const incomplete = (reason: string) => ({
    type: "response.incomplete",
    response: { id: "resp_1", status: "incomplete", incomplete_details: { reason } },
  });
  it("tells an answer that was cut from one that was withheld", async () => {
    assert.equal(
      messageOf(await lastOf(done(0, message("And")), incomplete("max_output_tokens"))).stopReason,
      "length",
    );
    assert.equal(messageOf(await lastOf(done(0, message("And")), incomplete("content_filter"))).stopReason, "stop");
    const { failure } = failureOf(await lastOf(incomplete("content_filter")));
    assert.deepEqual([failure.class, failure.code], ["unknown", "content_filter"]);
  });

  const failures: readonly [string, Event, string, string | undefined][] = [
    [
      "a failed answer",
      { type: "response.failed", response: { status: "failed", error: { code: "server_error", message: "Oops" } } },
      "server_error",
      "server_error",
    ],
    [
      "a limit",
      { type: "response.failed", response: { error: { code: "rate_limit_exceeded", message: "Slow down" } } },
      "rate_limit",
      "rate_limit_exceeded",
    ],
    [
      "a picture that is too large",
      { type: "response.failed", response: { error: { code: "image_too_large", message: "x" } } },
      "image_too_large",
      "image_too_large",
    ],
    ["a failure without words", { type: "response.failed", response: { status: "failed" } }, "server_error", "failed"],
    [
      "a cancelled answer",
      { type: "response.completed", response: { status: "cancelled" } },
      "server_error",
      "cancelled",
    ],
    [
      "a conversation that is too long",
      {
        type: "error",
        code: "context_length_exceeded",
        message: "Your input exceeds the context window",
        param: "input",
      },
      "context_overflow",
      "context_length_exceeded",
    ],
    [
      "an error in an envelope",
      { type: "error", error: { type: "insufficient_quota", code: "insufficient_quota", message: "No more" } },
      "billing",
      "insufficient_quota",
    ],
    ["an error without a type", { error: { code: "server_error", message: "Oops" } }, "server_error", "server_error"],
  ];
  for (const [what, event, kind, code] of failures)
    it(`takes ${what} as ${kind} and keeps what had come`, async () => {
      const { failure, partial } = failureOf(
        await lastOf(added(0, message("")), delta("output_text", 0, "Well"), event),
      );
      assert.deepEqual([failure.class, failure.code], [kind, code]);
      assert.deepEqual(partial.content, [{ type: "text", text: "Well" }]);
    });

  it("takes pieces for items that nobody announced, and none for items of another kind", async () => {
    assert.deepEqual(
      await content(delta("output_text", 5, "Yes"), delta("function_call_arguments", 5, "{"), completed()),
      [{ type: "text", text: "Yes" }],
    );
  });

  it("does not stumble over pieces that are no text", async () => {
    const odd = [
      delta("output_text", 0, "Yes"),
      { type: "response.output_text.delta", output_index: 0, delta: { a: 1 } },
    ];
    assert.deepEqual(await content(...odd, { type: "response.output_item.done", output_index: 0 }, completed()), [
      { type: "text", text: "Yes" },
    ]);
  });
});
