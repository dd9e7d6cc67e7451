import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Message } from "../../contracts/message.ts";
import type { Compat, ModelRow, ThinkingLevel } from "../../contracts/model.ts";
import { requestFor } from "../../../../../test/conformance/testDialect.ts";
import { openaiBody, openaiCall } from "./_request-openai.ts";

const API = "openai-completions";
const URL = "http://proxy.test/v1";

type Changes = Parameters<typeof requestFor>[2];
const row = (changes: Partial<ModelRow> = {}): ModelRow => ({
  id: "m",
  name: "M",
  reasoning: false,
  input: ["text", "image"],
  contextWindow: 1000,
  maxTokens: 100,
  ...changes,
});
const withCompat = (compat: Compat, changes: Partial<ModelRow> = {}) => ({
  endpoint: { model: row({ ...changes, compat }) },
});
const body = (changes: Changes = {}) => openaiBody(requestFor(API, URL, changes));
const messages = (changes: Changes = {}) => body(changes)["messages"] as Record<string, unknown>[];

const usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, totalTokens: 0 };
const assistant = (content: Extract<Message, { role: "assistant" }>["content"], provider = "fake"): Message => ({
  role: "assistant",
  content,
  timestamp: 2,
  api: API,
  provider,
  model: "m",
  usage,
  stopReason: "stop",
});
const result = (id: string, content: Extract<Message, { role: "toolResult" }>["content"]): Message => ({
  role: "toolResult",
  toolCallId: id,
  toolName: "exec",
  content,
  isError: false,
  timestamp: 3,
});
const user = (content: Extract<Message, { role: "user" }>["content"]): Message => ({
  role: "user",
  content,
  timestamp: 1,
});
const picture = { type: "image", data: "AAAA", mimeType: "image/png" } as const;

const drawn = {
  temperature: 0.2,
  topP: 0.9,
  stop: ["END"],
  seed: 7,
  frequencyPenalty: 0.5,
  presencePenalty: -0.5,
  responseFormat: { type: "json_object" },
} as const;

describe("how an answer is drawn", () => {
  it("is forwarded under the protocol's names", () => {
    const { temperature, top_p, stop, seed, frequency_penalty, presence_penalty, response_format } = body(drawn);
    assert.deepEqual(
      { temperature, top_p, stop, seed, frequency_penalty, presence_penalty, response_format },
      {
        temperature: 0.2,
        top_p: 0.9,
        stop: ["END"],
        seed: 7,
        frequency_penalty: 0.5,
        presence_penalty: -0.5,
        response_format: { type: "json_object" },
      },
    );
  });

  it("is left to OpenAI's reasoning models, but for seed and format", () => {
    const sent = body({ ...drawn, endpoint: { native: true, model: row({ reasoning: true }) } });
    for (const name of ["temperature", "top_p", "stop", "frequency_penalty", "presence_penalty"])
      assert.ok(!(name in sent), name);
    assert.equal(sent["seed"], 7);
    assert.deepEqual(sent["response_format"], { type: "json_object" });
  });

  it("may demand a tool, only where tools are offered", () => {
    assert.equal(body({ toolChoice: "required" })["tool_choice"], "required");
    assert.deepEqual(body({ toolChoice: { name: "exec" } })["tool_choice"], {
      type: "function",
      function: { name: "exec" },
    });
    assert.ok(!("tool_choice" in body({ toolChoice: "required", tools: [] })));
    assert.ok(!("tool_choice" in body()));
  });
});

describe("a request to a proxy", () => {
  it("carries nothing that only OpenAI understands", () => {
    const sent = body({ cacheRetention: "long", thinking: "high", endpoint: { model: row({ reasoning: true }) } });
    assert.deepEqual(Object.keys(sent).sort(), ["messages", "model", "stream", "stream_options", "tools"]);
    assert.equal(messages()[0]?.["role"], "system");
  });

  it("sends the key as a bearer, unless a header says otherwise", () => {
    assert.equal(openaiCall(requestFor(API, `${URL}/`)).headers["authorization"], "Bearer sk-fake-0123456789");
    assert.equal(openaiCall(requestFor(API, `${URL}/`)).url, "http://proxy.test/v1/chat/completions");
    const own = requestFor(API, URL, { endpoint: { headers: { Authorization: "Basic x" } } });
    assert.equal(openaiCall(own).headers["authorization"], "Basic x");
  });

  it("merges the operator's own fields last", () => {
    assert.equal(body({ endpoint: { extraBody: { stream: false, seed: 7 } } })["seed"], 7);
    assert.equal(body({ endpoint: { extraBody: { stream: false } } })["stream"], false);
  });
});

