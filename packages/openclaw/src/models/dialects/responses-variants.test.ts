/** The Responses protocol at Azure and at ChatGPT: the whole suite, and what is peculiar to each address. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Endpoint } from "../../contracts/model.ts";
import { exchange, failureOf } from "../../../../../test/conformance/_dialect-kit.ts";
import { requestFor, serverOf, testDialect } from "../../../../../test/conformance/testDialect.ts";
import { azureCall, dialect as azure } from "./azure-openai-responses.ts";
import { codexCall, dialect as codex } from "./openai-codex-responses.ts";

testDialect("azure-openai-responses", { dialect: azure, server: serverOf("openai-responses") });
testDialect("openai-codex-responses", { dialect: codex, server: serverOf("openai-responses") });

describe("a call to Azure", () => {
  const call = (baseUrl: string, endpoint: Partial<Endpoint> = {}) =>
    azureCall(requestFor("azure-openai-responses", baseUrl, { endpoint }));
  const addresses: readonly [string, string, Record<string, unknown>?][] = [
    ["https://r.openai.azure.com", "https://r.openai.azure.com/openai/v1/responses"],
    ["https://r.openai.azure.com/openai/v1/", "https://r.openai.azure.com/openai/v1/responses"],
    [
      "https://r.openai.azure.com/openai/v1?api-version=preview",
      "https://r.openai.azure.com/openai/v1/responses?api-version=preview",
    ],
    [
      "https://r.openai.azure.com/openai/v1",
      "https://r.openai.azure.com/openai/v1/responses?api-version=preview",
      { apiVersion: "preview" },
    ],
    ["https://r.openai.azure.com/openai", "https://r.openai.azure.com/openai/responses?api-version=2025-04-01-preview"],
  ];
  for (const [baseUrl, url, params] of addresses)
    it(`goes from ${baseUrl}${params ? ` with ${JSON.stringify(params)}` : ""} to ${url}`, () =>
      assert.equal(call(baseUrl, params ? { params } : {}).url, url));

  it("carries a key in Azure's header and the token of a login as a bearer", () => {
    assert.equal(call("https://r.openai.azure.com").headers["api-key"], "sk-fake-0123456789");
    const login = { id: "azure:me", kind: "oauth", agentId: "main" } as const;
    const { headers } = call("https://r.openai.azure.com", { login });
    assert.deepEqual([headers["authorization"], headers["api-key"]], ["Bearer sk-fake-0123456789", undefined]);
  });

  it("names the deployment as the model", () => {
    const model = { ...requestFor("x", "https://x.test").endpoint.model, wireId: "my-deployment" };
    assert.equal(JSON.parse(call("https://r.openai.azure.com", { model }).body)["model"], "my-deployment");
  });
});

describe("a call to ChatGPT", () => {
  const token = (payload: object) => `e30.${Buffer.from(JSON.stringify(payload)).toString("base64url")}.c2ln`;
  const request = requestFor("openai-codex-responses", "https://chatgpt.com/backend-api", {
    maxTokens: 100,
    temperature: 0.5,
    cacheRetention: "long",
    endpoint: {
      native: true,
      apiKey: token({ "https://api.openai.com/auth": { chatgpt_account_id: "acc-1" } }),
    },
  });

  it("names the account that its token belongs to", () => {
    const { url, headers } = codexCall(request);
    assert.equal(url, "https://chatgpt.com/backend-api/codex/responses");
    assert.equal(headers["authorization"], `Bearer ${request.endpoint.apiKey}`);
    assert.equal(headers["chatgpt-account-id"], "acc-1");
  });

  for (const [what, apiKey] of [
    ["no JWT", "plain"],
    ["a broken payload", "a.b!.c"],
    ["no account", token({})],
    ["a line break in the account", token({ "https://api.openai.com/auth": { chatgpt_account_id: "a\nb: c" } })],
  ] as const)
    it(`names none where the token has ${what}`, () => {
      const { headers } = codexCall({ ...request, endpoint: { ...request.endpoint, apiKey } });
      assert.equal(headers["chatgpt-account-id"], undefined);
    });

  it("gives instructions, stores nothing, and leaves out what that address refuses", () => {
    const body = JSON.parse(codexCall(request).body) as Record<string, unknown>;
    assert.equal(body["instructions"], "Be brief.");
    assert.equal(body["store"], false);
    assert.equal(body["stream"], true);
    assert.deepEqual(body["include"], ["reasoning.encrypted_content"]);
    assert.equal(body["prompt_cache_key"], "session-1");
    for (const refused of ["max_output_tokens", "temperature", "prompt_cache_retention"]) assert.ok(!(refused in body));
    assert.deepEqual(body["input"], [{ role: "user", content: "hi" }]);
  });

  it("gives instructions even where there are none", () => {
    const body = JSON.parse(codexCall({ ...request, system: [] }).body) as Record<string, unknown>;
    assert.ok(body["instructions"]);
  });

  it("waits until the subscription allows more", async () => {
    const error = { type: "usage_limit_reached", message: "The usage limit has been reached", resets_in_seconds: 600 };
    const script = { kind: "refuse", status: 429, body: JSON.stringify({ error }) } as const;
    const { failure } = failureOf((await exchange({ dialect: codex, api: "openai-responses" }, script)).last);
    assert.deepEqual(
      [failure.class, failure.code, failure.retryAfterMs],
      ["rate_limit", "usage_limit_reached", 600_000],
    );
  });
});
