import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Message } from "../../contracts/message.ts";
import type { ModelRow, ThinkingLevel } from "../../contracts/model.ts";
import { requestFor } from "../../../../../test/conformance/testDialect.ts";
import { anthropicBody, anthropicCall } from "./_request-anthropic.ts";

const API = "anthropic-messages";
const URL = "http://proxy.test";

type Changes = Parameters<typeof requestFor>[2];
const row = (changes: Partial<ModelRow> = {}): ModelRow => ({
  id: "m",
  name: "M",
  reasoning: true,
  input: ["text", "image"],
  contextWindow: 200_000,
  maxTokens: 64_000,
  ...changes,
});
const body = (changes: Changes = {}) => anthropicBody(requestFor(API, URL, changes));
const turns = (changes: Changes = {}) =>
  body(changes)["messages"] as { role: string; content: Record<string, unknown>[] }[];

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
const result = (id: string, text: string, isError = false): Message => ({
  role: "toolResult",
  toolCallId: id,
  toolName: "exec",
  content: text === "" ? [] : [{ type: "text", text }],
  isError,
  timestamp: 3,
});
const user = (content: string): Message => ({ role: "user", content, timestamp: 1 });

describe("how an answer is drawn", () => {
  it("says it in the vendor's words and leaves out what it has none for", () => {
    const sent = body({
      topP: 0.9,
      stop: ["END", "  "],
      seed: 7,
      frequencyPenalty: 1,
      responseFormat: { type: "text" },
    });
    assert.equal(sent["top_p"], 0.9);
    assert.deepEqual(sent["stop_sequences"], ["END"]);
    for (const name of ["seed", "frequency_penalty", "response_format"]) assert.ok(!(name in sent), name);
  });

  it("sends temperature alone where both are given", () => {
    const sent = body({ topP: 0.9, temperature: 0.2 });
    assert.equal(sent["temperature"], 0.2);
    assert.ok(!("top_p" in sent));
  });

  it("may demand a tool, unless the model thinks", () => {
    assert.deepEqual(body({ toolChoice: "required" })["tool_choice"], { type: "any" });
    assert.deepEqual(body({ toolChoice: { name: "exec" } })["tool_choice"], { type: "tool", name: "exec" });
    const thinking = body({ toolChoice: "required", thinking: "high", endpoint: { model: row() } });
    assert.ok("thinking" in thinking && !("tool_choice" in thinking));
  });
});

describe("address and credentials", () => {
  it("appends /v1 exactly once", () => {
    for (const base of ["http://h.test", "http://h.test/", "http://h.test/v1", "http://h.test/v1/"]) {
      assert.equal(anthropicCall(requestFor(API, base)).url, "http://h.test/v1/messages");
    }
    assert.equal(anthropicCall(requestFor(API, "http://h.test/anthropic")).url, "http://h.test/anthropic/v1/messages");
  });

  it("sends a key in the vendor's header and a subscription token as a bearer", () => {
    assert.equal(anthropicCall(requestFor(API, URL)).headers["x-api-key"], "sk-fake-0123456789");
    const token = anthropicCall(requestFor(API, URL, { endpoint: { apiKey: "sk-ant-oat01-x", native: true } })).headers;
    assert.equal(token["authorization"], "Bearer sk-ant-oat01-x");
    assert.ok(!("x-api-key" in token));
  });

  it("sends betas only to the vendor's own host", () => {
    const beta = (native: boolean) =>
      anthropicCall(requestFor(API, URL, { cacheRetention: "long", endpoint: { native } })).headers["anthropic-beta"];
    assert.equal(beta(true), "extended-cache-ttl-2025-04-11");
    assert.equal(beta(false), undefined);
  });
});