describe("a request to OpenAI itself", () => {
  const native = (changes: Changes = {}) =>
    body({ ...changes, endpoint: { native: true, model: row({ reasoning: true }), ...changes?.endpoint } });

  it("speaks as developer to models that reason, keeps nothing on the server, and names its cache", () => {
    const sent = native({ cacheRetention: "short", maxTokens: 50 });
    assert.equal((sent["messages"] as { role: string }[])[0]?.role, "developer");
    assert.equal(sent["store"], false);
    assert.equal(sent["prompt_cache_key"], "session-1");
    assert.equal(sent["max_completion_tokens"], 50);
    assert.ok(!("prompt_cache_retention" in sent));
  });

  it("asks for the long cache only when told, and for none when told", () => {
    assert.equal(native({ cacheRetention: "long" })["prompt_cache_retention"], "24h");
    assert.ok(!("prompt_cache_key" in native({ cacheRetention: "none" })));
  });

  it("shortens a cache key that is too long, always to the same", () => {
    const key = () => native({ cacheRetention: "short", cacheKey: "k".repeat(65) })["prompt_cache_key"] as string;
    assert.equal(key().length, 64);
    assert.equal(key(), key());
  });

  it("sends no temperature to models that reason", () => {
    assert.ok(!("temperature" in native({ temperature: 0.5 })));
    assert.equal(native({ temperature: 0.5, endpoint: { model: row() } })["temperature"], 0.5);
  });
});

describe("thinking levels", () => {
  const table: readonly [Compat, ThinkingLevel, object][] = [
    [{ supportsReasoningEffort: true }, "off", {}],
    [{ supportsReasoningEffort: true }, "minimal", { reasoning_effort: "low" }],
    [{ supportsReasoningEffort: true }, "xhigh", { reasoning_effort: "high" }],
    [
      { supportsReasoningEffort: true, supportedReasoningEfforts: ["none", "low", "high"] },
      "off",
      { reasoning_effort: "none" },
    ],
    [
      { supportsReasoningEffort: true, supportedReasoningEfforts: ["none", "low", "high"] },
      "medium",
      { reasoning_effort: "low" },
    ],
    [{ supportsReasoningEffort: true, reasoningEffortMap: { low: "default" } }, "low", { reasoning_effort: "default" }],
    [{ thinkingFormat: "openrouter" }, "off", { reasoning: { enabled: false } }],
    [{ thinkingFormat: "openrouter" }, "high", { reasoning: { effort: "high" } }],
    [{ thinkingFormat: "zai" }, "low", { thinking: { type: "enabled" } }],
    [{ thinkingFormat: "zai" }, "off", { thinking: { type: "disabled" } }],
    [{ thinkingFormat: "deepseek" }, "xhigh", { thinking: { type: "enabled" }, reasoning_effort: "max" }],
    [{ thinkingFormat: "qwen" }, "off", { enable_thinking: false }],
    [{ thinkingFormat: "explicit" }, "off", { thinking: { type: "disabled" } }],
    [{ thinkingFormat: "explicit" }, "low", {}],
    [{ thinkingFormat: "a word from the future" }, "low", {}],
  ];
  for (const [compat, level, fields] of table) {
    it(`says ${level} to ${JSON.stringify(compat)} as ${JSON.stringify(fields)}`, () => {
      const { reasoning, reasoning_effort, thinking, enable_thinking } = body({
        thinking: level,
        ...withCompat(compat, { reasoning: true }),
      });
      const found = { reasoning, reasoning_effort, thinking, enable_thinking };
      assert.deepEqual(Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)), fields);
    });
  }

  it("asks nothing of a model that does not reason", () => {
    assert.ok(!("reasoning_effort" in body({ thinking: "high", ...withCompat({ supportsReasoningEffort: true }) })));
  });
});

