import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Fetch } from "../base/fetch.ts";
import { systemClock, type Clock } from "../base/time.ts";
import { detectModel } from "./detect.ts";
import { vendor as anthropic } from "./vendors/anthropic.ts";
import { vendor as copilot } from "./vendors/github-copilot.ts";
import { vendor as google } from "./vendors/google.ts";
import { vendor as huggingface } from "./vendors/huggingface.ts";
import { vendor as lmstudio } from "./vendors/lmstudio.ts";
import { vendor as offline } from "./vendors/offline.ts";
import { vendor as ollama } from "./vendors/ollama.ts";
import { vendor as openai } from "./vendors/openai.ts";
import { vendor as cloudflare } from "./vendors/cloudflare-ai-gateway.ts";
import { vendor as opencodeGo } from "./vendors/opencode-go.ts";
import { vendor as opencode } from "./vendors/opencode.ts";
import { vendor as openrouter } from "./vendors/openrouter.ts";
import { vendor as volcenginePlan } from "./vendors/volcengine-plan.ts";
import { vendor as volcengine } from "./vendors/volcengine.ts";
import { vendor as xai } from "./vendors/xai.ts";

const vendors = [
  volcengine,
  volcenginePlan,
  opencodeGo,
  opencode,
  cloudflare,
  copilot,
  huggingface,
  xai,
  google,
  anthropic,
  lmstudio,
  offline,
  ollama,
  openai,
  openrouter,
];

/** FAKE of this machine's ports: what each answers; other ports refuse. */
function machine(ports: Readonly<Record<number, unknown>>): { fetch: Fetch; asked: string[] } {
  const asked: string[] = [];
  const fetch: Fetch = async (url, { egress }) => {
    asked.push(url);
    assert.deepEqual(egress, { origin: new URL(url).origin });
    const answer = ports[Number(new URL(url).port)];
    if (answer === undefined) throw new TypeError("refused");
    if (answer === "silence") return new Promise(() => {});
    return typeof answer === "string" ? new Response(answer) : Response.json(answer);
  };
  return { fetch, asked };
}

const serving = (...ids: string[]) => ({ object: "list", data: ids.map((id) => ({ id })) });
const detect = (env: Record<string, string>, ports: Readonly<Record<number, unknown>> = {}, clock = systemClock) => {
  const { fetch, asked } = machine(ports);
  return detectModel({ env, fetch, clock, vendors }).then((found) => ({ ...found, asked }));
};

describe("a key in the environment", () => {
  const table: readonly [Record<string, string>, string][] = [
    [{ ANTHROPIC_API_KEY: "k", OPENAI_API_KEY: "k" }, "anthropic/claude-opus-4-6"],
    [{ GEMINI_API_KEY: "k", OPENAI_API_KEY: "k" }, "openai/gpt-5.2"],
    [{ GOOGLE_API_KEY: "k", OPENROUTER_API_KEY: "k" }, "openrouter/auto"],
    [{ GOOGLE_API_KEY: "k" }, "google/gemini-3-pro-preview"],
    [{ HF_TOKEN: "k", XAI_API_KEY: "k" }, "xai/grok-4.3"],
    [{ HF_TOKEN: "k" }, "huggingface/deepseek-ai/DeepSeek-R1"],
    [{ VOLCANO_ENGINE_API_KEY: "k" }, "volcengine-plan/ark-code-latest"],
    [{ OPENCODE_API_KEY: "k" }, "opencode/claude-opus-4-6"],
    [{ CLOUDFLARE_AI_GATEWAY_API_KEY: "k", XAI_API_KEY: "k" }, "xai/grok-4.3"],
  ];
  for (const [env, ref] of table) {
    it(`${Object.keys(env).join(" and ")} means ${ref}, without asking around`, async () => {
      const found = await detect(env, { 11434: serving("llama3.3") });
      assert.deepEqual([found.ref, found.source, found.provider, found.asked], [ref, "key", undefined, []]);
    });
  }

  it("says which variable, and never the key", async () => {
    const found = await detect({ ANTHROPIC_API_KEY: "sk-secret" });
    assert.equal(found.label, "Claude Opus 4.6 (key from ANTHROPIC_API_KEY)");
    assert.ok(!JSON.stringify(found).includes("sk-secret"));
  });

  it("that is there for other programs is not taken", async () =>
    assert.equal((await detect({ GITHUB_TOKEN: "k", GH_TOKEN: "k" })).source, "offline"));

  it("counts only when it is not blank", async () =>
    assert.equal((await detect({ OPENAI_API_KEY: " " })).source, "offline"));
});

describe("a server on this machine", () => {
  it("is found at its usual port, with its first model that can chat", async () => {
    const found = await detect({}, { 11434: serving("nomic-embed-text:latest", "bge-m3", "llama3.3:latest") });
    assert.equal(found.ref, "ollama/llama3.3:latest");
    assert.deepEqual(found.provider, {
      id: "ollama",
      config: {
        baseUrl: "http://127.0.0.1:11434",
        api: "ollama",
        models: [{ id: "llama3.3:latest", contextWindow: 32_768 }],
      },
    });
  });

  it("of unknown make becomes an entry of its own", async () => {
    const found = await detect({}, { 8000: { data: [{ id: "Qwen/Qwen3-8B", max_model_len: 40_960 }] } });
    assert.equal(found.ref, "local/Qwen/Qwen3-8B");
    assert.deepEqual(found.provider, {
      id: "local",
      config: {
        baseUrl: "http://127.0.0.1:8000/v1",
        api: "openai-completions",
        models: [{ id: "Qwen/Qwen3-8B", contextWindow: 40_960 }],
      },
    });
  });

  it("of a known make comes before one of unknown make", async () => {
    assert.equal((await detect({}, { 8080: serving("a"), 1234: serving("b") })).ref, "lmstudio/b");
  });

  for (const [what, answer] of [
    ["a web page", "<html></html>"],
    ["another JSON", { hello: "world" }],
    ["only models that cannot chat", serving("text-embedding-3-small")],
    ["nothing", serving()],
    ["ids that are no text", { data: [{ id: 7 }] }],
  ] as const) {
    it(`that lists ${what} is passed over`, async () =>
      assert.equal((await detect({}, { 8080: answer })).source, "offline"));
  }

  it("has 200 ms to answer, all together", async () => {
    const deadlines: number[] = [];
    const timer: Clock["timer"] = (ms, fire) => {
      deadlines.push(ms);
      return systemClock.timer(ms, fire);
    };
    const ports = { 11434: "silence", 1234: "silence", 8080: "silence", 8000: serving("m") };
    const found = await detect({}, ports, { ...systemClock, timer });
    assert.equal(found.ref, "local/m");
    assert.deepEqual(deadlines, [200]);
  });
});

it("the offline model is what remains", async () => {
  const found = await detect({});
  assert.deepEqual(
    [found.ref, found.label, found.source, found.provider],
    ["offline/assistant", "Offline assistant (built in)", "offline", undefined],
  );
});
