import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ConfigSnapshot } from "../contracts/config.ts";
import type { Dialect, Vendor } from "../contracts/model.ts";
import type { Token } from "../contracts/service.ts";
import { Fault } from "../base/errors.ts";
import { systemClock } from "../base/time.ts";
import { collect, requestFor } from "../../../../test/conformance/testDialect.ts";
import { quietLog } from "../../../../test/harness/log.ts";
import { Dialects, Models, Vendors } from "./index.ts";
import type { ModelsService } from "./index.ts";
import { services } from "./service.ts";
import { vendor as anthropic } from "./vendors/anthropic.ts";
import { vendor as google } from "./vendors/google.ts";
import { vendor as offline } from "./vendors/offline.ts";
import { vendor as ollama } from "./vendors/ollama.ts";
import { vendor as openai } from "./vendors/openai.ts";
import { vendor as openrouter } from "./vendors/openrouter.ts";

const VENDORS: readonly Vendor[] = [anthropic, google, offline, ollama, openai, openrouter];
const DIALECTS = [
  "openai-completions",
  "openai-responses",
  "anthropic-messages",
  "google-generative-ai",
  "ollama",
  "offline",
];
const KEYS = { ANTHROPIC_API_KEY: "sk-ant-1", OPENAI_API_KEY: "sk-1" };

/** FAKE of the configuration: a tree without a schema, so that rows carry their defaults themselves. */
function snapshot(root: Record<string, unknown>): ConfigSnapshot {
  const at = (path: string) =>
    path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], root);
  return { root, hash: "x", at, section: () => assert.fail("not used") as never };
}

/** FAKE of a dialect: ends at once. */
const silent: Dialect = { id: "silent", stream: async function* () {} };

async function make(env: Record<string, string> = {}, log: string[] = []): Promise<ModelsService> {
  const values = new Map<string, unknown>([
    [Vendors.name, VENDORS],
    [Dialects.name, Object.fromEntries(DIALECTS.map((id) => [id, async () => silent]))],
  ]);
  const warn = (message: string) => void log.push(message);
  const platform = {
    env,
    clock: systemClock,
    paths: { home: "/nowhere", state: "/nowhere/state", config: "/nowhere/openclaw.json" },
    fetch: () => assert.fail("no network"),
    log: { ...quietLog, for: () => ({ ...quietLog, warn }) },
  };
  const use = async <T>(token: Token<T>) => values.get(token.name) as T;
  const provider = services.find(({ token }) => token.name === Models.name);
  return (await provider?.make({ use, platform, scope: undefined } as never)) as ModelsService;
}

const row = (id: string, more: object = {}) => ({ id, reasoning: false, input: ["text"], ...more });
const proxy = {
  baseUrl: "http://localhost:4000/v1",
  models: [row("llama-3.1-8b"), row("MiniMax-M2.1"), row("hf:Org/Name:free")],
};
const withProxy = { models: { mode: "merge", providers: { "custom-proxy": proxy } } };
const refused = (code: string, message?: string) => (error: unknown) =>
  error instanceof Fault && error.code === code && (message === undefined || error.message === message);

