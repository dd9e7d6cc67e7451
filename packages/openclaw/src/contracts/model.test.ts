import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { priceOf } from "./model.ts";
import type { Endpoint, Login } from "./model.ts";

const cost = { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 };
const endpoint = (kind: Login["kind"] | undefined, apiKey: string): Endpoint => ({
  provider: "p",
  api: "a",
  baseUrl: "https://p.example",
  apiKey,
  ...(kind === undefined ? {} : { login: { id: "p:x", kind, agentId: "main" } }),
  headers: {},
  model: { id: "m", name: "M", reasoning: false, input: ["text"], cost, contextWindow: 1, maxTokens: 1 },
  native: true,
});

describe("what a call costs", () => {
  const cases: [what: string, kind: Login["kind"] | undefined, key: string, isPriced: boolean][] = [
    ["the price of the model with a key", "api_key", "sk-1", true],
    ["the price of the model with a token that counts calls", "token", "t-1", true],
    ["the price of the model where no login is known", undefined, "sk-1", true],
    ["nothing by itself with a login of a subscription", "oauth", "eyJ", false],
    ["nothing by itself with the token of a Claude subscription", "token", "sk-ant-oat01-x", false],
  ];
  for (const [what, kind, key, isPriced] of cases)
    it(`is ${what}`, () => assert.equal(priceOf(endpoint(kind, key)), isPriced ? cost : undefined));
});
