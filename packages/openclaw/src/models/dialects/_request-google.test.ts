import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { requestFor } from "../../../../../test/conformance/testDialect.ts";
import { googleRefusal } from "../../../../../test/fakes/_wire-google.ts";
import type { AssistantMessage, Message } from "../../contracts/message.ts";
import type { Endpoint, ModelRequest } from "../../contracts/model.ts";
import { googleBody, googleCall } from "./_request-google.ts";

const base = requestFor("google-generative-ai", "https://generativelanguage.googleapis.com/v1beta");
interface Changes extends Partial<Omit<ModelRequest, "endpoint">> {
  readonly endpoint?: Partial<Endpoint>;
  readonly model?: string;
  readonly efforts?: readonly string[];
}
const asked = ({ endpoint, model = "gemini-3-pro-preview", efforts, ...changes }: Changes = {}): ModelRequest => ({
  ...base,
  ...changes,
  endpoint: {
    ...base.endpoint,
    provider: "google",
    model: {
      ...base.endpoint.model,
      id: model,
      reasoning: true,
      ...(efforts && { compat: { supportedReasoningEfforts: efforts } }),
    },
    ...endpoint,
  },
});
const body = (changes: Changes = {}) => {
  const made = googleBody(asked(changes));
  assert.equal(googleRefusal(made, changes.model), undefined);
  return made;
};
const config = (changes: Changes) => (body(changes)["generationConfig"] ?? {}) as Record<string, unknown>;

