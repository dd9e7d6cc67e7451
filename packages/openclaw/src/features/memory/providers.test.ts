import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeConfig } from "../../../../../test/conformance/toolWorld.ts";
import { Fault } from "../../base/errors.ts";
import { systemClock, type Clock } from "../../base/time.ts";
import type { Endpoint } from "../../contracts/model.ts";
import type { ModelsService } from "../../models/index.ts";
import { agentsSection } from "../agents/index.ts";
import { Embedders } from "./_embedder.ts";
import { providersOf } from "./_providers.ts";
import type { SearchConfig } from "./_settings.ts";
import { FakeEmbedder, NEVER, providerOf } from "./_world.fixture.ts";

const config = fakeConfig({});
const defaults: SearchConfig = config.section(agentsSection).defaults.memorySearch;

/** FAKE of the models service: these providers have keys. */
function having(...keys: string[]): Pick<ModelsService, "embedder"> {
  return {
    embedder: async ({ provider, model, apiKey }): Promise<Endpoint> => {
      if (apiKey === undefined && !keys.includes(provider)) throw new Error(`no key for ${provider}`);
      const { endpoint } = providerOf(provider);
      return { ...endpoint, model: { ...endpoint.model, id: model }, apiKey: apiKey ?? `key of ${provider}` };
    },
  };
}

const chosen = async (search: Partial<SearchConfig>, ...keys: string[]) => {
  const { all, reason } = await providersOf({ ...defaults, ...search }, { models: having(...keys), config });
  return all.length === 0 ? reason : all.map(({ label }) => label).join(", ");
};

const CASES: readonly [title: string, search: Partial<SearchConfig>, keys: readonly string[], expected: RegExp][] = [
  ["without a key nobody computes", {}, [], /^no provider has a key/],
  ["openai comes first", {}, ["gemini", "openai"], /^openai\/text-embedding-3-small$/],
  ["gemini comes next", {}, ["gemini"], /^gemini\/gemini-embedding-001$/],
  ["then others that have a key", {}, ["mistral", "voyage"], /^voyage\/voyage-3\.5$/],
  ["ollama only when it is named", {}, ["ollama"], /^no provider has a key/],
  ["a named one", { provider: "ollama" }, ["ollama", "openai"], /^ollama\/nomic-embed-text$/],
  ["a named one that cannot be asked has no substitute", { provider: "gemini" }, ["openai"], /^no key for gemini$/],
  ["another model", { model: "text-embedding-3-large" }, ["openai"], /^openai\/text-embedding-3-large$/],
  ["a provider of which no usual model is known", { provider: "mine" }, ["mine"], /^no model is named for mine/],
  ["a model of it", { provider: "mine", model: "m" }, ["mine"], /^mine\/m$/],
  ["a server of one's own", { remote: { baseUrl: "http://box:8080/v1" } }, [], /^openai\/text-embedding-3-small$/],
  ["a key of its own", { remote: { apiKey: "sk-x" } }, [], /^openai\/text-embedding-3-small$/],
  ["models inside the gateway are not there", { provider: "local" }, ["openai"], /not part of this version/],
  ["nobody", { provider: "none" }, ["openai"], /^turned off/],
  ["a second one", { fallback: "gemini" }, ["openai", "gemini"], /^openai\/.*, gemini\/gemini-embedding-001$/],
  ["a second one without a key is none", { fallback: "gemini" }, ["openai"], /^openai\/[^,]*$/],
];

for (const [title, search, keys, expected] of CASES)
  test(`who computes embeddings: ${title}`, async () => {
    assert.match((await chosen(search, ...keys)) ?? "", expected);
  });

test("embeddings are comparable only when provider, address, model, length and kind are the same", async () => {
  const of = async (search: Partial<SearchConfig>) =>
    (await providersOf({ ...defaults, ...search }, { models: having("openai"), config })).all[0]?.fingerprint;
  const all = await Promise.all([
    of({}),
    of({ model: "other" }),
    of({ outputDimensionality: 256 }),
    of({ documentInputType: "passage" }),
    of({ remote: { baseUrl: "http://a/v1" } }),
    of({ remote: { baseUrl: "http://b/v1" } }),
  ]);
  assert.equal(new Set(all).size, all.length);
  assert.equal(await of({ remote: { apiKey: "another" } }), all[0]);
});

