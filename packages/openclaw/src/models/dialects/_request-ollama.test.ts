import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { AssistantMessage } from "../../contracts/message.ts";
import type { ModelEvent } from "../../contracts/model.ts";
import { collect, requestFor } from "../../../../../test/conformance/testDialect.ts";
import { ioWith, messageOf } from "../../../../../test/conformance/_dialect-kit.ts";
import type { RequestChanges } from "../../../../../test/conformance/_dialect-kit.ts";
import { startModelServer } from "../../../../../test/fakes/model-server.ts";
import type { Reply, SeenRequest } from "../../../../../test/fakes/model-server.ts";
import { dialect } from "./ollama.ts";
import { ollamaBody, ollamaCall } from "./_request-ollama.ts";

const requested = (changes?: RequestChanges) => requestFor("ollama", "http://127.0.0.1:11434", changes);
const model = (more: object) => ({ model: { ...requested().endpoint.model, ...more } });

describe("a request to Ollama", () => {
  it("goes to the native path, whichever of its paths the address ends with", () => {
    for (const base of ["http://h:1", "http://h:1/", "http://h:1/v1", "http://h:1/v1/", "http://h:1/api"])
      assert.equal(ollamaCall(requestFor("ollama", base)).url, "http://h:1/api/chat");
  });

  it("says the smallest that says everything", () => {
    assert.deepEqual(ollamaBody(requested({ tools: [] })), {
      model: "fake-1",
      stream: true,
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "hi" },
      ],
    });
  });

  it("names no size of the context unless somebody configured one", () => {
    assert.equal("options" in ollamaBody(requested()), false);
    const { options } = ollamaBody(requested({ endpoint: { params: { num_ctx: 16384 } } }));
    assert.deepEqual(options, { num_ctx: 16384 });
    const injected = ollamaBody(requested({ endpoint: { extraBody: { options: { num_ctx: 8192 } } }, temperature: 0 }));
    assert.deepEqual(injected["options"], { temperature: 0, num_ctx: 8192 });
  });

  it("passes on what runs the model, and nothing that it does not know", () => {
    const params = { top_k: 20, keep_alive: "30m", num_predict: 100, think: "high", transport: "sse", alias: 1 };
    const body = ollamaBody(requested({ endpoint: { params }, maxTokens: 50 }));
    assert.deepEqual(body["options"], { top_k: 20, num_predict: 50 });
    assert.equal(body["keep_alive"], "30m");
    assert.equal(body["think"], "high");
    assert.ok(!("transport" in body) && !("alias" in body));
  });

  it("asks only a model that thinks to think, with a level only where levels are known", () => {
    const think = (more: object, thinking: "off" | "medium") =>
      ollamaBody(requested({ endpoint: model(more), thinking }))["think"];
    assert.equal(think({}, "medium"), undefined);
    assert.equal(think({ reasoning: true }, "medium"), true);
    assert.equal(think({ reasoning: true }, "off"), false);
    assert.equal(think({ reasoning: true, id: "gpt-oss:20b" }, "medium"), "medium");
    assert.equal(think({ reasoning: true, id: "gpt-oss:20b" }, "off"), "low");
  });

  it("keeps tools from a model that takes none", () => {
    assert.ok("tools" in ollamaBody(requested()));
    assert.ok(!("tools" in ollamaBody(requested({ endpoint: model({ compat: { supportsTools: false } }) }))));
  });

  it("writes arguments as objects and results under the name of their tool", () => {
    const call: AssistantMessage = {
      role: "assistant",
      content: [
        { type: "thinking", thinking: "Hm." },
        { type: "toolCall", id: "call_x_1", name: "exec", arguments: { command: "ls" } },
      ],
      timestamp: 2,
      api: "ollama",
      provider: "fake",
      model: "fake-1",
      usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, totalTokens: 0 },
      stopReason: "toolUse",
    };
    const { messages } = ollamaBody(
      requested({
        system: [],
        messages: [
          { role: "user", content: "look", timestamp: 1 },
          call,
          {
            role: "toolResult",
            toolCallId: "call_x_1",
            toolName: "exec",
            content: [
              { type: "text", text: "file" },
              { type: "image", data: "QUJD", mimeType: "image/png" },
            ],
            isError: false,
            timestamp: 3,
          },
        ],
      }),
    );
    assert.deepEqual(messages, [
      { role: "user", content: "look" },
      {
        role: "assistant",
        content: "",
        thinking: "Hm.",
        tool_calls: [{ function: { name: "exec", arguments: { command: "ls" } } }],
      },
      { role: "tool", content: "file", images: ["QUJD"], tool_name: "exec" },
    ]);
  });

  it("asks for JSON, of a shape where one is given", () => {
    const format = (responseFormat: Readonly<Record<string, unknown>>) =>
      ollamaBody(requested({ responseFormat }))["format"];
    assert.equal(format({ type: "json_object" }), "json");
    assert.deepEqual(format({ type: "json_schema", json_schema: { name: "x", schema: { type: "object" } } }), {
      type: "object",
    });
  });
});

describe("a model of Ollama that lacks something", () => {
  const lacks = async (what: string, script: (request: SeenRequest) => Reply, changes: RequestChanges = {}) => {
    const server = await startModelServer({ api: "ollama", script });
    try {
      const events = await collect(dialect.stream(requestFor("ollama", server.url, changes), ioWith()));
      return { last: events.at(-1) as ModelEvent, requests: server.requests, what };
    } finally {
      await server.close();
    }
  };
  const refusal = (what: string): Reply => ({
    kind: "refuse",
    status: 400,
    body: JSON.stringify({ error: `"fake-1" does not support ${what}` }),
  });

  it("is asked again without tools", async () => {
    const { last, requests } = await lacks("tools", ({ body }) =>
      "tools" in body ? refusal("tools") : { text: ["ok"] },
    );
    assert.deepEqual(messageOf(last).content, [{ type: "text", text: "ok" }]);
    assert.equal(requests.length, 2);
  });

  it("is asked again without thinking", async () => {
    const { last } = await lacks("thinking", ({ body }) => ("think" in body ? refusal("thinking") : { text: ["ok"] }), {
      endpoint: model({ reasoning: true }),
      thinking: "low",
    });
    assert.deepEqual(messageOf(last).content, [{ type: "text", text: "ok" }]);
  });

  it("is not asked for ever", async () => {
    const { last, requests } = await lacks("tools", () => refusal("tools"));
    assert.equal(last.type, "error");
    assert.equal(requests.length, 2);
  });
});
