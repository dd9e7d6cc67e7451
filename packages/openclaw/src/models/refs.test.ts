/** What references mean across all vendors that are known. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ConfigSnapshot } from "../contracts/config.ts";
import { vendors } from "../generated/vendors.ts";
import { endpointOf } from "./_endpoint.ts";
import { providerIds, providerOf } from "./_providers.ts";
import { find, spelled } from "./_refs.ts";
import type { FoundRow } from "./_rows.ts";
import type { Source } from "./_source.ts";

function source(
  root: Record<string, unknown> = {},
  env: Record<string, string> = {},
  found: readonly FoundRow[] = [],
): Source {
  const at = (path: string) =>
    path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], root);
  const config: ConfigSnapshot = { root, hash: "x", at, section: () => assert.fail("not used") as never };
  return { vendors, env, config, known: new Map(), found: (id) => (id === "openrouter" ? found : []) };
}
const meant = (ref: string, from = source()) => find(ref, from).ref;
const entry = (id: string, more: object) => source({ models: { providers: { [id]: more } } });

describe("a reference", () => {
  const table: readonly [written: string, means: string][] = [
    ["openrouter/deepseek/deepseek-r1:free", "openrouter/deepseek/deepseek-r1:free"],
    ["synthetic/hf:MiniMaxAI/MiniMax-M2.1", "synthetic/hf:MiniMaxAI/MiniMax-M2.1"],
    ["synthetic/hf:Some/New-Model", "synthetic/hf:Some/New-Model"],
    ["nvidia/nvidia/nemotron-3-super-120b-a12b", "nvidia/nvidia/nemotron-3-super-120b-a12b"],
    ["z.ai/glm-4.7", "zai/glm-4.7"],
    ["Z-AI/glm-4.7", "zai/glm-4.7"],
    ["modelstudio/qwen3.5-plus", "qwen/qwen3.5-plus"],
    ["minimax-cn/MiniMax-M2.1", "minimax/MiniMax-M2.1"],
    ["kimi/k2p5", "kimi-coding/k2p5"],
    ["mimo/mimo-v2-flash", "xiaomi/mimo-v2-flash"],
    ["bedrock/us.anthropic.claude-opus-4-6-v1:0", "amazon-bedrock/us.anthropic.claude-opus-4-6-v1"],
    ["vercel-ai-gateway/opus-4.6", "vercel-ai-gateway/anthropic/claude-opus-4.6"],
    ["xai/grok-4.9-fast", "xai/grok-4.9-fast"],
    ["fireworks/accounts/me/models/mine", "fireworks/accounts/me/models/mine"],
    ["kilocode/kilo/auto", "kilocode/kilo/auto"],
    ["huggingface/deepseek-ai/DeepSeek-R1:fastest", "huggingface/deepseek-ai/DeepSeek-R1:fastest"],
    ["vllm/Qwen/Qwen3-8B", "vllm/Qwen/Qwen3-8B"],
    ["github-copilot/gpt-4o", "github-copilot/gpt-4o"],
  ];
  for (const [written, means] of table) it(`"${written}" means ${means}`, () => assert.equal(meant(written), means));

  for (const written of [
    "minimax/minimax-m2.1",
    "synthetic/MiniMaxAI/MiniMax-M2.1",
    "xai/gork-4",
    "zai/GLM-4.7",
    "elevenlabs/eleven_v3",
    "gpt-5.2/",
  ])
    it(`"${written}" means nothing`, () => assert.throws(() => meant(written), /Unknown model/));

  it("is found again under the name that it was given", () => {
    const all = source();
    for (const id of providerIds(all))
      for (const row of providerOf(id, all)?.rows ?? []) assert.equal(meant(`${id}/${row.id}`, all), `${id}/${row.id}`);
  });

  it("in a list of what may be chosen counts under any of its names", () =>
    assert.equal(spelled("Z.AI/glm-4.7", source()), "zai/glm-4.7"));
});

describe("a model", () => {
  const row = (ref: string, from: Source) => find(ref, from).row;

  it("of a known vendor keeps what the operator does not say", () => {
    const from = entry("zai", {
      models: [{ id: "glm-4.7", contextTokens: 100_000, cost: { input: 1, output: 2, cacheRead: 0, cacheWrite: 0 } }],
    });
    const { contextWindow, maxTokens, reasoning, cost, compat } = row("zai/glm-4.7", from);
    assert.deepEqual([contextWindow, maxTokens, reasoning, cost?.input], [100_000, 131_072, true, 1]);
    assert.equal(compat?.thinkingFormat, "zai");
    assert.ok(providerOf("zai", from)?.rows.some(({ id }) => id === "glm-5.3"));
  });

  it("of an own server has the documented limits", () => {
    const { contextWindow, maxTokens, reasoning, input, cost } = row(
      "mine/m",
      entry("mine", { baseUrl: "http://a/v1", models: [{ id: "m" }] }),
    );
    assert.deepEqual([contextWindow, maxTokens, reasoning, input, cost], [200_000, 8192, false, ["text"], undefined]);
  });

  it("uses no more of its window than it has", () =>
    assert.equal(row("zai/glm-4.7", entry("zai", { contextTokens: 900_000, models: [] })).contextWindow, 204_800));

  it("that is new in a family is as its nearest relative", () => {
    const { contextWindow, input, name } = row("xai/grok-4.8", source());
    assert.deepEqual([contextWindow, input, name], [500_000, ["text", "image"], "grok-4.8"]);
  });

  it("has what its router says of it, under the name that is known", () => {
    const found = [
      { id: "z-ai/glm-5.3", name: "x", contextWindow: 64_000 },
      { id: "new/model", contextWindow: 32_000, maxTokens: 100 },
    ];
    const from = source({}, {}, found);
    assert.deepEqual(
      [row("openrouter/z-ai/glm-5.3", from).contextWindow, row("openrouter/z-ai/glm-5.3", from).name],
      [64_000, "GLM 5.3"],
    );
    assert.deepEqual(
      [row("openrouter/new/model", from).contextWindow, row("openrouter/new/model", from).maxTokens],
      [32_000, 100],
    );
  });
});

describe("where a model is called", () => {
  const every = ["openai-completions", "openai-responses", "anthropic-messages", "google-generative-ai", "ollama"];
  const called = (ref: string, from: Source) => {
    return endpointOf(find(ref, from), { source: from, dialects: every, chosen: undefined });
  };
  const zen = { OPENCODE_API_KEY: "k" };

  it("each model of a vendor has its own protocol and address", () => {
    const at = (id: string) => called(`opencode/${id}`, source({}, zen));
    assert.deepEqual(
      [at("claude-opus-4-6").api, at("claude-opus-4-6").baseUrl],
      ["anthropic-messages", "https://opencode.ai/zen"],
    );
    assert.deepEqual([at("gpt-5.2").api, at("gpt-5.2").baseUrl], ["openai-responses", "https://opencode.ai/zen/v1"]);
    assert.deepEqual([at("kimi-k3").api, at("gemini-3-flash").api], ["openai-completions", "google-generative-ai"]);
  });

  it("the operator's address holds for all models of the vendor", () => {
    const from = { ...entry("opencode", { baseUrl: "https://proxy.example.com/v1" }), env: zen };
    assert.equal(called("opencode/claude-opus-4-6", from).baseUrl, "https://proxy.example.com/v1");
  });

  it("regions and hosts come from the environment where the vendor has such", () => {
    const at = (id: string, env: Record<string, string>) => providerOf(id, source({}, env))?.baseUrl;
    assert.equal(at("amazon-bedrock", { AWS_REGION: "eu-west-1" }), "https://bedrock-runtime.eu-west-1.amazonaws.com");
    assert.equal(
      at("minimax", { MINIMAX_API_HOST: "https://api.minimaxi.com/" }),
      "https://api.minimaxi.com/anthropic",
    );
    assert.equal(
      at("azure-openai-responses", { AZURE_OPENAI_RESOURCE_NAME: "me" }),
      "https://me.openai.azure.com/openai/v1",
    );
    assert.equal(at("openai", {}), "https://api.openai.com/v1");
  });

  it("a server that stands in for OpenAI's is spoken to in the protocol that all know", () => {
    const at = (from: Source) => [providerOf("openai", from)?.api, providerOf("openai", from)?.native];
    assert.deepEqual(at(source()), ["openai-responses", true]);
    assert.deepEqual(at(source({}, { OPENAI_BASE_URL: "http://localhost:3456/v1" })), ["openai-completions", false]);
    assert.deepEqual(at(entry("openai", { baseUrl: "https://me.openai.azure.com/openai/v1" })), [
      "openai-responses",
      true,
    ]);
    assert.deepEqual(at(entry("openai", { baseUrl: "http://a/v1", api: "openai-responses" })), [
      "openai-responses",
      false,
    ]);
  });

  it("the same model has the name that it has there", () => {
    const at = (more: object) => find("arcee/trinity-mini", { ...entry("arcee", more), env: {} }).row.wireId;
    assert.deepEqual([at({}), at({ baseUrl: "https://openrouter.ai/api/v1" })], [undefined, "arcee-ai/trinity-mini"]);
  });

  it("credentials that a protocol finds by itself are enough", () => {
    const usable = (env: Record<string, string>) => providerOf("amazon-bedrock", source({}, env))?.available;
    assert.deepEqual(
      [
        usable({}),
        usable({ AWS_ACCESS_KEY_ID: "a" }),
        usable({ AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" }),
        usable({ AWS_PROFILE: "me" }),
      ],
      [false, false, true, true],
    );
    assert.equal(providerOf("amazon-bedrock", entry("amazon-bedrock", { auth: "aws-sdk" }))?.available, true);
  });
});
