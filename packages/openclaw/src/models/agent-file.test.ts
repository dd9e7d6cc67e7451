/** Providers of an agent's `models.json`, beside those of the configuration. */
import assert from "node:assert/strict";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { ConfigSnapshot } from "../contracts/config.ts";
import { quietLog } from "../../../../test/harness/log.ts";
import { AgentFiles } from "./_agent-file.ts";
import { providerEntries } from "./_source.ts";

const snapshot = (models: object): ConfigSnapshot => ({
  root: { models },
  hash: "x",
  at: (path) => (path === "models" ? models : undefined),
  section: () => assert.fail("not used") as never,
});

describe("the providers of an agent's file", () => {
  let dir = "";
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), "agent-file-"));
  });
  after(() => rm(dir, { recursive: true, force: true }));

  async function read(text: string) {
    let changes = 0;
    const warnings: string[] = [];
    const log = { ...quietLog, warn: (message: string) => void warnings.push(message) };
    const files = new AgentFiles(log, () => (changes += 1));
    await writeFile(join(dir, "models.json"), text);
    await files.load(dir);
    await files.load(dir);
    return { file: files.entries(dir), warnings, changes, files };
  }
  const write = (providers: object) => read(JSON.stringify({ providers }));

  it("stand beside those of the configuration", async () => {
    const { file, changes } = await write({
      mine: { baseUrl: "http://a/v1", apiKey: "k", models: [{ id: "m", contextWindow: 9000 }] },
    });
    assert.equal(changes, 1);
    const entries = providerEntries({
      config: snapshot({ providers: { other: { baseUrl: "http://b" } } }),
      file: file ?? {},
    });
    assert.deepEqual(Object.keys(entries), ["other", "mine"]);
    assert.deepEqual(entries["mine"]?.models, [{ id: "m", contextWindow: 9000 }]);
  });

  it("keep their address and key, and leave the rest to the configuration", async () => {
    const { file } = await write({
      p: { baseUrl: "http://file", apiKey: "of-file", api: "ollama", models: [{ id: "a" }, { id: "b" }] },
    });
    const entry = {
      baseUrl: "http://config",
      apiKey: "of-config",
      api: "openai-completions",
      models: [{ id: "b", name: "B" }],
    };
    const { p } = providerEntries({ config: snapshot({ providers: { p: entry } }), file: file ?? {} });
    assert.deepEqual([p?.baseUrl, p?.apiKey, p?.api], ["http://file", "of-file", "openai-completions"]);
    assert.deepEqual(p?.models, [{ id: "b", name: "B" }, { id: "a" }]);
  });

  it("do not stand over a reference to a secret, and markers are no keys", async () => {
    const secret = { source: "env", provider: "default", id: "KEY" };
    const config = snapshot({ providers: { p: { apiKey: secret }, q: { apiKey: "k" } } });
    const { file } = await write({
      p: { apiKey: "old" },
      q: { apiKey: "secretref-managed", headers: { "x-a": "secretref-env:A_KEY", "x-b": "secretref-managed" } },
    });
    const { p, q } = providerEntries({ config, file: file ?? {} });
    assert.deepEqual([p?.apiKey, q?.apiKey, q?.headers], [secret, "k", { "x-a": "A_KEY" }]);
  });

  it("are left out when the configuration stands alone", async () => {
    const { file } = await write({ mine: {} });
    assert.deepEqual(providerEntries({ config: snapshot({ mode: "replace" }), file: file ?? {} }), {});
  });

  it("are left out one by one where they make no sense, with a word about it", async () => {
    const { file, warnings } = await write({
      bad: { baseUrl: 7 },
      good: { models: [{ id: "m", contextWindow: -1 }, { id: "n" }] },
    });
    assert.deepEqual(Object.keys(file ?? {}), ["good"]);
    assert.deepEqual(file?.["good"]?.models, [{ id: "n" }]);
    assert.match(warnings.join(), /"bad" is not understood/);
  });

  it("are left out where others can write the file", async () => {
    const { files, warnings } = await write({ one: { baseUrl: "http://a" } });
    await writeFile(join(dir, "models.json"), JSON.stringify({ providers: { evil: { baseUrl: "http://evil" } } }));
    await chmod(join(dir, "models.json"), 0o666);
    await files.load(dir);
    assert.deepEqual(Object.keys(files.entries(dir) ?? {}), ["one"]);
    assert.match(warnings.join(), /models\.json cannot be read/);
    await chmod(join(dir, "models.json"), 0o644);
    await writeFile(join(dir, "models.json"), JSON.stringify({ providers: { good: {} } }));
    await files.load(dir);
    assert.deepEqual(Object.keys(files.entries(dir) ?? {}), ["good"]);
  });

  it("may be called anything, and are not what the language takes them for", async () => {
    const { file } = await read(
      '{"providers":{"__proto__":{"baseUrl":"http://a","models":[{"id":"__proto__"},{"id":"constructor"}]},"constructor":{"baseUrl":"http://b"}}}',
    );
    const entries = providerEntries({ config: snapshot({ providers: { mine: {} } }), file: file ?? {} });
    assert.deepEqual(Object.keys(entries).toSorted(), ["__proto__", "constructor", "mine"]);
    assert.equal(Object.getPrototypeOf(entries), Object.prototype);
    assert.equal(({} as Record<string, unknown>)["baseUrl"], undefined);
  });

  it("have models with names that can be shown, and limits that can be", async () => {
    const models = [
      { id: "good", name: "Gut – 模型" },
      ...["a\nb", "a\u001b[2J", "a\u202eb", "a\u0000", "x".repeat(300)].map((id) => ({ id })),
      { id: "n", name: "x\u001b]0;owned\u0007" },
      ...[-1, 0, 1e300, 0.5].map((contextWindow, at) => ({ id: `w${at}`, contextWindow })),
      { id: "p", cost: { input: -5, output: 1, cacheRead: 0, cacheWrite: 0 } },
    ];
    const { file } = await write({ one: { models } });
    assert.deepEqual(file?.["one"]?.models, [models[0]]);
  });

  for (const text of ["{", "null", "[]", '{"providers":[]}', '{"providers":7}'])
    it(`are none in a file that holds ${text}`, async () => {
      const { file } = await read(text);
      assert.deepEqual(file ?? {}, {});
    });

  it("stay as they were while the file is broken, with one word about it", async () => {
    const { files, warnings } = await write({ one: {} });
    await writeFile(join(dir, "models.json"), '{"providers": {"one"');
    await files.load(dir);
    await files.load(dir);
    assert.deepEqual([Object.keys(files.entries(dir) ?? {}), warnings.length], [["one"], 1]);
  });

  it("are read anew when the file changes, and gone with it", async () => {
    const { files } = await write({ one: {} });
    await writeFile(join(dir, "models.json"), JSON.stringify({ providers: { another: {} } }));
    await files.load(dir);
    assert.deepEqual(Object.keys(files.entries(dir) ?? {}), ["another"]);
    await rm(join(dir, "models.json"));
    await files.load(dir);
    assert.deepEqual(files.entries(dir), {});
  });
});
