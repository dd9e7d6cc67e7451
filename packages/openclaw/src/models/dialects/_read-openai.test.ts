/** Accents of servers that speak OpenAI's dialect. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ModelEvent } from "../../contracts/model.ts";
import { requestFor } from "../../../../../test/conformance/testDialect.ts";
import { Draft } from "./_accumulate.ts";
import { CallFailed } from "./_call.ts";
import { OpenaiReader } from "./_read-openai.ts";

const DONE = "[DONE]";
const choice = (delta: object, finish_reason: string | null = null) => ({
  id: "r1",
  choices: [{ index: 0, delta, finish_reason }],
});

function read(...chunks: readonly (object | string)[]) {
  const request = requestFor("openai-completions", "http://h.test");
  const draft = new Draft(request, 1000);
  const reader = new OpenaiReader(draft, request.endpoint, 1000);
  const out: ModelEvent[] = [];
  for (const chunk of chunks) reader.read(typeof chunk === "string" ? chunk : JSON.stringify(chunk), out);
  const done = draft.done(reader.finish());
  assert.equal(done.type, "done");
  return { out, message: done.message, reason: done.reason };
}

const failing = (...chunks: readonly (object | string)[]) => {
  try {
    read(...chunks);
  } catch (error) {
    assert.ok(error instanceof CallFailed);
    return error.failure;
  }
  return assert.fail("worked");
};
const tool = (delta: object) => choice({ tool_calls: [delta] });

describe("tool calls", () => {
  it("with one index for all are told apart by their ids", () => {
    const { message } = read(
      tool({ index: 0, id: "a", function: { name: "exec", arguments: '{"n":1}' } }),
      tool({ index: 0, id: "b", function: { name: "exec", arguments: '{"n":2}' } }),
      choice({}, "tool_calls"),
    );
    assert.deepEqual(
      message.content.map((part) => part.type === "toolCall" && [part.id, part.arguments]),
      [
        ["a", { n: 1 }],
        ["b", { n: 2 }],
      ],
    );
  });

  it("whose id is repeated in every piece stay one", () => {
    const { message } = read(
      tool({ index: 0, id: "a", function: { name: "exec", arguments: '{"n"' } }),
      tool({ index: 0, id: "a", function: { name: "exec", arguments: ":1}" } }),
      choice({}, "tool_calls"),
    );
    assert.deepEqual(
      message.content.map((part) => part.type === "toolCall" && part.arguments),
      [{ n: 1 }],
    );
  });

  it("without ids get different ones", () => {
    const { message } = read(
      choice(
        { tool_calls: [{ function: { name: "a", arguments: "{}" } }, { function: { name: "b", arguments: "{}" } }] },
        "stop",
      ),
    );
    const ids = message.content.map((part) => part.type === "toolCall" && part.id);
    assert.equal(new Set(ids).size, 2);
    assert.equal(message.stopReason, "toolUse");
  });

  it("keep the signature that Gemini wants to see again", () => {
    const { message } = read(
      tool({
        index: 0,
        id: "a",
        function: { name: "exec", arguments: "{}" },
        extra_content: { google: { thought_signature: "c2ln" } },
      }),
      choice({}, "stop"),
    );
    assert.equal(message.content[0]?.type === "toolCall" && message.content[0].thoughtSignature, "c2ln");
  });
});

describe("the end", () => {
  it("may lack a reason when [DONE] came", () => assert.equal(read(choice({ content: "x" }), DONE).reason, "stop"));
  it("is not there when neither came", () => assert.equal(failing(choice({ content: "x" })).code, "incomplete"));
  it("is not there when only [DONE] came", () => assert.equal(failing(DONE).code, "empty"));
  it("may be an answer of nothing", () => assert.deepEqual(read(choice({}, "stop"), DONE).message.content, []));

  for (const [finish, is] of [
    ["network_error", "timeout"],
    ["abort", "timeout"],
    ["error", "server_error"],
    ["content_filter", "unknown"],
  ] as const) {
    it(`is a failure when the vendor says ${finish}`, () => assert.equal(failing(choice({}, finish), DONE).class, is));
  }

  it("keeps an answer that the content filter cut", () =>
    assert.equal(read(choice({ content: "x" }), choice({}, "content_filter")).reason, "stop"));

  it("is an error inside the stream, by the status that a router passes on", () => {
    const failure = failing({
      error: {
        code: 429,
        message: "Provider returned error",
        metadata: { raw: '{"error":{"message":"upstream is busy"}}' },
      },
    });
    assert.deepEqual(
      [failure.class, failure.status, failure.message],
      ["rate_limit", 429, "HTTP 429: upstream is busy"],
    );
  });
});

describe("usage", () => {
  const table: readonly [string, object, readonly number[]][] = [
    [
      "OpenAI's",
      { usage: { prompt_tokens: 100, completion_tokens: 9, prompt_tokens_details: { cached_tokens: 60 } } },
      [40, 9, 60],
    ],
    ["DeepSeek's", { usage: { prompt_tokens: 100, completion_tokens: 9, prompt_cache_hit_tokens: 30 } }, [70, 9, 30]],
    [
      "Moonshot's, beside the choice",
      { choices: [{ delta: {}, usage: { prompt_tokens: 100, completion_tokens: 9, cached_tokens: 10 } }] },
      [90, 9, 10],
    ],
    ["llama.cpp's timings", { timings: { prompt_n: 12, predicted_n: 3, cache_n: 88 } }, [12, 3, 88]],
    ["nonsense", { usage: { prompt_tokens: "many", completion_tokens: -1 } }, [0, 0, 0]],
  ];
  for (const [what, chunk, expected] of table) {
    it(`understands ${what}`, () => {
      const { usage } = read(chunk, choice({}, "stop")).message;
      assert.deepEqual([usage.input, usage.output, usage.cacheRead], expected);
    });
  }
});

it("takes a whole message in the place of a stream", () => {
  const { message, out } = read({
    id: "r",
    choices: [{ message: { content: "hi", tool_calls: null }, finish_reason: "stop" }],
    usage: { prompt_tokens: 1, completion_tokens: 2 },
  });
  assert.deepEqual(message.content, [{ type: "text", text: "hi" }]);
  assert.deepEqual(out, [{ type: "text", delta: "hi" }]);
});

it("shows reasoning under either of its names", () => {
  for (const key of ["reasoning_content", "reasoning"]) {
    assert.deepEqual(
      read(choice({ [key]: "hm" }), choice({ content: "x" }, "stop")).out.map((event) => event.type),
      ["thinking", "text"],
    );
  }
});