describe("references", () => {
  const listed = {
    agents: {
      defaults: {
        models: {
          "anthropic/claude-opus-4-6": { alias: "Boss" },
          "anthropic/claude-sonnet-4-5": {},
          "openai/gpt-5.2": { alias: "sonnet" },
        },
      },
    },
  };
  const table: readonly [string, Record<string, unknown>, string][] = [
    ["anthropic/claude-opus-4-6", {}, "anthropic/claude-opus-4-6"],
    [" Anthropic/claude-opus-4-6 ", {}, "anthropic/claude-opus-4-6"],
    ["gemini/gemini-3-pro-preview", {}, "google/gemini-3-pro-preview"],
    ["openrouter/deepseek/deepseek-r1:free", {}, "openrouter/deepseek/deepseek-r1:free"],
    ["openrouter/some/brand-new:thing", {}, "openrouter/some/brand-new:thing"],
    ["ollama/llama3.3", {}, "ollama/llama3.3"],
    ["custom-proxy/hf:Org/Name:free", withProxy, "custom-proxy/hf:Org/Name:free"],
    ["boss", listed, "anthropic/claude-opus-4-6"],
    ["opus", listed, "anthropic/claude-opus-4-6"],
    ["sonnet", listed, "openai/gpt-5.2"],
    ["llama-3.1-8b", withProxy, "custom-proxy/llama-3.1-8b"],
    ["gpt-5.2", {}, "openai/gpt-5.2"],
    ["claude-haiku-4-5", {}, "anthropic/claude-haiku-4-5"],
    ["anthropic/claude-next", { agents: { defaults: { model: "anthropic/claude-next" } } }, "anthropic/claude-next"],
    ["offline/assistant", { models: { mode: "replace", providers: {} } }, "offline/assistant"],
  ];
  for (const [ref, config, canonical] of table) {
    it(`"${ref}" is ${canonical}`, async () =>
      assert.equal((await make()).canonical(ref, snapshot(config)), canonical));
  }

  const unknown: readonly [string, Record<string, unknown>][] = [
    ["minimax/MiniMax-M2.1", {}],
    ["custom-proxy/minimax-m2.1", withProxy],
    ["anthropic/claude-opus-9", {}],
    ["anthropic/Claude-Opus-4-6", { agents: { defaults: { model: "anthropic/Claude-Opus-4-6" } } }],
    ["opus", {}],
    ["nonsense", {}],
    ["", {}],
    ["/x", {}],
    ["anthropic/", {}],
    ["constructor", listed],
    ["anthropic/claude-opus-4-6", { models: { mode: "replace", providers: {} } }],
  ];
  for (const [ref, config] of unknown) {
    it(`"${ref}" is unknown`, async () => {
      const models = await make();
      assert.throws(
        () => models.canonical(ref, snapshot(config)),
        refused("UNKNOWN_MODEL", `Unknown model: ${ref.trim()}`),
      );
    });
  }

  it("names the model that was probably meant", async () => {
    const models = await make();
    assert.throws(
      () => models.canonical("custom-proxy/minimax-m2.1", snapshot(withProxy)),
      (error: Fault) => error.remedy.includes("custom-proxy/MiniMax-M2.1"),
    );
  });

  it("passes an id that a configured provider does not list on to it, where that is wished", async () => {
    const models = await make();
    const config = snapshot({ ...withProxy, agents: { defaults: { model: "custom-proxy/llama-3.1-8b" } } });
    const id = async (ref: string) => (await models.resolve(ref, config, { anyId: true })).model.id;
    assert.equal(await id("custom-proxy/brand-new"), "brand-new");
    assert.equal(await id("brand-new"), "brand-new");
    for (const ref of ["custom-proxy/brand-new", "brand-new"])
      await assert.rejects(models.resolve(ref, config), refused("UNKNOWN_MODEL"));
    for (const ref of ["nobody/x", "mistral/x", "custom-proxy/"])
      await assert.rejects(models.resolve(ref, config, { anyId: true }), refused("UNKNOWN_MODEL"));
  });

  it("does not pass on what the operator's list leaves out", async () => {
    const models = { "custom-proxy/llama-3.1-8b": {} };
    const config = snapshot({ ...withProxy, agents: { defaults: { models } } });
    await assert.rejects(
      (await make()).resolve("custom-proxy/brand-new", config, { anyId: true }),
      refused("MODEL_NOT_ALLOWED"),
    );
  });

  it("warns once for each reference whose provider had to be guessed", async () => {
    const log: string[] = [];
    const models = await make({}, log);
    const config = snapshot({ agents: { defaults: { models: { "anthropic/claude-next": {} } } } });
    for (let i = 0; i < 3; i += 1) models.canonical("claude-next", config);
    assert.equal(log.length, 1);
  });
});

