import assert from "node:assert/strict";
import { test } from "node:test";
import type { Fetch } from "../../base/fetch.ts";
import { freeModels, worthTrying } from "./_free-models.ts";

const NOW = Date.UTC(2026, 0, 31);
const row = (id: string, changes: object = {}) => ({
  id,
  name: id,
  created: NOW / 1000 - 10 * 86_400,
  context_length: 100_000,
  pricing: { prompt: "0", completion: "0" },
  architecture: { input_modalities: ["text"] },
  supported_parameters: ["tools"],
  ...changes,
});

/** FAKE of OpenRouter's list. */
const listing =
  (...data: unknown[]): Fetch =>
  async () =>
    new Response(JSON.stringify({ data }));
const read = (fetch: Fetch) =>
  freeModels(fetch, { baseUrl: "https://r.example/v1/", now: NOW, timeoutMs: 1, signal: new AbortController().signal });

test("only what costs nothing is listed, with what its row tells", async () => {
  const models = await read(
    listing(
      row("meta/llama-3.3-70b:free"),
      row("paid/one", { pricing: { prompt: "0.001", completion: "0" } }),
      row("openrouter/auto"),
      { broken: true },
      row("b/vision-8b", { architecture: { input_modalities: ["text", "image"] }, supported_parameters: [] }),
    ),
  );
  assert.deepEqual(
    models.map(({ id, params, ageDays, takesImages, takesTools }) => [id, params, ageDays, takesImages, takesTools]),
    [
      ["meta/llama-3.3-70b:free", 70, 10, false, true],
      ["b/vision-8b", 8, 10, true, false],
    ],
  );
});

test("those that call tools and see come first, and filters hold", async () => {
  const models = await read(
    listing(
      row("a/small-8b:free"),
      row("a/big-70b:free"),
      row("b/eyes-30b:free", { architecture: { input_modalities: ["image"] } }),
      row("c/old-100b:free", { created: NOW / 1000 - 400 * 86_400 }),
      row("d/mute-200b:free", { supported_parameters: [] }),
    ),
  );
  const ids = (filter: Partial<Parameters<typeof worthTrying>[1]>) =>
    worthTrying(models, { minParams: 0, maxAgeDays: 0, provider: undefined, ...filter }).map(({ id }) => id);
  assert.deepEqual(ids({}), [
    "b/eyes-30b:free",
    "c/old-100b:free",
    "a/big-70b:free",
    "a/small-8b:free",
    "d/mute-200b:free",
  ]);
  assert.deepEqual(ids({ minParams: 60, maxAgeDays: 30 }), ["a/big-70b:free", "d/mute-200b:free"]);
  assert.deepEqual(ids({ provider: "A" }), ["a/big-70b:free", "a/small-8b:free"]);
});

test("a list that cannot be had is said with its reason", async () => {
  await assert.rejects(
    read(async () => new Response("no", { status: 503 })),
    /HTTP 503/,
  );
  await assert.rejects(
    read(async () => new Response("{}")),
    /no list/,
  );
});

test("a hostile list is cut, and what could not stand in a configuration or on a terminal is left out", async () => {
  const bad = [
    "a/b\n:free",
    "a/\u001b[2Jb:free",
    "a/b c:free",
    "../x:free",
    "--flag:free",
    "a/\u202eb:free",
    "x".repeat(300),
  ];
  const models = await read(
    listing(
      ...bad.map((id) => row(id)),
      row("__proto__/constructor:free", { context_length: 1e300, created: -1e300, name: "9".repeat(5000) }),
      row("good/one:free", {
        name: "One\u001b]0;owned\u0007",
        context_length: -5,
        top_provider: { max_completion_tokens: 1e300 },
      }),
    ),
  );
  assert.deepEqual(
    models.map(({ id, contextWindow, maxTokens }) => [id, contextWindow, maxTokens]),
    [
      ["__proto__/constructor:free", 0, 0],
      ["good/one:free", 0, 0],
    ],
  );
  assert.ok(models.every(({ name }) => !/\p{Cc}/u.test(name) && name.length <= 120));
  const many = Array.from({ length: 50_000 }, (_, at) => row(`a/m${at}:free`));
  assert.equal((await read(listing(...many))).length, 5000);
});
