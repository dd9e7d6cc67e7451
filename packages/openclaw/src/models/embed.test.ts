import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "../base/time.ts";
import type { Fetch } from "../base/fetch.ts";
import type { Endpoint, ModelFailure } from "../contracts/model.ts";
import { embed } from "./_embed.ts";
import type { EmbedRequest } from "./index.ts";

const endpoint = (provider: string, more: Partial<Endpoint> = {}): Endpoint => ({
  provider,
  api: "openai-completions",
  baseUrl: "https://vectors.example/v1",
  apiKey: "key-number-1",
  headers: {},
  native: false,
  model: { id: "m", name: "M", reasoning: false, input: ["text"], contextWindow: 8192, maxTokens: 8192 },
  ...more,
});

type Answer = { readonly status?: number; readonly headers?: Record<string, string>; readonly body?: unknown };

/** FAKE of a provider of embeddings: answers in this order, and keeps what it was asked. */
function world(...answers: readonly Answer[]) {
  const asked: { url: string; key: string | undefined; body: Record<string, unknown> }[] = [];
  const failures: ModelFailure[] = [];
  const worked: string[] = [];
  const fetch: Fetch = async (url, { headers, body }) => {
    const { status = 200, headers: told, body: said } = answers[Math.min(asked.length, answers.length - 1)] ?? {};
    asked.push({
      url,
      key: new Headers(headers).get("authorization") ?? undefined,
      body: JSON.parse(String(body)) as Record<string, unknown>,
    });
    const text = said ?? { data: [{ index: 0, embedding: [1, 2] }], usage: { total_tokens: 3 } };
    return new Response(JSON.stringify(text), { status, ...(told && { headers: told }) });
  };
  const ask = (request: Partial<EmbedRequest> = {}) =>
    embed(
      { endpoint: endpoint("acme"), input: ["a"], signal: new AbortController().signal, ...request },
      {
        fetch,
        clock: systemClock,
        next: async (before, failure) => {
          failures.push(failure);
          return before.apiKey === "key-number-1" ? { ...before, apiKey: "key-number-2" } : undefined;
        },
        worked: ({ apiKey }) => void worked.push(apiKey ?? ""),
      },
    );
  return { ask, asked, failures, worked };
}

test("the next login is asked when one is refused, and the one that worked is told of", async () => {
  const { ask, asked, failures, worked } = world({ status: 401, body: { error: { message: "bad key" } } }, {});
  const { vectors, tokens } = await ask();
  assert.deepEqual([vectors, tokens], [[[1, 2]], 3]);
  assert.deepEqual(
    asked.map(({ key }) => key),
    ["Bearer key-number-1", "Bearer key-number-2"],
  );
  assert.deepEqual([failures.map((failure) => failure.class), worked], [["auth"], ["key-number-2"]]);
});

const FAILURES: readonly (readonly [what: string, answer: Answer, code: string, retryAfterMs?: number])[] = [
  ["a limit", { status: 429, headers: { "retry-after": "7" }, body: {} }, "EMBEDDINGS_LIMITED", 7000],
  ["a key that is not taken", { status: 403, body: {} }, "EMBEDDINGS_DENIED"],
  ["an account without money", { status: 402, body: {} }, "EMBEDDINGS_DENIED"],
  [
    "a request that is too large",
    { status: 400, body: { error: { message: "too many tokens" } } },
    "EMBEDDINGS_REFUSED",
  ],
  ["a body that is too large", { status: 413, body: {} }, "EMBEDDINGS_REFUSED"],
  ["a server that breaks", { status: 500, body: {} }, "EMBEDDINGS_FAILED"],
  ["an answer without vectors", { body: { data: [] } }, "EMBEDDINGS_FAILED"],
  ["a vector that is none", { body: { data: [{ index: 0, embedding: "AAAA" }] } }, "EMBEDDINGS_FAILED"],
];
for (const [what, answer, code, retryAfterMs] of FAILURES)
  test(`${what} is ${code}`, async () => {
    await assert.rejects(world(answer).ask(), (error: { code: string; retryAfterMs?: number; message: string }) => {
      assert.doesNotMatch(error.message, /key-number/);
      return error.code === code && error.retryAfterMs === retryAfterMs;
    });
  });

test("what the provider says is told, without the key in it", async () => {
  const error = { message: "Incorrect key: key-number-2\nsee the page" };
  await assert.rejects(
    world({ status: 401, body: { error } }).ask(),
    /with this key: HTTP 401: Incorrect key: \*\*\* see the page\./,
  );
});

test("what a text is for and how long vectors are is told in each provider's own words", async () => {
  const bodyFor = async (provider: string) => {
    const { ask, asked } = world({});
    await ask({ endpoint: endpoint(provider), kind: "query", dimensions: 256 });
    return asked[0]?.body;
  };
  const plain = { model: "m", input: ["a"] };
  assert.deepEqual(await bodyFor("openai"), { ...plain, encoding_format: "float", dimensions: 256 });
  assert.deepEqual(await bodyFor("mistral"), { ...plain, encoding_format: "float", output_dimension: 256 });
  assert.deepEqual(await bodyFor("voyage"), { ...plain, output_dimension: 256, input_type: "query" });
});