describe("what may be chosen", () => {
  const config = snapshot({
    agents: {
      defaults: {
        model: { primary: "openai/gpt-5.2", fallbacks: ["google/gemini-3-flash-preview"] },
        models: { "anthropic/claude-opus-4-6": { alias: "opus" } },
      },
    },
  });

  it("is everything when nothing is listed", async () => {
    assert.equal((await (await make(KEYS)).resolve("openai/gpt-5.2", snapshot({}))).provider, "openai");
  });

  it("is what is listed, and what the operator named as default or fallback", async () => {
    const models = await make({ ...KEYS, GEMINI_API_KEY: "g" });
    for (const ref of ["opus", "openai/gpt-5.2", "google/gemini-3-flash-preview"]) await models.resolve(ref, config);
  });

  it("is refused in the documented words otherwise", async () => {
    const models = await make(KEYS);
    const words = 'Model "anthropic/claude-haiku-4-5" is not allowed. Use /model to list available models.';
    await assert.rejects(models.resolve("anthropic/claude-haiku-4-5", config), refused("MODEL_NOT_ALLOWED", words));
  });
});

describe("the endpoint", () => {
  it("has the vendor's address and the key of the environment", async () => {
    const endpoint = await (await make(KEYS)).resolve("anthropic/claude-opus-4-6", snapshot({}));
    assert.deepEqual(
      [endpoint.api, endpoint.baseUrl, endpoint.apiKey, endpoint.native],
      ["anthropic-messages", "https://api.anthropic.com", "sk-ant-1", true],
    );
  });

  it("is refused in the documented words without a key", async () => {
    const models = await make();
    await assert.rejects(
      models.resolve("openai/gpt-5.2", snapshot({})),
      refused("MODEL_KEY_MISSING", 'No API key found for provider "openai".'),
    );
    const zai = snapshot({ models: { providers: { zai: { baseUrl: "https://api.z.ai/api/paas/v4" } } } });
    await assert.rejects(
      models.resolve("zai/glm-4.7", zai),
      refused("MODEL_KEY_MISSING", 'No API key found for provider "zai".'),
    );
  });

  const keys: readonly [string, unknown, string | undefined][] = [
    ["a literal", "literal-key", "literal-key"],
    ["the name of a variable that is set", "LITELLM_KEY", "from-env"],
    ["a name that is not set, which is then a literal", "UNSET_KEY", "UNSET_KEY"],
    ["a reference into the environment", { source: "env", provider: "default", id: "LITELLM_KEY" }, "from-env"],
  ];
  for (const [what, apiKey, expected] of keys) {
    it(`takes ${what} as key`, async () => {
      const config = snapshot({ models: { providers: { p: { ...proxy, apiKey } } } });
      assert.equal(
        (await (await make({ LITELLM_KEY: "from-env" })).resolve("p/llama-3.1-8b", config)).apiKey,
        expected,
      );
    });
  }

  it("needs no key for a server on this machine, and is not native", async () => {
    const endpoint = await (await make()).resolve("custom-proxy/llama-3.1-8b", snapshot(withProxy));
    assert.equal(endpoint.apiKey, undefined);
    assert.equal(endpoint.native, false);
    assert.deepEqual([endpoint.model.contextWindow, endpoint.model.maxTokens], [200_000, 8192]);
  });

  it("puts the key into Authorization and nowhere else when asked", async () => {
    const config = snapshot({
      models: { providers: { p: { ...proxy, apiKey: "k", authHeader: true, headers: { "x-team": "a" } } } },
    });
    const { apiKey, headers } = await (await make()).resolve("p/llama-3.1-8b", config);
    assert.deepEqual([apiKey, headers], [undefined, { "x-team": "a", authorization: "Bearer k" }]);
  });

  it("keeps the vendor's catalogue when an entry brings only a key", async () => {
    const config = snapshot({ models: { providers: { anthropic: { apiKey: "mine" } } } });
    const endpoint = await (await make()).resolve("anthropic/claude-opus-4-6", config);
    assert.deepEqual([endpoint.apiKey, endpoint.model.name], ["mine", "Claude Opus 4.6"]);
  });

  it("is a proxy when the vendor's address was changed, and gets none of the vendor's headers", async () => {
    const config = snapshot({
      models: { providers: { openrouter: { baseUrl: "https://mirror.test/v1", apiKey: "k" } } },
    });
    assert.deepEqual((await (await make()).resolve("openrouter/auto", config)).headers, {});
    const real = await (await make({ OPENROUTER_API_KEY: "k" })).resolve("openrouter/auto", snapshot({}));
    assert.equal(real.headers["x-title"], "OpenClaw");
    assert.equal(real.model.wireId, "openrouter/auto");
  });

  it("has another vendor's key at that vendor's own host, and nowhere else", async () => {
    const models = await make({ OPENROUTER_API_KEY: "or-1" });
    const at = (baseUrl: string) =>
      models.resolve("mine/m", snapshot({ models: { providers: { mine: { baseUrl, models: [row("m")] } } } }));
    assert.equal((await at("https://openrouter.ai/api/v1")).apiKey, "or-1");
    await assert.rejects(at("https://evil.openrouter.ai/api/v1"), refused("MODEL_KEY_MISSING"));
    await assert.rejects(at("https://openrouter.ai.example.com/v1"), refused("MODEL_KEY_MISSING"));
  });

  it("carries the operator's own body fields, the nearest last", async () => {
    const config = snapshot({
      models: { providers: { p: { ...proxy, params: { extra_body: { a: 1, b: 1 } }, timeoutSeconds: 30 } } },
      agents: {
        defaults: {
          models: { "p/llama-3.1-8b": { params: { extra_body: { b: 2 }, chat_template_kwargs: { x: true } } } },
        },
      },
    });
    const endpoint = await (await make()).resolve("p/llama-3.1-8b", config);
    assert.deepEqual(endpoint.extraBody, { chat_template_kwargs: { x: true }, b: 2 });
    assert.equal(endpoint.timeoutMs, 30_000);
  });

  it("takes settings of all models, of the provider, of the model and of the agent, the nearest last", async () => {
    const config = snapshot({
      models: { providers: { p: { ...proxy, params: { a: "provider", b: "provider" }, sanitizeToolCallIds: true } } },
      agents: {
        defaults: {
          params: { a: "all", temperature: 1 },
          models: { "p/llama-3.1-8b": { params: { b: "model", c: "model" } } },
        },
        list: [{ id: "main" }, { id: "poet", params: { c: "poet" } }],
      },
    });
    const models = await make();
    const params = async (agentId?: string) =>
      (await models.resolve("p/llama-3.1-8b", config, agentId === undefined ? {} : { agentId })).params;
    const common = { temperature: 1, a: "provider", b: "model", c: "model", sanitizeToolCallIds: true };
    assert.deepEqual(await params(), common);
    assert.deepEqual(await params("main"), common);
    assert.deepEqual(await params("poet"), { ...common, c: "poet" });
  });

  it("gives a conversation the room of the long window where that is asked for and to be had", async () => {
    const window = async (key: string, context1m: boolean) => {
      const config = snapshot({
        agents: { defaults: { models: { "anthropic/claude-sonnet-4-5": { params: { context1m } } } } },
      });
      return (await (await make({ ANTHROPIC_API_KEY: key })).resolve("anthropic/claude-sonnet-4-5", config)).model
        .contextWindow;
    };
    const usual = await window("sk-ant-api-1", false);
    assert.ok(usual < 1_000_000);
    assert.equal(await window("sk-ant-api-1", true), 1_000_000);
    assert.equal(await window("sk-ant-oat01-1", true), usual);
  });

  it("asks Ollama for the context that is configured", async () => {
    const config = snapshot({
      models: { providers: { ollama: { models: [row("qwen3", { contextWindow: 16_384 })] } } },
    });
    assert.deepEqual((await (await make()).resolve("ollama/qwen3", config)).extraBody, {
      options: { num_ctx: 16_384 },
    });
    assert.equal((await (await make()).resolve("ollama/other", config)).extraBody, undefined);
  });

  it("says what is wrong with a dialect or an address that does not exist", async () => {
    const models = await make();
    const bad = (entry: object) =>
      snapshot({ models: { providers: { p: { apiKey: "k", models: [row("m")], ...entry } } } });
    await assert.rejects(
      models.resolve("p/m", bad({ baseUrl: "http://localhost/v1", api: "telepathy" })),
      refused("DIALECT_UNKNOWN"),
    );
    await assert.rejects(models.resolve("p/m", bad({})), refused("MODEL_BASE_URL_MISSING"));
    await assert.rejects(models.resolve("p/m", bad({ baseUrl: "not a url" })), refused("MODEL_BASE_URL_MISSING"));
  });
});