describe("thinking", () => {
  const old = row();
  const adaptive = row({ compat: { thinkingFormat: "adaptive" } });
  const table: readonly [string, ModelRow, ThinkingLevel, unknown, unknown][] = [
    ["a budget", old, "minimal", { type: "enabled", budget_tokens: 1024 }, undefined],
    ["a budget", old, "medium", { type: "enabled", budget_tokens: 8192 }, undefined],
    ["a budget", old, "high", { type: "enabled", budget_tokens: 16_384 }, undefined],
    ["an effort", adaptive, "low", { type: "adaptive", display: "summarized" }, { effort: "low" }],
    ["an effort", adaptive, "xhigh", { type: "adaptive", display: "summarized" }, { effort: "max" }],
    ["nothing", old, "off", undefined, undefined],
    ["nothing", row({ reasoning: false }), "high", undefined, undefined],
    [
      "a budget below the limit of the answer",
      row({ maxTokens: 4000 }),
      "high",
      { type: "enabled", budget_tokens: 2000 },
      undefined,
    ],
    ["nothing where there is no room", row({ maxTokens: 1000 }), "low", undefined, undefined],
  ];
  for (const [what, model, thinking, expected, effort] of table) {
    it(`asks for ${what} at ${thinking} (${model.maxTokens} tokens)`, () => {
      const sent = body({ thinking, endpoint: { model } });
      assert.deepEqual(sent["thinking"], expected);
      assert.deepEqual(sent["output_config"], effort);
    });
  }

  it("sends no temperature beside thinking, and no begun answer at the end", () => {
    const sent = body({
      thinking: "low",
      temperature: 0.3,
      endpoint: { model: row() },
      messages: [user("a"), assistant([{ type: "text", text: "begun" }])],
    });
    assert.ok(!("temperature" in sent));
    assert.deepEqual(
      (sent["messages"] as { role: string }[]).map((turn) => turn.role),
      ["user"],
    );
  });
});

describe("cache marks", () => {
  const mark = { type: "ephemeral" };
  const system = [
    { text: "fixed", stable: true },
    { text: "now", stable: false },
  ];

  it("stand at the last tool, at the end of what is stable, and at the last user turn", () => {
    const sent = body({
      system,
      cacheRetention: "short",
      messages: [user("a"), assistant([{ type: "text", text: "b" }]), user("c")],
    });
    assert.deepEqual(sent["system"], [
      { type: "text", text: "fixed", cache_control: mark },
      { type: "text", text: "now" },
    ]);
    assert.deepEqual((sent["tools"] as { cache_control?: unknown }[]).at(-1)?.cache_control, mark);
    const all = sent["messages"] as { content: Record<string, unknown>[] }[];
    assert.deepEqual(
      all.map((turn) => turn.content.at(-1)?.["cache_control"]),
      [undefined, undefined, mark],
    );
  });

  it("last an hour when asked, and are absent when not wanted", () => {
    assert.match(JSON.stringify(body({ cacheRetention: "long" })), /"ttl":"1h"/);
    assert.doesNotMatch(JSON.stringify(body({ cacheRetention: "none" })), /cache_control/);
  });
});

describe("the conversation", () => {
  it("puts the results of a batch and what follows them into one turn", () => {
    const call = (id: string) => ({ type: "toolCall", id, name: "exec", arguments: {} }) as const;
    const sent = turns({
      messages: [
        user("go"),
        assistant([call("1"), call("2")]),
        result("1", "ok"),
        result("2", "no", true),
        user("and?"),
      ],
    });
    assert.deepEqual(
      sent.map((turn) => turn.role),
      ["user", "assistant", "user"],
    );
    assert.deepEqual(sent[2]?.content, [
      { type: "tool_result", tool_use_id: "1", content: "ok" },
      { type: "tool_result", tool_use_id: "2", content: "no", is_error: true },
      { type: "text", text: "and?" },
    ]);
  });

  it("rewrites ids with foreign characters, on call and result alike", () => {
    const id = "functions.exec:0";
    const sent = turns({
      messages: [user("go"), assistant([{ type: "toolCall", id, name: "exec", arguments: {} }]), result(id, "ok")],
    });
    assert.match(String(sent[1]?.content[0]?.["id"]), /^functions_exec_0_[0-9a-f]{12}$/);
    assert.equal(sent[1]?.content[0]?.["id"], sent[2]?.content[0]?.["tool_use_id"]);
  });

  it("replays signed thoughts word for word to whoever signed them, and to nobody else", () => {
    const thoughts = [
      { type: "thinking", thinking: "hm", thinkingSignature: "sig" },
      { type: "thinking", thinking: "", thinkingSignature: "redacted:blob" },
      { type: "thinking", thinking: "unsigned" },
      { type: "text", text: "so" },
    ] as const;
    const content = (provider: string) =>
      turns({ messages: [user("a"), assistant(thoughts, provider), user("b")] })[1]?.content;
    assert.deepEqual(content("fake"), [
      { type: "thinking", thinking: "hm", signature: "sig" },
      { type: "redacted_thinking", data: "blob" },
      { type: "text", text: "so" },
    ]);
    assert.deepEqual(content("other"), [{ type: "text", text: "so" }]);
  });
});
