/** `models.list` and the command of the same name. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ConfigSnapshot } from "../contracts/config.ts";
import { problems } from "../contracts/schema.ts";
import type { Fetch } from "../base/fetch.ts";
import type { Token } from "../contracts/service.ts";
import { systemClock } from "../base/time.ts";
import { quietLog } from "../../../../test/harness/log.ts";
import { run } from "./_cli-list.ts";
import { Dialects, Models, Vendors } from "./index.ts";
import { methods } from "./methods.ts";
import { services } from "./service.ts";
import { vendor as anthropic } from "./vendors/anthropic.ts";
import { vendor as lmstudio } from "./vendors/lmstudio.ts";
import { vendor as offline } from "./vendors/offline.ts";
import { vendor as openai } from "./vendors/openai.ts";

const CONFIG = {
  agents: {
    defaults: {
      model: { primary: "anthropic/claude-opus-4-6", fallbacks: ["openai/gpt-5.2"] },
      models: { "anthropic/claude-opus-4-6": { alias: "boss" }, "openai/gpt-5.2": {} },
    },
    list: [{ id: "ops", model: "openai/gpt-5.2" }],
  },
  models: {
    mode: "merge",
    providers: {
      local: { baseUrl: "http://127.0.0.1:8080/v1", models: [{ id: "qwen", reasoning: false, input: ["text"] }] },
    },
  },
};

/** FAKE of this machine: LM Studio runs, with one model. */
const fetch: Fetch = async (url) => {
  if (new URL(url).port !== "1234") throw new TypeError("refused");
  return Response.json({ data: [{ id: "qwen3-vl", type: "vlm", max_context_length: 40_960 }] });
};

/** FAKE of the container: real models over these vendors, one configuration. */
function world(root: Record<string, unknown> = CONFIG) {
  const at = (path: string) =>
    path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], root);
  const snapshot: ConfigSnapshot = { root, hash: "x", at, section: () => assert.fail("not used") as never };
  const platform = {
    env: { ANTHROPIC_API_KEY: "k" },
    paths: { state: "/nowhere" },
    log: quietLog,
    clock: systemClock,
    fetch,
  };
  const values = new Map<string, unknown>([
    [Vendors.name, [anthropic, lmstudio, offline, openai]],
    [Dialects.name, {}],
    ["config", { current: () => snapshot }],
  ]);
  const use = async <T>(token: Token<T>): Promise<T> => {
    if (token.name === Models.name) return services[0]?.make({ use, platform } as never) as Promise<T>;
    return values.get(token.name) as T;
  };
  return { snapshot, platform, use };
}

const [list] = methods;
const call = async (params: object, root?: Record<string, unknown>) => {
  const result = (await list?.run(world(root) as never, params as never)) as { models: Record<string, unknown>[] };
  assert.deepEqual(problems(list?.result as never, result), []);
  return result.models;
};
const refs = (rows: readonly Record<string, unknown>[]) => rows.map((row) => `${row["provider"]}/${row["id"]}`);

describe("models.list", () => {
  it("shows what may be chosen, the default first and marked", async () => {
    const [first, ...rest] = await call({});
    assert.deepEqual(
      [first?.["id"], first?.["tags"], first?.["alias"], first?.["available"]],
      ["claude-opus-4-6", ["default"], "boss", true],
    );
    assert.deepEqual(refs(rest), ["openai/gpt-5.2"]);
    assert.equal(rest[0]?.["available"], false);
  });

  it("marks the default of the agent that is asked about", async () => {
    const rows = await call({ agentId: "ops" });
    assert.deepEqual(
      rows.filter((row) => row["tags"]).map((row) => row["id"]),
      ["gpt-5.2"],
    );
  });

  it("has views for what is configured, for the providers of the configuration, and for everything", async () => {
    assert.ok(refs(await call({ view: "configured" })).includes("local/qwen"));
    assert.deepEqual(refs(await call({ view: "provider-config" })), ["local/qwen"]);
    assert.ok(refs(await call({ view: "all" })).includes("offline/assistant"));
    assert.deepEqual(
      new Set(refs(await call({ view: "all", provider: "openai" })).map((ref) => ref.split("/")[0])),
      new Set(["openai"]),
    );
  });

  it("offers thinking levels only where the model thinks", async () => {
    const rows = await call({ view: "all" });
    const of = (id: string) =>
      rows.find((row) => row["id"] === id) as { thinkingLevels: { id: string }[]; thinkingDefault: string };
    assert.deepEqual(
      of("assistant").thinkingLevels.map((level) => level.id),
      ["off"],
    );
    assert.equal(of("gpt-5.2").thinkingLevels.at(-1)?.id, "xhigh");
    assert.deepEqual([of("assistant").thinkingDefault, of("gpt-5.2").thinkingDefault], ["off", "low"]);
  });

  it("has prices and the longest answer when details are wanted", async () => {
    const [plain] = await call({});
    const [row] = await call({ includeDetails: true, provider: "Anthropic" });
    assert.deepEqual([plain?.["cost"], row?.["maxTokens"]], [undefined, 128_000]);
    assert.deepEqual(row?.["cost"], { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 });
  });

  it("refuses contradictory wishes", async () => {
    await assert.rejects(call({ preparedOnly: true, refresh: true }), /exclude each other/);
  });

  it("shows the offline model, by its name, where there is nothing else", async () => {
    const rows = await call({}, { models: { mode: "replace" } });
    assert.deepEqual(
      rows.map((row) => [row["name"], row["tags"]]),
      [["Offline assistant (built in)", ["default"]]],
    );
  });
});

describe("models list", () => {
  const print = async (options: object) => {
    const { snapshot, platform, use } = world();
    const lines: string[] = [];
    let json: unknown;
    const out = { line: (text = "") => void lines.push(text), json: (value: unknown) => void (json = value) };
    await run({
      platform,
      use,
      options,
      out,
      config: async () => snapshot,
      global: { json: "json" in options },
    } as never);
    return { lines, json: json as { count: number; models: { key: string; tags: string[] }[] } };
  };

  it("prints a table", async () => {
    const { lines } = await print({});
    assert.match(lines[0] ?? "", /^Model +Input +Ctx +Local +Auth +Tags$/);
    assert.match(
      lines[1] ?? "",
      /^anthropic\/claude-opus-4-6 +text\+image +200k +no +yes +default,configured,alias:boss$/,
    );
    assert.match(lines[2] ?? "", /^openai\/gpt-5\.2 .* no +no +fallback#1,configured,alias:gpt,missing$/);
  });

  it("prints one document with --json, and references with --plain", async () => {
    const { json, lines } = await print({ json: true, local: true });
    assert.deepEqual(
      json.models.map((model) => model.key),
      ["local/qwen", "lmstudio/qwen3-vl", "offline/assistant"],
    );
    assert.deepEqual([json.count, lines], [3, []]);
    assert.deepEqual((await print({ plain: true, provider: "openai" })).lines, ["openai/gpt-5.2"]);
  });

  it("shows what a server on this machine serves, with --local only", async () => {
    const { lines } = await print({ local: true });
    assert.match(lines.find((line) => line.startsWith("lmstudio/")) ?? "", /qwen3-vl +text\+image +41k +yes +yes/);
    assert.doesNotMatch((await print({ all: true })).lines.join(), /qwen3-vl/);
  });

  it("says when there is no such provider", () =>
    assert.rejects(print({ provider: "nobody" }), /Unknown provider: nobody/));
});