describe("a request to Gemini", () => {
  const addresses: readonly [string, string, string][] = [
    ["https://generativelanguage.googleapis.com", "gemini-3-pro", "/v1beta/models/gemini-3-pro"],
    ["https://generativelanguage.googleapis.com/v1beta/", "gemini-3-pro", "/v1beta/models/gemini-3-pro"],
    ["https://generativelanguage.googleapis.com/v1beta/openai", "gemini-3-pro", "/v1beta/models/gemini-3-pro"],
    ["https://generativelanguage.googleapis.com/v1", "models/gemini-3-pro", "/v1/models/gemini-3-pro"],
    ["https://generativelanguage.googleapis.com/v1beta", "tunedModels/mine", "/v1beta/tunedModels/mine"],
    ["https://proxy.test/gemini/v1beta", "a b?c", "/gemini/v1beta/models/a%20b%3Fc"],
  ];
  for (const [baseUrl, model, path] of addresses)
    it(`goes from ${baseUrl} to ${path}`, () => {
      const { url } = googleCall(asked({ model, endpoint: { baseUrl, model: { ...base.endpoint.model, id: model } } }));
      assert.equal(url, `${new URL(baseUrl).origin}${path}:streamGenerateContent?alt=sse`);
    });

  it("carries a key in Google's header and the token of a login as a bearer", () => {
    assert.equal(googleCall(asked()).headers["x-goog-api-key"], "sk-fake-0123456789");
    const login = { id: "google:me", kind: "oauth", agentId: "main" } as const;
    const { headers } = googleCall(asked({ endpoint: { login } }));
    assert.deepEqual([headers["authorization"], headers["x-goog-api-key"]], ["Bearer sk-fake-0123456789", undefined]);
  });

  const thoughts: readonly [string, Changes, unknown][] = [
    ["a level", { thinking: "high" }, { includeThoughts: true, thinkingLevel: "HIGH" }],
    [
      "the nearest level that exists",
      { thinking: "medium", efforts: ["low", "high"] },
      { includeThoughts: true, thinkingLevel: "LOW" },
    ],
    ["the least level instead of none", { thinking: "off", efforts: ["low", "high"] }, { thinkingLevel: "LOW" }],
    ["the very least where it exists", { thinking: "off", efforts: ["minimal", "low"] }, { thinkingLevel: "MINIMAL" }],
    ["no higher level than there is", { thinking: "xhigh" }, { includeThoughts: true, thinkingLevel: "HIGH" }],
    [
      "a level of the newest, whatever it is called",
      { thinking: "low", model: "gemini-flash-latest" },
      { includeThoughts: true, thinkingLevel: "LOW" },
    ],
    ["a budget", { thinking: "low", model: "gemini-2.5-flash" }, { includeThoughts: true, thinkingBudget: 2048 }],
    [
      "a large budget",
      { thinking: "high", model: "gemini-2.5-pro" },
      { includeThoughts: true, thinkingBudget: 32_768 },
    ],
    ["no budget", { thinking: "off", model: "gemini-2.5-flash" }, { thinkingBudget: 0 }],
    ["the least budget instead of none", { thinking: "off", model: "gemini-2.5-pro" }, { thinkingBudget: 128 }],
  ];
  for (const [what, changes, expected] of thoughts)
    it(`asks for ${what}`, () => assert.deepEqual(config(changes)["thinkingConfig"], expected));

  it("says nothing of thinking to a model that does not think", () => {
    assert.equal(body({ endpoint: { model: base.endpoint.model }, thinking: "high" })["generationConfig"], undefined);
  });

  it("describes a tool in the words that Google knows, and one without parameters without them", () => {
    const parameters = {
      type: "object",
      additionalProperties: false,
      properties: {
        kind: { anyOf: [{ const: "a" }, { const: "b" }] },
        count: { type: "integer", exclusiveMinimum: 0 },
      },
      required: ["kind"],
    };
    const tools = [
      { name: "make", description: "Makes", parameters },
      { name: "now", description: "Tells the time", parameters: { type: "object", properties: {} } },
    ];
    assert.deepEqual(body({ tools })["tools"], [
      {
        functionDeclarations: [
          {
            name: "make",
            description: "Makes",
            parameters: {
              type: "object",
              properties: { kind: { type: "string", enum: ["a", "b"] }, count: { type: "integer", minimum: 1 } },
              required: ["kind"],
            },
          },
          { name: "now", description: "Tells the time" },
        ],
      },
    ]);
  });

  it("makes it call any tool, or one", () => {
    const choice = (toolChoice: NonNullable<ModelRequest["toolChoice"]>) => body({ toolChoice })["toolConfig"];
    assert.deepEqual(choice("required"), { functionCallingConfig: { mode: "ANY" } });
    assert.deepEqual(choice({ name: "exec" }), {
      functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["exec"] },
    });
  });

  it("sends neither prompt nor tools beside a prefix that Google keeps", () => {
    const made = body({ endpoint: { params: { cachedContent: "cachedContents/a" } }, toolChoice: "required" });
    assert.equal(made["cachedContent"], "cachedContents/a");
    for (const kept of ["systemInstruction", "tools", "toolConfig"]) assert.ok(!(kept in made));
  });

  const responseFormat = { type: "json_object" };
  it("asks for JSON, beside tools only where that is possible", () => {
    assert.equal(
      config({ responseFormat, tools: [], model: "gemini-2.5-flash" })["responseMimeType"],
      "application/json",
    );
    assert.equal(config({ responseFormat, model: "gemini-2.5-flash" })["responseMimeType"], undefined);
    assert.equal(config({ responseFormat })["responseMimeType"], "application/json");
  });

  it("keeps to the limits of the vendor", () => {
    const made = config({ maxTokens: 1_000_000, stop: ["a", "", "b", "c", "d", "e", "f"] });
    assert.equal(made["maxOutputTokens"], 4096);
    assert.deepEqual(made["stopSequences"], ["a", "b", "c", "d", "e"]);
  });
});

