import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { requestFor } from "../../../../../test/conformance/testDialect.ts";
import { responsesRefusal } from "../../../../../test/fakes/_wire-responses.ts";
import type { AssistantMessage, Message } from "../../contracts/message.ts";
import type { Compat, Endpoint, ModelRequest } from "../../contracts/model.ts";
import { responsesBody, responsesCall } from "./_request-responses.ts";

const thinker = {
  id: "gpt-5.2",
  name: "GPT",
  reasoning: true,
  input: ["text", "image"],
  contextWindow: 100_000,
  maxTokens: 4096,
} as const;

interface Changes extends Partial<Omit<ModelRequest, "endpoint">> {
  readonly native?: boolean;
  readonly compat?: Compat;
  readonly endpoint?: Partial<Endpoint>;
}
const asked = ({ native = true, compat, endpoint, ...changes }: Changes = {}) =>
  requestFor("openai-responses", "https://api.openai.com/v1", {
    ...changes,
    endpoint: { provider: "openai", native, model: { ...thinker, ...(compat && { compat }) }, ...endpoint },
  });
const body = (changes: Changes = {}) => {
  const made = responsesBody(asked(changes));
  assert.equal(responsesRefusal(made), undefined);
  return made;
};

describe("a request to the Responses API", () => {
  it("goes to /responses with the key as a bearer", () => {
    const { url, headers } = responsesCall(asked());
    assert.equal(url, "https://api.openai.com/v1/responses");
    assert.equal(headers["authorization"], "Bearer sk-fake-0123456789");
    assert.equal(headers["accept"], "text/event-stream");
  });

  const cases: readonly [string, Changes, Record<string, unknown>][] = [
    ["leaves nothing with the vendor", {}, { store: false, include: ["reasoning.encrypted_content"] }],
    ["says nothing of storing to a proxy", { native: false }, { store: undefined, include: undefined }],
    ["does say it to one that is known to hear", { native: false, compat: { supportsStore: true } }, { store: false }],
    [
      "asks a model that does not think for no thoughts",
      { endpoint: { model: { ...thinker, reasoning: false } }, thinking: "high" },
      { store: false, include: undefined, reasoning: undefined },
    ],
    ["names the session for the cache", { cacheRetention: "short" }, { prompt_cache_key: "session-1" }],
    ["asks for no long cache unasked", { cacheRetention: "short" }, { prompt_cache_retention: undefined }],
    ["asks for a long cache", { cacheRetention: "long" }, { prompt_cache_retention: "24h" }],
    ["keeps the cache from a proxy", { native: false, cacheRetention: "long" }, { prompt_cache_key: undefined }],
    [
      "gives a proxy the key that knows it",
      { native: false, cacheRetention: "long", compat: { supportsPromptCacheKey: true } },
      { prompt_cache_key: "session-1", prompt_cache_retention: undefined },
    ],
    ["asks for effort and a summary", { thinking: "medium" }, { reasoning: { effort: "medium", summary: "auto" } }],
    ["cannot turn thinking off where there is no word for it", { thinking: "off" }, { reasoning: undefined }],
    [
      "turns thinking off where there is one",
      { thinking: "off", compat: { supportedReasoningEfforts: ["none", "low"] } },
      { reasoning: { effort: "none" } },
    ],
    [
      "asks for the highest effort where it exists",
      { thinking: "xhigh", compat: { supportedReasoningEfforts: ["low", "high", "xhigh"] } },
      { reasoning: { effort: "xhigh", summary: "auto" } },
    ],
    [
      "asks for the next lower effort where it does not",
      { thinking: "xhigh" },
      { reasoning: { effort: "high", summary: "auto" } },
    ],
    ["asks a proxy for no effort", { native: false, thinking: "high" }, { reasoning: undefined }],
    [
      "asks a proxy that takes efforts in its own words",
      {
        native: false,
        thinking: "low",
        compat: { supportsReasoningEffort: true, reasoningEffortMap: { low: "on", off: "off" } },
      },
      { reasoning: { effort: "on" } },
    ],
    ["sets a limit", { maxTokens: 500 }, { max_output_tokens: 500 }],
    ["keeps the limit within the model", { maxTokens: 50_000 }, { max_output_tokens: 4096 }],
    ["keeps the limit above the vendor's least", { maxTokens: 1 }, { max_output_tokens: 16 }],
    [
      "leaves words to a model that thinks",
      { temperature: 0.2, topP: 0.3 },
      { temperature: undefined, top_p: undefined },
    ],
    ["bends the words of others", { native: false, temperature: 0.2, topP: 0.3 }, { temperature: 0.2, top_p: 0.3 }],
    ["has no word for stops and seeds", { stop: ["x"], seed: 3 }, { stop: undefined, seed: undefined }],
    [
      "asks for JSON of a schema",
      { responseFormat: { type: "json_schema", json_schema: { name: "a", schema: { type: "object" }, strict: true } } },
      { text: { format: { type: "json_schema", name: "a", schema: { type: "object" }, strict: true } } },
    ],
    ["asks for JSON", { responseFormat: { type: "json_object" } }, { text: { format: { type: "json_object" } } }],
    ["asks for few words", { endpoint: { params: { textVerbosity: "low" } } }, { text: { verbosity: "low" } }],
    ["asks for a tier", { endpoint: { params: { serviceTier: "flex" } } }, { service_tier: "flex" }],
    ["hurries", { endpoint: { params: { fastMode: true } } }, { service_tier: "priority" }],
    [
      "asks no proxy for a tier",
      { native: false, endpoint: { params: { fastMode: true } } },
      { service_tier: undefined },
    ],
    [
      "lets the vendor shorten what grew too long",
      { endpoint: { params: { responsesServerCompaction: true } } },
      { context_management: [{ type: "compaction", compact_threshold: 70_000 }] },
    ],
    [
      "at the size that is told",
      { endpoint: { params: { responsesServerCompaction: true, responsesCompactThreshold: 5000 } } },
      { context_management: [{ type: "compaction", compact_threshold: 5000 }] },
    ],
    ["makes it call any tool", { toolChoice: "required" }, { tool_choice: "required" }],
    ["makes it call one tool", { toolChoice: { name: "exec" } }, { tool_choice: { type: "function", name: "exec" } }],
    ["sends no tools where none are taken", { compat: { supportsTools: false } }, { tools: undefined }],
    [
      "puts the operator's own fields last",
      { endpoint: { extraBody: { truncation: "auto" } } },
      { truncation: "auto" },
    ],
  ];
  for (const [what, changes, expected] of cases)
    it(what, () => {
      const made = body(changes);
      assert.deepEqual(Object.fromEntries(Object.keys(expected).map((key) => [key, made[key]])), expected);
    });

  it("says that schemas of tools are not strict, and to proxies nothing", () => {
    const strictOf = (made: Record<string, unknown>) => (made["tools"] as { strict?: boolean }[])[0]?.strict;
    assert.equal(strictOf(body()), false);
    assert.equal(strictOf(body({ native: false })), undefined);
  });

  it("has xAI stream what its tools are called with, unless told", () => {
    const xai = (params?: Record<string, unknown>) =>
      responsesBody(asked({ native: false, endpoint: { provider: "xai", ...(params && { params }) } }));
    assert.equal(xai()["tool_stream"], true);
    assert.equal(xai({ tool_stream: false })["tool_stream"], undefined);
  });

  it("gives the system prompt as the developer's to the vendor's thinkers, as the system's to others", () => {
    const first = (changes: Changes) => (body(changes)["input"] as { role: string }[])[0];
    assert.deepEqual(first({}), { role: "developer", content: "Be brief." });
    assert.deepEqual(first({ native: false }), { role: "system", content: "Be brief." });
    assert.deepEqual(first({ system: [] }), { role: "user", content: "hi" });
  });
});