describe("the conversation", () => {
  it("shows pictures, and a note in their place to models without eyes", () => {
    const content = [{ type: "text", text: "What is this?" } as const, picture];
    assert.deepEqual(messages({ messages: [user(content)] })[1]?.["content"], [
      content[0],
      { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
    ]);
    const blind = messages({ messages: [user(content)], endpoint: { model: row({ input: ["text"] }) } })[1]?.[
      "content"
    ];
    assert.match(String(blind), /What is this\?\n\[picture left out/);
  });

  it("shows pictures of tool results behind all results of the batch", () => {
    const sent = messages({
      messages: [
        user("go"),
        assistant([
          { type: "toolCall", id: "1", name: "exec", arguments: {} },
          { type: "toolCall", id: "2", name: "exec", arguments: {} },
        ]),
        result("1", [picture]),
        result("2", [{ type: "text", text: "ok" }]),
      ],
    });
    assert.deepEqual(
      sent.map((message) => message["role"]),
      ["system", "user", "assistant", "tool", "tool", "user"],
    );
  });

  it("replays what a vendor signed only to that vendor", () => {
    const call = { type: "toolCall", id: "1", name: "exec", arguments: {}, thoughtSignature: "c2ln" } as const;
    const signature = (provider: string) =>
      JSON.stringify(messages({ messages: [user("go"), assistant([call], provider), result("1", [])] })).includes(
        "c2ln",
      );
    assert.equal(signature("fake"), true);
    assert.equal(signature("other"), false);
  });

  it("shortens ids that are too long, on call and result alike", () => {
    const id = "toolu_".padEnd(60, "x");
    const sent = messages({
      messages: [user("go"), assistant([{ type: "toolCall", id, name: "exec", arguments: {} }]), result(id, [])],
    });
    const calls = sent[2]?.["tool_calls"] as { id: string }[];
    assert.ok((calls[0]?.id.length ?? 99) <= 40);
    assert.equal(calls[0]?.id, sent[3]?.["tool_call_id"]);
  });

  it("leaves out an assistant message of which nothing can be said", () => {
    const sent = messages({ messages: [user("a"), assistant([{ type: "thinking", thinking: "hm" }]), user("b")] });
    assert.deepEqual(
      sent.map((message) => message["role"]),
      ["system", "user", "user"],
    );
  });

  const spoken = [
    user("go"),
    assistant([
      { type: "thinking", thinking: "hm" },
      { type: "toolCall", id: "1", name: "exec", arguments: {} },
    ]),
    result("1", [{ type: "text", text: "ok" }]),
    user("next"),
  ];
  const accents: readonly [Compat, (sent: Record<string, unknown>[]) => unknown, unknown][] = [
    [{ requiresStringContent: true }, (sent) => sent[2]?.["content"], ""],
    [{}, (sent) => sent[2]?.["content"], null],
    [{ requiresToolResultName: true }, (sent) => sent[3]?.["name"], "exec"],
    [{ requiresAssistantAfterToolResult: true }, (sent) => sent[4]?.["role"], "assistant"],
    [{ requiresThinkingAsText: true }, (sent) => sent[2]?.["content"], "<thinking>\nhm\n</thinking>\n"],
    [{ thinkingFormat: "deepseek" }, (sent) => sent[2]?.["reasoning_content"], "hm"],
    [
      { strictMessageKeys: true },
      (sent) => new Set(sent.flatMap((message) => Object.keys(message))),
      new Set(["role", "content"]),
    ],
  ];
  for (const [compat, look, expected] of accents) {
    it(`follows ${JSON.stringify(compat)}`, () => {
      assert.deepEqual(look(messages({ messages: spoken, ...withCompat(compat) })), expected);
    });
  }

  it("offers no tools to a server that cannot use them", () => {
    assert.ok(!("tools" in body(withCompat({ supportsTools: false }))));
  });

  it("marks the stable part of the prompt and the last question for Claude behind OpenRouter", () => {
    const system = [
      { text: "fixed", stable: true },
      { text: "today", stable: false },
    ];
    const [first, question] = messages({
      system,
      cacheRetention: "short",
      endpoint: { provider: "openrouter", model: row({ id: "anthropic/claude" }) },
    });
    assert.deepEqual(first?.["content"], [
      { type: "text", text: "fixed", cache_control: { type: "ephemeral" } },
      { type: "text", text: "today" },
    ]);
    assert.deepEqual(question?.["content"], [{ type: "text", text: "hi", cache_control: { type: "ephemeral" } }]);
  });
});