const user = (text: string): Message => ({ role: "user", content: text, timestamp: 1 });
const assistant = (content: AssistantMessage["content"], provider = "google"): Message => ({
  role: "assistant",
  content,
  timestamp: 2,
  api: "google-generative-ai",
  provider,
  model: "gemini-3-pro-preview",
  usage: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0, totalTokens: 2 },
  stopReason: "stop",
});
const result = (
  toolCallId: string,
  content: (Message & { role: "toolResult" })["content"],
  isError = false,
): Message => ({
  role: "toolResult",
  toolCallId,
  toolName: "exec",
  content,
  isError,
  timestamp: 3,
});
const call = (id: string, thoughtSignature?: string) =>
  ({ type: "toolCall", id, name: "exec", arguments: { a: 1 }, ...(thoughtSignature && { thoughtSignature }) }) as const;
const ok = [{ type: "text", text: "ok" }] as const;
const wireCall = (id: string) => ({ functionCall: { id, name: "exec", args: { a: 1 } } });
const wireResult = (id: string, response: object = { output: "ok" }) => ({
  functionResponse: { id, name: "exec", response },
});

describe("a conversation with Gemini", () => {
  const contents = (messages: readonly Message[], changes: Changes = {}) =>
    body({ ...changes, messages })["contents"] as { role: string; parts: Record<string, unknown>[] }[];

  it("puts the results of one turn into one turn, and what follows behind it", () => {
    const messages = [
      user("look"),
      assistant([call("a", "cHJvb2Y="), call("b")]),
      result("a", ok),
      result("b", [{ type: "text", text: "no" }], true),
      user("and?"),
      user("quick"),
    ];
    assert.deepEqual(contents(messages), [
      { role: "user", parts: [{ text: "look" }] },
      { role: "model", parts: [{ ...wireCall("a"), thoughtSignature: "cHJvb2Y=" }, wireCall("b")] },
      { role: "user", parts: [wireResult("a"), wireResult("b", { error: "no" })] },
      { role: "user", parts: [{ text: "and?" }, { text: "quick" }] },
    ]);
  });

  it("replays proofs with the part they came with", () => {
    const [, model] = contents([
      user("hi"),
      assistant([
        { type: "thinking", thinking: "hm" },
        { type: "thinking", thinking: "so", thinkingSignature: "cDE=" },
        { type: "text", text: "Yes.", textSignature: "cDI=" },
        { type: "text", text: "Really." },
      ]),
      user("ok"),
    ]);
    assert.deepEqual(model?.parts, [
      { text: "so", thought: true, thoughtSignature: "cDE=" },
      { text: "Yes.", thoughtSignature: "cDI=" },
      { text: "Really." },
    ]);
  });

  it("gives the calls of another model the proof that is documented for them", () => {
    const messages = [
      user("look"),
      assistant([call("a", "cHJvb2Y="), call("b")], "other"),
      result("a", ok),
      result("b", ok),
    ];
    assert.deepEqual(contents(messages)[1]?.parts, [
      { ...wireCall("a"), thoughtSignature: "skip_thought_signature_validator" },
      wireCall("b"),
    ]);
    assert.deepEqual(contents(messages, { model: "gemini-2.5-flash" })[1]?.parts, [wireCall("a"), wireCall("b")]);
  });

  it("shows pictures of results in the result, and behind it to older models", () => {
    const seen = [...ok, { type: "image", data: "QUJD", mimeType: "image/png" }] as const;
    const messages = [user("look"), assistant([call("a", "cHJvb2Y=")]), result("a", seen)];
    const picture = { inlineData: { mimeType: "image/png", data: "QUJD" } };
    assert.deepEqual(contents(messages).at(-1)?.parts, [
      { functionResponse: { ...wireResult("a").functionResponse, parts: [picture] } },
    ]);
    assert.deepEqual(contents(messages, { model: "gemini-2.5-flash" }).slice(-2), [
      { role: "user", parts: [wireResult("a")] },
      { role: "user", parts: [{ text: "Pictures from the tool results:" }, picture] },
    ]);
  });

  it("begins with the user", () => {
    const messages = [assistant([{ type: "text", text: "Hello." }]), user("hi")];
    assert.deepEqual(
      contents(messages).map(({ role }) => role),
      ["user", "model", "user"],
    );
  });
});
