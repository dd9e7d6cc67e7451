import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { AssistantMessage, Message } from "../../contracts/message.ts";
import type { Compat, Endpoint, ModelEvent, ThinkingLevel } from "../../contracts/model.ts";
import { collect, requestFor } from "../../../../../test/conformance/testDialect.ts";
import { delivering, exchange, ioWith, messageOf } from "../../../../../test/conformance/_dialect-kit.ts";
import type { RequestChanges } from "../../../../../test/conformance/_dialect-kit.ts";
import { anthropicBody, anthropicCall } from "./_request-anthropic.ts";
import { openaiBody } from "./_request-openai.ts";
import { longWindow } from "../_long-window.ts";
import { withParams } from "./_params.ts";
import { dialect as anthropic } from "./anthropic-messages.ts";
import { dialect as openai } from "./openai-completions.ts";

const TOOL = {
  name: "exec",
  description: "Runs a command",
  parameters: { type: "object", properties: { command: { type: "string", pattern: "^[a-z]+$" } } },
} as const;

interface Accent {
  readonly provider?: string;
  readonly id?: string;
  readonly native?: boolean;
  readonly apiKey?: string;
  readonly reasoning?: boolean;
  readonly compat?: Compat;
  readonly params?: Endpoint["params"];
  readonly headers?: Endpoint["headers"];
}

function request(api: string, { id, reasoning = false, compat, ...endpoint }: Accent, more: RequestChanges = {}) {
  const { model } = requestFor(api, "https://h.test").endpoint;
  const row = { ...model, ...(id === undefined ? {} : { id }), reasoning, ...(compat && { compat }) };
  return requestFor(api, "https://h.test", {
    tools: [TOOL],
    ...more,
    endpoint: { ...endpoint, model: row } as Endpoint,
  });
}
const completions = (accent: Accent, more?: RequestChanges) => openaiBody(request("openai-completions", accent, more));
const messages = (accent: Accent, more?: RequestChanges) => anthropicBody(request("anthropic-messages", accent, more));
const betas = (accent: Accent, more?: RequestChanges) =>
  anthropicCall(request("anthropic-messages", accent, more)).headers["anthropic-beta"];

describe("schemas of tools", () => {
  const parametersOf = (compat: Compat) => JSON.stringify(completions({ compat })["tools"]);
  it("go out as they are", () => assert.match(parametersOf({}), /pattern/));
  it("are fitted to llama.cpp", () => assert.doesNotMatch(parametersOf({ toolSchemaProfile: "llamacpp" }), /pattern/));
  it("lose the words that a server refuses", () =>
    assert.doesNotMatch(parametersOf({ unsupportedToolSchemaKeywords: ["pattern"] }), /pattern/));
  it("go in OpenAI's form over Anthropic's protocol where a server wants that", () => {
    const { tools, tool_choice } = messages(
      { compat: { requiresOpenAiAnthropicToolPayload: true } },
      { toolChoice: { name: "exec" } },
    );
    assert.deepEqual(tools, [{ type: "function", function: TOOL }]);
    assert.deepEqual(tool_choice, { type: "function", function: { name: "exec" } });
  });
});