const user: Message = { role: "user", content: "look", timestamp: 1 };
const assistant = (content: AssistantMessage["content"], provider = "openai"): Message => ({
  role: "assistant",
  content,
  timestamp: 2,
  api: "openai-responses",
  provider,
  model: "gpt-5.2",
  usage: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0, totalTokens: 2 },
  stopReason: "stop",
});
const result = (toolCallId: string, content: (Message & { role: "toolResult" })["content"]): Message => ({
  role: "toolResult",
  toolCallId,
  toolName: "exec",
  content,
  isError: false,
  timestamp: 3,
});
const call = (id: string, thoughtSignature?: string) =>
  ({ type: "toolCall", id, name: "exec", arguments: { a: 1 }, ...(thoughtSignature && { thoughtSignature }) }) as const;
const sealed = (id: string) => ({ type: "reasoning", id, summary: [], encrypted_content: `gAAAA-${id}` });
const thought = (id: string) =>
  ({ type: "thinking", thinking: "hm", thinkingSignature: JSON.stringify(sealed(id)) }) as const;
const ok = [{ type: "text", text: "ok" }] as const;

describe("a conversation in the Responses API", () => {
  const items = (messages: readonly Message[], changes: Changes = {}) =>
    (body({ system: [], ...changes, messages })["input"] as Record<string, unknown>[]).slice(1);

  it("keeps thoughts in front of what followed them, with the ids that belong together", () => {
    const said = { type: "text", text: "Looking.", textSignature: '{"id":"msg_1","phase":"commentary"}' } as const;
    assert.deepEqual(items([user, assistant([thought("rs_1"), said, call("call_1", "fc_1")]), result("call_1", ok)]), [
      sealed("rs_1"),
      {
        type: "message",
        id: "msg_1",
        role: "assistant",
        status: "completed",
        content: [{ type: "output_text", text: "Looking.", annotations: [] }],
        phase: "commentary",
      },
      { type: "function_call", id: "fc_1", call_id: "call_1", name: "exec", arguments: '{"a":1}' },
      { type: "function_call_output", call_id: "call_1", output: "ok" },
    ]);
  });

  it("names no ids where the thought that belongs to them is missing", () => {
    const said = { type: "text", text: "Looking.", textSignature: '{"id":"msg_1","phase":"final_answer"}' } as const;
    assert.deepEqual(items([user, assistant([said, call("call_1", "fc_1")]), result("call_1", ok)]), [
      { role: "assistant", content: "Looking.", phase: "final_answer" },
      { type: "function_call", call_id: "call_1", name: "exec", arguments: '{"a":1}' },
      { type: "function_call_output", call_id: "call_1", output: "ok" },
    ]);
  });

  it("leaves out a thought that nothing followed", () => {
    const content = [thought("rs_1"), thought("rs_2"), { type: "text", text: "Yes." }, thought("rs_3")] as const;
    assert.deepEqual(items([user, assistant(content)]), [sealed("rs_2"), { role: "assistant", content: "Yes." }]);
  });

  it("replays what the vendor shortened", () => {
    const item = { type: "compaction", id: "cmp_1", encrypted_content: "gAAAA" };
    const kept = { type: "thinking", thinking: "", thinkingSignature: JSON.stringify(item) } as const;
    assert.deepEqual(items([user, assistant([kept, { type: "text", text: "Yes." }])])[0], item);
  });

  it("keeps thoughts and ids of one vendor from another", () => {
    const content = [
      thought("rs_1"),
      { type: "text", text: "Yes.", textSignature: '{"id":"msg_1"}' },
      call("c", "fc_1"),
    ] as const;
    assert.deepEqual(items([user, assistant(content, "another"), result("c", ok)]), [
      { role: "assistant", content: "Yes." },
      { type: "function_call", call_id: "c", name: "exec", arguments: '{"a":1}' },
      { type: "function_call_output", call_id: "c", output: "ok" },
    ]);
  });

  for (const signature of ["c2ln", "{", "null", '{"type":"hologram"}', '{"type":"reasoning","id":"rs_1"}'])
    it(`leaves out a thought whose proof is ${signature}`, () => {
      const odd = { type: "thinking", thinking: "hm", thinkingSignature: signature } as const;
      assert.deepEqual(items([user, assistant([odd, { type: "text", text: "Yes." }])]), [
        { role: "assistant", content: "Yes." },
      ]);
    });

  it("shows pictures and documents of a person", () => {
    const content = [
      { type: "text", text: "look" },
      { type: "image", data: "QUJD", mimeType: "image/png" },
      { type: "document", data: "JVBERg==", mimeType: "application/pdf", name: "a.pdf" },
    ] as const;
    const made = body({
      system: [],
      endpoint: { documents: true },
      messages: [{ role: "user", content, timestamp: 1 }],
    });
    assert.deepEqual((made["input"] as { content: unknown }[])[0]?.content, [
      { type: "input_text", text: "look" },
      { type: "input_image", detail: "auto", image_url: "data:image/png;base64,QUJD" },
      { type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,JVBERg==" },
    ]);
  });

  it("shows pictures of results in the result to the vendor, and behind it to servers that imitate it", () => {
    const seen = [...ok, { type: "image", data: "QUJD", mimeType: "image/png" }] as const;
    const messages = [user, assistant([call("c")]), result("c", seen)];
    const picture = { type: "input_image", detail: "auto", image_url: "data:image/png;base64,QUJD" };
    assert.deepEqual(items(messages).at(-1)?.["output"], [{ type: "input_text", text: "ok" }, picture]);
    assert.deepEqual(items(messages, { native: false }).slice(-2), [
      { type: "function_call_output", call_id: "c", output: "ok" },
      { role: "user", content: [{ type: "input_text", text: "Pictures from the tool results:" }, picture] },
    ]);
  });

  it("rewrites ids that are too long, the same on call and result", () => {
    const [made, answer] = items([user, assistant([call("x".repeat(90))]), result("x".repeat(90), ok)]);
    assert.equal(String(made?.["call_id"]).length, 40);
    assert.equal(answer?.["call_id"], made?.["call_id"]);
  });
});