test("a provider that fails rests, longer each time, and is asked again", async () => {
  let now = 0;
  const clock: Clock = { ...systemClock, monotonic: () => now };
  const fake = new FakeEmbedder();
  const embedders = new Embedders({ clock, models: fake, providers: { all: [providerOf("one")] }, search: defaults });
  const ask = () => embedders.embed(providerOf("one"), ["x"], "query", NEVER);
  fake.broken.set("one", 0);
  for (const rest of [60_000, 120_000, 240_000]) {
    assert.equal(typeof embedders.choice(), "object");
    await assert.rejects(ask());
    assert.match(String(embedders.choice()), /cannot be reached/);
    now += rest - 1;
    assert.equal(typeof embedders.choice(), "string");
    now += 1;
  }
  fake.broken.clear();
  await ask();
  fake.broken.set("one", 0);
  await assert.rejects(ask());
  now += 60_000;
  assert.equal(typeof embedders.choice(), "object");
});

/** FAKE of a provider that answers as `script` says; keeps the texts of each request. */
function scripted(script: (texts: readonly string[], nth: number) => Fault | undefined) {
  const asked: (readonly string[])[] = [];
  const sleeps: number[] = [];
  const clock: Clock = { ...systemClock, monotonic: () => 0, sleep: async (ms) => void sleeps.push(ms) };
  const models: Pick<ModelsService, "embed"> = {
    embed: async ({ input }) => {
      asked.push(input);
      const fault = script(input, asked.length);
      if (fault) throw fault;
      return { vectors: input.map((text) => [text.length]), tokens: 1, model: "m" };
    },
  };
  const embeddersOf = (...names: string[]) =>
    new Embedders({ clock, models, providers: { all: names.map(providerOf) }, search: defaults });
  return { asked, sleeps, embeddersOf };
}

const faultOf = (code: string, more: { retryable?: boolean; retryAfterMs?: number } = {}) =>
  new Fault({ code, message: code, remedy: "", status: 400, rpc: "UNAVAILABLE", retryable: false, ...more });

test("a request that is refused is made in smaller ones, and a text that is too long is shortened", async () => {
  const { asked, embeddersOf } = scripted((texts) =>
    texts.join("").length > 1000 ? faultOf("EMBEDDINGS_REFUSED") : undefined,
  );
  const texts = ["a".repeat(600), "b".repeat(300), "c".repeat(3000)];
  const { floats, dimensions } = await embeddersOf("one").embed(providerOf("one"), texts, "document", NEVER);
  assert.deepEqual([[...floats], dimensions], [[600, 300, 750], 1]);
  assert.ok(asked.length <= 6, String(asked.length));
});

test("a request that is refused whatever its size ends after a few tries", async () => {
  const { asked, embeddersOf } = scripted(() => faultOf("EMBEDDINGS_REFUSED"));
  const texts = Array.from({ length: 32 }, () => "x".repeat(2000));
  await assert.rejects(embeddersOf("one").embed(providerOf("one"), texts, "document", NEVER));
  assert.ok(asked.length < 12, String(asked.length));
});

test("a limit is waited for as long as the provider says, and a question is not made to wait", async () => {
  const limited = faultOf("EMBEDDINGS_LIMITED", { retryable: true, retryAfterMs: 7000 });
  const { sleeps, embeddersOf } = scripted((_texts, nth) => (nth === 1 ? limited : undefined));
  await embeddersOf("one").embed(providerOf("one"), ["x"], "document", NEVER);
  assert.deepEqual(sleeps, [7000]);
  const again = scripted(() => limited);
  await assert.rejects(again.embeddersOf("one").embed(providerOf("one"), ["x"], "query", NEVER));
  assert.deepEqual([again.asked.length, again.sleeps], [1, []]);
});

test("where there is a second provider, the first one's long limit is left to pass", async () => {
  const { asked, sleeps, embeddersOf } = scripted(() =>
    faultOf("EMBEDDINGS_LIMITED", { retryable: true, retryAfterMs: 7000 }),
  );
  const embedders = embeddersOf("one", "two");
  await assert.rejects(embedders.embed(providerOf("one"), ["x"], "document", NEVER));
  assert.deepEqual([asked.length, sleeps], [1, []]);
  const choice = embedders.choice();
  assert.ok(typeof choice === "object" && choice.provider.id === "two" && choice.fallback?.from === "one");
});

test("a key that is refused is not tried again", async () => {
  const { asked, embeddersOf } = scripted(() => faultOf("EMBEDDINGS_DENIED"));
  await assert.rejects(embeddersOf("one").embed(providerOf("one"), ["x"], "document", NEVER));
  assert.equal(asked.length, 1);
});