describe("thinking, as vendors want to be told", () => {
  const table: readonly [string, Accent, ThinkingLevel, Record<string, unknown>][] = [
    [
      "Z.AI keeps thoughts",
      { compat: { thinkingFormat: "zai" }, params: { preserveThinking: true } },
      "low",
      { thinking: { type: "enabled", clear_thinking: false } },
    ],
    [
      "the operator's own words",
      { compat: { thinkingFormat: "moonshot" }, params: { thinking: { type: "enabled", keep: "all" } } },
      "off",
      { thinking: { type: "enabled", keep: "all" } },
    ],
    [
      "Qwen behind vLLM",
      { compat: { thinkingFormat: "qwen" }, params: { qwenThinkingFormat: "chat-template" } },
      "low",
      { chat_template_kwargs: { enable_thinking: true } },
    ],
    ["Qwen at the top", { params: { qwenThinkingFormat: "top-level" } }, "off", { enable_thinking: false }],
    [
      "Nemotron that shall not think",
      { id: "nvidia/nemotron-3-super" },
      "off",
      { chat_template_kwargs: { enable_thinking: false, force_nonempty_content: true } },
    ],
    [
      "a router that chooses itself",
      { id: "auto", provider: "openrouter", compat: { thinkingFormat: "openrouter" } },
      "low",
      {},
    ],
    [
      "Groq's Qwen",
      { compat: { supportsReasoningEffort: true, reasoningEffortMap: { off: "none", low: "default" } } },
      "off",
      { reasoning_effort: "none" },
    ],
  ];
  const fields = ["thinking", "reasoning", "reasoning_effort", "enable_thinking", "chat_template_kwargs"];
  for (const [what, accent, thinking, expected] of table) {
    it(what, () => {
      const body = completions({ reasoning: true, ...accent }, { thinking });
      assert.deepEqual(Object.fromEntries(Object.entries(body).filter(([key]) => fields.includes(key))), expected);
    });
  }

  it("MiniMax is told not to think unless it shall", () => {
    const accent = { reasoning: true, compat: { thinkingFormat: "explicit" } };
    const off = messages(accent, { thinking: "off", temperature: 0.5 });
    assert.deepEqual(off["thinking"], { type: "disabled" });
    assert.equal(off["temperature"], 0.5, "which is no thinking");
    assert.deepEqual(messages(accent, { thinking: "low", maxTokens: 4096 })["thinking"], {
      type: "enabled",
      budget_tokens: 2048,
    });
  });

  it("Kimi is not made to call while it thinks", () => {
    const accent = { reasoning: true, compat: { thinkingFormat: "moonshot" } };
    assert.ok(!("tool_choice" in completions(accent, { thinking: "low", toolChoice: "required" })));
    assert.ok("tool_choice" in completions(accent, { thinking: "off", toolChoice: "required" }));
  });
});

describe("service", () => {
  it("is faster where the vendor sells it, and nowhere else", () => {
    const params = { fastMode: true };
    assert.equal(completions({ native: true, params })["service_tier"], "priority");
    assert.equal(completions({ native: true, params: { serviceTier: "flex" } })["service_tier"], "flex");
    assert.ok(!("service_tier" in completions({ params })));
    assert.equal(messages({ native: true, params })["service_tier"], "auto");
    assert.equal(messages({ native: true, params: { fastMode: false } })["service_tier"], "standard_only");
    assert.ok(!("service_tier" in messages({ params })));
  });

  it("writes arguments in pieces at Z.AI and xAI unless told otherwise", () => {
    assert.equal(completions({ provider: "zai" })["tool_stream"], true);
    assert.ok(!("tool_stream" in completions({ provider: "zai", params: { tool_stream: false } })));
    assert.ok(!("tool_stream" in completions({})));
    assert.ok(!("tool_stream" in completions({ provider: "xai" }, { tools: [] })));
  });
});

describe("ids of tool calls", () => {
  const ids = (accent: Accent, id: string) => {
    const conversation: Message[] = [
      { role: "user", content: "hi", timestamp: 1 },
      assistant([{ type: "toolCall", id, name: "exec", arguments: {} }]),
      { role: "toolResult", toolCallId: id, toolName: "exec", content: [], isError: false, timestamp: 3 },
    ];
    const sent = completions(accent, { messages: conversation })["messages"] as Record<string, never>[];
    const [call] = (sent[2]?.["tool_calls"] ?? []) as { id: string }[];
    assert.equal(call?.id, sent[3]?.["tool_call_id"]);
    return call?.id ?? "";
  };
  const long = "functions.a_tool_with_a_name_that_is_rather_long:12";
  it("of Kimi go back word for word", () => {
    assert.equal(ids({ compat: { thinkingFormat: "moonshot" } }, long), long);
    assert.notEqual(ids({}, long), long);
  });
  it("have nine characters for Mistral", () => assert.match(ids({ provider: "mistral" }, "toolu_1"), /^[a-z0-9]{9}$/));
  it("are plain where the operator wants that", () =>
    assert.match(ids({ params: { sanitizeToolCallIds: true } }, "call-1"), /^[a-z0-9]+$/));
});

