/** What servers say that they serve: read, kept, and asked no oftener than needed. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import type { Discovery } from "../contracts/model.ts";
import type { Fetch } from "../base/fetch.ts";
import { systemClock } from "../base/time.ts";
import { quietLog } from "../../../../test/harness/log.ts";
import { readList, readShown, readTags } from "./_discovery-read.ts";
import { Discoveries } from "./_discovery.ts";
import type { FoundRow } from "./_rows.ts";

const only = (row: object): FoundRow | undefined => readList({ data: [row] })?.[0];

describe("a row of a list", () => {
  const table: readonly [server: string, row: object, expected: FoundRow | undefined][] = [
    ["any", { id: "m", object: "model" }, { id: "m" }],
    ["vLLM", { id: "Qwen/Qwen3-8B", max_model_len: 40_960 }, { id: "Qwen/Qwen3-8B", contextWindow: 40_960 }],
    [
      "OpenRouter",
      {
        id: "z-ai/glm-5",
        name: "GLM 5",
        context_length: 198_000,
        architecture: { input_modalities: ["text", "image"], output_modalities: ["text"] },
        pricing: { prompt: "0.0000006", completion: "0.0000019", input_cache_read: "0.00000012" },
        top_provider: { max_completion_tokens: 128_000 },
        supported_parameters: ["tools", "reasoning"],
      },
      {
        id: "z-ai/glm-5",
        name: "GLM 5",
        contextWindow: 198_000,
        maxTokens: 128_000,
        input: ["text", "image"],
        reasoning: true,
        cost: { input: 0.6, output: 1.9, cacheRead: 0.12, cacheWrite: 0 },
      },
    ],
    [
      "a router without tools",
      { id: "m", supported_parameters: ["temperature"] },
      { id: "m", reasoning: false, compat: { supportsTools: false } },
    ],
    [
      "Vercel",
      {
        id: "openai/gpt-5",
        type: "language",
        context_window: 400_000,
        max_tokens: 128_000,
        tags: ["reasoning", "vision"],
        pricing: { input: "0.00000125", output: "0.00001" },
      },
      {
        id: "openai/gpt-5",
        contextWindow: 400_000,
        maxTokens: 128_000,
        input: ["text", "image"],
        reasoning: true,
        cost: { input: 1.25, output: 10, cacheRead: 0, cacheWrite: 0 },
      },
    ],
    [
      "Venice",
      {
        id: "kimi-k2-5",
        type: "text",
        model_spec: {
          name: "Kimi K2.5",
          availableContextTokens: 262_144,
          capabilities: { supportsVision: false, supportsReasoning: true, supportsFunctionCalling: true },
          pricing: { input: { usd: 0.75 }, output: { usd: 3.75 } },
        },
      },
      {
        id: "kimi-k2-5",
        name: "Kimi K2.5",
        contextWindow: 262_144,
        input: ["text"],
        reasoning: true,
        cost: { input: 0.75, output: 3.75, cacheRead: 0, cacheWrite: 0 },
      },
    ],
    [
      "Hugging Face",
      { id: "a/b", providers: [{ context_length: 64_000 }, { context_length: 128_000 }] },
      { id: "a/b", contextWindow: 128_000 },
    ],
    [
      "LM Studio",
      { key: "qwen/qwen3-vl", type: "vlm", display_name: "Qwen3 VL", max_context_length: 262_144 },
      { id: "qwen/qwen3-vl", name: "Qwen3 VL", contextWindow: 262_144, input: ["text", "image"] },
    ],
    ["a maker of pictures", { id: "m", architecture: { output_modalities: ["image"] } }, undefined],
    ["an embedder by its type", { id: "m", type: "embedding" }, undefined],
    ["an embedder by its name", { id: "text-embedding-3-small" }, undefined],
    ["an absurd window", { id: "m", context_length: 1e300 }, { id: "m" }],
    ["a negative window", { id: "m", context_length: -5, max_model_len: -5 }, { id: "m" }],
    ["a router's price of minus one", { id: "m", pricing: { prompt: "-1", completion: "-1" } }, { id: "m" }],
    ["a price that is no number", { id: "m", pricing: { prompt: "free", completion: "x" } }, { id: "m" }],
    ["an id with a line break", { id: "m\nx" }, undefined],
    ["an id that is endless", { id: "m".repeat(5000) }, undefined],
    ["no id", { object: "model" }, undefined],
  ];
  for (const [server, row, expected] of table)
    it(`is understood as ${server} writes it`, () => assert.deepEqual(only(row), expected));

  it("is read whatever comes, and is plausible", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (json) => {
        for (const row of readList({ data: [JSON.parse(json)] }) ?? []) {
          assert.ok(row.id.length > 0);
          assert.ok((row.contextWindow ?? 256) >= 256 && (row.contextWindow ?? 0) <= 20_000_000);
        }
      }),
    );
  });

  for (const body of [undefined, null, "x", [], {}, { data: 7 }, { models: { a: 1 } }])
    it(`is not looked for in ${JSON.stringify(body)}`, () => assert.equal(readList(body), undefined));
});

describe("an Ollama server", () => {
  it("names its models, without those that do not chat", () =>
    assert.deepEqual(readTags({ models: [{ name: "llama3.3:latest" }, { model: "nomic-embed-text" }] }), [
      "llama3.3:latest",
    ]));

  it("says of each how much it holds and what it can do", () =>
    assert.deepEqual(
      readShown("q", {
        capabilities: ["completion", "vision", "thinking"],
        model_info: { "qwen3.context_length": 40_960 },
      }),
      { id: "q", contextWindow: 40_960, input: ["text", "image"], reasoning: true, compat: { supportsTools: false } },
    ));

  it("is believed about models that do not chat", () =>
    assert.equal(readShown("e", { capabilities: ["embedding"] }), undefined));
});

describe("discovery", () => {
  let state = "";
  before(async () => {
    state = await mkdtemp(join(tmpdir(), "discovery-"));
  });
  after(() => rm(state, { recursive: true, force: true }));

  const openai: Discovery = { paths: ["models"], shape: "openai" };
  const wanted = (provider: string, baseUrl = "http://127.0.0.1:9/v1", discovery = openai) => ({
    provider,
    discovery,
    server: { baseUrl, apiKey: "k", headers: {} },
  });

  function world(fetch: Fetch, clock = systemClock) {
    const paths = { home: state, state, config: state };
    let changes = 0;
    const found = new Discoveries({ clock, fetch, paths }, quietLog, () => (changes += 1));
    return { found, changes: () => changes };
  }

  it("asks with the key, only the server's own origin, and remembers the answer over a restart", async () => {
    const asked: [string, unknown, unknown][] = [];
    const fetch: Fetch = async (url, { headers, egress }) => {
      asked.push([url, headers?.["authorization"], egress]);
      return Response.json({ data: [{ id: "a", max_model_len: 9000 }] });
    };
    const one = world(fetch);
    await one.found.refresh([wanted("kept")], "due");
    assert.deepEqual(asked, [["http://127.0.0.1:9/v1/models", "Bearer k", { origin: "http://127.0.0.1:9" }]]);
    assert.equal(one.changes(), 1);

    const again = world(() => assert.fail("no network"));
    await again.found.load(["kept"]);
    assert.deepEqual(again.found.rows("kept"), [{ id: "a", contextWindow: 9000 }]);
    await again.found.refresh([wanted("kept")], "due");
  });

  it("asks again when the answer is old, when told to, and when the address has changed", async () => {
    let [now, asked] = [1_000_000, 0];
    const fetch: Fetch = async () => {
      asked += 1;
      return Response.json({ data: [{ id: `m${asked}` }] });
    };
    const { found } = world(fetch, { ...systemClock, now: () => now });
    const remote = wanted("ages", "https://example.com/v1");
    for (const [step, when, expected] of [
      [0, "due", 1],
      [1000, "due", 1],
      [0, "now", 2],
      [3_700_000, "due", 3],
      [-9_000_000, "due", 4],
    ] as const) {
      now += step;
      await found.refresh([remote], when);
      assert.equal(asked, expected);
    }
    await found.refresh([wanted("ages", "https://example.org/v1")], "due");
    assert.equal(asked, 5);
  });

  it("keeps what was known when a server fails, and does not ask it again at once", async () => {
    let asked = 0;
    const answers = [Response.json({ data: [{ id: "a" }] }), new Response("<html>", { status: 200 })];
    const { found } = world(async () => answers[asked++] ?? assert.fail("asked too often"));
    await found.refresh([wanted("fails")], "now");
    await found.refresh([wanted("fails")], "now");
    await found.refresh([wanted("fails")], "due");
    assert.deepEqual(found.rows("fails"), [{ id: "a" }]);
  });

  it("ends with its deadline while a server is silent, and has the answers of the others", async () => {
    const deadlines: number[] = [];
    const clock: typeof systemClock = {
      ...systemClock,
      timer: (ms, fire) => {
        deadlines.push(ms);
        return systemClock.timer(20, fire);
      },
    };
    const fetch: Fetch = async (url) =>
      url.includes("silent") ? new Promise<Response>(() => {}) : Response.json({ data: [{ id: "a" }] });
    const { found } = world(fetch, clock);
    await found.refresh([wanted("silent", "http://silent.local/v1"), wanted("loud")], "now");
    assert.deepEqual(deadlines, [5000]);
    assert.deepEqual([found.rows("silent"), found.rows("loud")], [[], [{ id: "a" }]]);
  });

  it("tries the next address of a list when the first is none", async () => {
    const fetch: Fetch = async (url) =>
      url.endsWith("/api/v1/models") ? new Response("no", { status: 404 }) : Response.json({ data: [{ id: "a" }] });
    const { found } = world(fetch);
    await found.refresh(
      [wanted("two", "http://127.0.0.1:9/v1", { paths: ["/api/v1/models", "models"], shape: "openai" })],
      "now",
    );
    assert.deepEqual(found.rows("two"), [{ id: "a" }]);
  });

  it("asks an Ollama server for each of its models", async () => {
    const fetch: Fetch = async (url, { body }) => {
      if (url.endsWith("/api/tags")) return Response.json({ models: [{ name: "a" }, { name: "b" }] });
      const { model } = JSON.parse(String(body)) as { model: string };
      return model === "a"
        ? Response.json({ capabilities: ["completion", "tools"], model_info: { "llama.context_length": 8192 } })
        : new Response("", { status: 500 });
    };
    const { found } = world(fetch);
    await found.refresh([wanted("oll", "http://127.0.0.1:9", { paths: ["/api/tags"], shape: "ollama" })], "now");
    assert.deepEqual(found.rows("oll"), [{ id: "a", contextWindow: 8192, reasoning: false }, { id: "b" }]);
  });

  for (const text of ["{", "null", '{"at":1,"from":"x","rows":[{"id":7}]}', '{"rows":[]}'])
    it(`passes over a file that holds ${text}`, async () => {
      const folder = join(state, "cache", "models");
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, "torn.json"), text);
      const { found } = world(() => assert.fail("no network"));
      await found.load(["torn"]);
      assert.deepEqual(found.rows("torn"), []);
    });

  it("keeps no key in its file", async () => {
    const { found } = world(async () => Response.json({ data: [{ id: "a" }] }));
    await found.refresh(
      [{ ...wanted("secret"), server: { baseUrl: "http://127.0.0.1:9", apiKey: "sk-1", headers: { x: "sk-2" } } }],
      "now",
    );
    assert.doesNotMatch(await readFile(join(state, "cache", "models", "secret.json"), "utf8"), /sk-/);
  });
});

describe("a hostile list", () => {
  it("leaves out what is not what it looks like, and takes whatever else is called strangely", () => {
    const bad = ["a\nb", "a b", "a\u001b[2J", "a\u202eb", "a\u200bb", "\ud800", "", " ", "x".repeat(300)];
    const good = ["__proto__", "constructor", "toString", "/approve", "<b>x</b>", "`x`", "--yolo", "a/b:free"];
    const rows = readList({ data: [...bad, ...good].map((id) => ({ id })) });
    assert.deepEqual(
      rows?.map(({ id }) => id),
      good,
    );
    assert.deepEqual(readTags({ models: [...bad, ...good].map((name) => ({ name })) }), good);
    assert.equal(only({ id: "m", name: "x\u001b]0;owned\u0007" })?.name, undefined);
  });

  it("of a million rows is cut, and one of the wrong shape is none", () => {
    const million = Array.from({ length: 1_000_000 }, (_, at) => ({ id: `m${at}` }));
    assert.equal(readList({ data: million })?.length, 5000);
    assert.equal(readTags({ models: million.map(({ id }) => ({ name: id })) })?.length, 5000);
    for (const body of [null, 7, "x", [], { data: { length: 1e9 } }, { models: "many" }])
      assert.equal(readList(body), undefined);
  });

  it("of limits and prices that cannot be is read without them", () => {
    for (const absurd of [-1, 0, 1e300, "8k", null, {}, [9]])
      assert.deepEqual(
        only({ id: "m", context_length: absurd, max_tokens: absurd, pricing: { prompt: absurd, completion: -1 } }),
        { id: "m" },
      );
  });
});
