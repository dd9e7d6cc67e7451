import assert from "node:assert/strict";
import { test } from "node:test";
import type { Endpoint } from "../../../contracts/model.ts";
import type { ConfigSnapshot } from "../../config/index.ts";
import { fastMode, withSpeed } from "./fast.ts";

const endpoint = (provider: string, more: Partial<Endpoint> = {}): Endpoint => ({
  provider,
  api: "x",
  baseUrl: "https://x.example",
  headers: {},
  model: { id: "m", name: "m", reasoning: false, input: ["text"], contextWindow: 1, maxTokens: 1 },
  native: true,
  ...more,
});
const tier = (of: Endpoint, fast: boolean | undefined) => withSpeed(of, fast).extraBody?.["service_tier"];

test("vendors are asked in their own words, others not at all", () => {
  assert.equal(tier(endpoint("openai"), true), "priority");
  assert.equal(tier(endpoint("openai"), false), undefined);
  assert.equal(tier(endpoint("anthropic"), true), "auto");
  assert.equal(tier(endpoint("anthropic"), false), "standard_only");
  assert.equal(tier(endpoint("openai", { native: false }), true), undefined);
  assert.equal(tier(endpoint("ollama"), true), undefined);
  assert.equal(tier(endpoint("anthropic"), undefined), undefined);
});

test("what the operator set for the model stays", () => {
  assert.equal(tier(endpoint("openai", { extraBody: { service_tier: "flex" } }), true), "flex");
});

test("the session goes before the agent, the agent before the defaults", () => {
  const config = (agent: unknown, general: unknown) =>
    ({
      at: (path: string) => (path === "agents.list" ? [{ id: "main", fastModeDefault: agent }] : general),
    }) as unknown as ConfigSnapshot;
  assert.equal(fastMode(false, config(true, true), "main"), false);
  assert.equal(fastMode(undefined, config(true, false), "main"), true);
  assert.equal(fastMode(undefined, config(undefined, true), "main"), true);
  assert.equal(fastMode("auto", config(undefined, undefined), "main"), undefined);
});