describe("the default", () => {
  it("is the agent's, else the configured one, else the offline model", async () => {
    const models = await make();
    const config = snapshot({ agents: { defaults: { model: { primary: "OpenAI/gpt-5.2" } } } });
    assert.equal(models.defaultRef(config, "anthropic/claude-haiku-4-5"), "anthropic/claude-haiku-4-5");
    assert.equal(models.defaultRef(config), "openai/gpt-5.2");
    assert.equal(models.defaultRef(snapshot({})), "offline/assistant");
  });

  it("can always be resolved when it is the offline model", async () => {
    const endpoint = await (await make()).resolve("offline/assistant", snapshot({}));
    assert.deepEqual([endpoint.api, endpoint.model.name], ["offline", "Offline assistant (built in)"]);
  });
});

describe("the list", () => {
  const refs = (rows: Awaited<ReturnType<ModelsService["list"]>>) =>
    rows.map(({ provider, row: model }) => `${provider}/${model.id}`);

  it("holds what can be called now, the offline model last", async () => {
    assert.deepEqual(refs(await (await make()).list(snapshot({}), "configured")), ["offline/assistant"]);
    const keyed = refs(await (await make({ OPENAI_API_KEY: "k" })).list(snapshot({}), "configured"));
    assert.ok(keyed.includes("openai/gpt-5.2") && !keyed.some((ref) => ref.startsWith("anthropic/")));
    const chosen = snapshot({ ...withProxy, agents: { defaults: { model: "custom-proxy/llama-3.1-8b" } } });
    const listed = refs(await (await make()).list(chosen, "configured"));
    assert.deepEqual([listed[0], listed.at(-1)], ["custom-proxy/llama-3.1-8b", "offline/assistant"]);
  });

  it("begins with the default and marks it, its alias, and what lacks a key", async () => {
    const config = snapshot({
      agents: { defaults: { model: "anthropic/claude-opus-4-6", models: { "anthropic/claude-opus-4-6": {} } } },
    });
    const [first, ...rest] = await (await make()).list(config, "configured");
    assert.deepEqual(
      [first?.row.id, first?.isDefault, first?.alias, first?.available],
      ["claude-opus-4-6", true, "opus", false],
    );
    assert.deepEqual(rest, []);
  });

  it("holds every known model when asked for all", async () => {
    const all = refs(await (await make()).list(snapshot(withProxy), "all"));
    const known = VENDORS.flatMap((vendor) => vendor.models().map((model) => `${vendor.id}/${model.id}`));
    for (const ref of [...known, "custom-proxy/llama-3.1-8b"]) assert.ok(all.includes(ref), ref);
    assert.equal(new Set(all).size, all.length);
  });

  it("is not hidden by a default that does not exist", async () => {
    const rows = await (await make()).list(snapshot({ agents: { defaults: { model: "gone/away" } } }), "configured");
    assert.deepEqual(refs(rows), ["offline/assistant"]);
  });
});

it("says as an event that a dialect does not exist", async () => {
  const [event] = await collect((await make()).stream(requestFor("telepathy", "")));
  assert.ok(event?.type === "error" && event.failure.message.includes("telepathy"));
});