describe("Anthropic's betas", () => {
  const long = { native: true, id: "claude-sonnet-4-5", params: { context1m: true } };
  const oauth = "sk-ant-oat01-fake";
  it("ask for the long window", () => assert.equal(betas(long), "context-1m-2025-08-07"));
  it("do not with the token of a subscription, which is a bearer", () => {
    const { headers } = anthropicCall(request("anthropic-messages", { ...long, apiKey: oauth }));
    assert.equal(headers["anthropic-beta"], "oauth-2025-04-20");
    assert.equal(headers["authorization"], `Bearer ${oauth}`);
    assert.ok(!("x-api-key" in headers));
    assert.equal(longWindow(request("anthropic-messages", { ...long, apiKey: oauth }).endpoint), "refused");
  });
  it("do not of other models, nor elsewhere", () => {
    assert.equal(betas({ ...long, id: "claude-haiku-4-5" }), undefined);
    assert.equal(betas({ ...long, native: false }), undefined);
  });
  it("stand beside those of the operator, who may name them anywhere", () => {
    const headers = { "Anthropic-Beta": "files-api-2025-04-14" };
    assert.equal(betas({ ...long, headers }), "context-1m-2025-08-07,files-api-2025-04-14");
    assert.equal(betas({ headers }), "files-api-2025-04-14");
  });

  it("are dropped once when this credential may not have the long window", async () => {
    const refusal = {
      kind: "refuse",
      status: 429,
      type: "rate_limit_error",
      message: "Extra usage is required for long context requests.",
    } as const;
    const { endpoint } = request("anthropic-messages", long);
    const asked = ({ headers }: { readonly headers: Readonly<Record<string, unknown>> }) =>
      String(headers["anthropic-beta"] ?? "").includes("context-1m");
    const { last, server } = await exchange(
      { dialect: anthropic, api: "anthropic-messages" },
      (seen) => (asked(seen) ? refusal : { text: ["ok"] }),
      { endpoint: { native: true, model: endpoint.model, params: { context1m: true } } },
    );
    assert.deepEqual(messageOf(last).content, [{ type: "text", text: "ok" }]);
    assert.deepEqual(server.requests.map(asked), [true, false]);
  });
});

describe("what the operator set for a model", () => {
  const settled = (params: Endpoint["params"], more: RequestChanges = {}) =>
    withParams(request("anthropic-messages", { params }, { cacheRetention: "short", ...more }));
  it("stands where the request says nothing", () => {
    const { temperature, maxTokens, topP } = settled({ temperature: 0.2, maxTokens: 900, topP: 0.5 });
    assert.deepEqual([temperature, maxTokens, topP], [0.2, 900, 0.5]);
  });
  it("gives way to the request", () =>
    assert.equal(settled({ temperature: 0.2 }, { temperature: 0.9 }).temperature, 0.9));
  it("is not taken from nonsense", () => {
    const { temperature, maxTokens } = settled({ temperature: "hot", maxTokens: -1 });
    assert.deepEqual([temperature, maxTokens], [undefined, undefined]);
  });
  for (const [params, retention] of [
    [{ cacheRetention: "long" }, "long"],
    [{ cacheRetention: "none" }, "none"],
    [{ cacheControlTtl: "1h" }, "long"],
    [{ cacheControlTtl: "5m" }, "short"],
    [{ cacheRetention: "for ever" }, "short"],
  ] as const)
    it(`${JSON.stringify(params)} keeps prompts: ${retention}`, () =>
      assert.equal(settled(params).cacheRetention, retention));
  it("does not keep a prompt that asks not to be kept", () =>
    assert.equal(settled({ cacheRetention: "long" }, { cacheRetention: "none" }).cacheRetention, "none"));
  it("reaches the wire: an hour of cache", async () => {
    const { server } = await exchange(
      { dialect: anthropic, api: "anthropic-messages" },
      { text: ["ok"] },
      { endpoint: { params: { cacheRetention: "long", temperature: 0.2 } }, cacheRetention: "short" },
    );
    const body = server.requests[0]?.body;
    assert.equal(body?.["temperature"], 0.2);
    assert.match(server.requests[0]?.raw ?? "", /"cache_control":\{"type":"ephemeral","ttl":"1h"\}/);
  });
});

describe("answers with an accent", () => {
  const answered = async (chunks: readonly object[], compat: Compat = {}) => {
    const body = [
      ...chunks.map((delta) => ({ choices: [{ delta }] })),
      { choices: [{ delta: {}, finish_reason: "stop" }] },
    ];
    const bytes = Buffer.from(`${body.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("")}data: [DONE]\n\n`);
    const io = ioWith(delivering([bytes], "text/event-stream"));
    const events = await collect(openai.stream(request("openai-completions", { compat }), io));
    return messageOf(events.at(-1) as ModelEvent).content;
  };
  const call = (text: string) => ({ tool_calls: [{ index: 0, id: "c", function: { name: "exec", arguments: text } }] });

  it("escaped as for a web page are understood where a server is known for it", async () => {
    const escaped = JSON.stringify({
      command: "echo &quot;a &amp;&amp; b&quot; &#39;c&#x27; &unknown;",
      list: ["&lt;"],
    });
    const [understood] = await answered([call(escaped)], { toolCallArgumentsEncoding: "html-entities" });
    assert.deepEqual(understood?.type === "toolCall" && understood.arguments, {
      command: "echo \"a && b\" 'c' &unknown;",
      list: ["<"],
    });
    const [plain] = await answered([call(escaped)]);
    assert.ok(plain?.type === "toolCall" && String(plain.arguments["command"]).includes("&quot;"));
  });

  it("tell thoughts in details, with proofs that go back word for word", async () => {
    const content = await answered([
      { reasoning_details: [{ type: "reasoning.text", index: 0, text: "Let me " }] },
      { reasoning_details: [{ type: "reasoning.text", index: 0, text: "see.", signature: "c2ln" }] },
      { content: "Yes." },
    ]);
    assert.equal(content[0]?.type === "thinking" && content[0].thinking, "Let me see.");
    const conversation: Message[] = [
      { role: "user", content: "hi", timestamp: 1 },
      assistant(content),
      { role: "user", content: "so?", timestamp: 3 },
    ];
    const [, , back] = completions({}, { messages: conversation })["messages"] as Record<string, unknown>[];
    assert.deepEqual(back?.["reasoning_details"], [
      { type: "reasoning.text", index: 0, text: "Let me see.", signature: "c2ln" },
    ]);
    const [, , other] = completions({ provider: "another" }, { messages: conversation })["messages"] as Record<
      string,
      unknown
    >[];
    assert.ok(!("reasoning_details" in (other ?? {})));
  });

  it("show the kinds of thoughts that the operator wants to see", async () => {
    const chunks = [{ reasoning_details: [{ type: "response.text", text: "Out loud." }] }, { content: " Yes." }];
    assert.deepEqual(await answered(chunks, { visibleReasoningDetailTypes: ["response.text"] }), [
      { type: "text", text: "Out loud. Yes." },
    ]);
    assert.deepEqual(await answered(chunks), [
      { type: "thinking", thinking: "Out loud." },
      { type: "text", text: " Yes." },
    ]);
  });

  it("keep their characters whole when halves come in two pieces", async () => {
    assert.deepEqual(await answered([{ content: "\ud83d" }, { content: "\udc19" }]), [{ type: "text", text: "🐙" }]);
    const [half] = await answered([{ content: "\ud83d" }]);
    assert.ok(half?.type === "text" && half.text.isWellFormed());
  });
});

function assistant(content: AssistantMessage["content"]): AssistantMessage {
  const usage = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0, totalTokens: 2 };
  return {
    role: "assistant",
    content,
    timestamp: 2,
    api: "openai-completions",
    provider: "fake",
    model: "fake-1",
    usage,
    stopReason: "stop",
  };
}
