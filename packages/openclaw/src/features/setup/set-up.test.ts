import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { systemRandom } from "../../base/ids.ts";
import { systemClock } from "../../base/time.ts";
import { unprivileged } from "../../base/unprivileged.fixture.ts";
import type { Platform, Token, Use } from "../../contracts/service.ts";
import { ConfigSections } from "../config/index.ts";
import { config as configSections } from "../config/config.ts";
import { agentsSection } from "../agents/index.ts";
import { modelsSection, Vendors } from "../../models/index.ts";
import { adoptModel, setUp, type DetectedModel } from "./index.ts";

async function place() {
  const home = await mkdtemp(join(tmpdir(), "openclaw-setup-"));
  const state = join(home, ".openclaw");
  const config = join(state, "openclaw.json");
  return {
    home,
    state,
    config,
    platform: { paths: { home, state, config }, random: systemRandom, clock: systemClock, version: "2026.11.0" },
  };
}

const found: DetectedModel = { ref: "anthropic/claude", label: "Claude" };
const none = async () => undefined;

test("from nothing: a private directory, a token of its own and the model that was found", async () => {
  const { state, config, platform } = await place();
  const report = await setUp({ platform, detect: async () => found });
  assert.deepEqual(report, { created: [state, config], kept: [], model: found });
  assert.equal((await stat(state)).mode & 0o777, 0o700);
  assert.equal((await stat(config)).mode & 0o777, 0o600);
  const written = JSON.parse(await readFile(config, "utf8"));
  assert.deepEqual(
    [written.gateway.mode, written.gateway.auth.mode, written.agents.defaults.model.primary],
    ["local", "token", "anthropic/claude"],
  );
  assert.match(written.gateway.auth.token, /^[\w-]{43}$/);
  assert.deepEqual(await readdir(state), ["openclaw.json"]);
});

test("two installations have different tokens", async () => {
  const tokens = await Promise.all(
    [1, 2].map(async () => {
      const { config, platform } = await place();
      await setUp({ platform, detect: none });
      return JSON.parse(await readFile(config, "utf8")).gateway.auth.token;
    }),
  );
  assert.notEqual(tokens[0], tokens[1]);
});

test("a server that is no built-in provider is written down with its address", async () => {
  const { config, platform } = await place();
  await setUp({
    platform,
    detect: async () => ({
      ...found,
      ref: "local/m",
      provider: { id: "local", config: { baseUrl: "http://127.0.0.1:9/v1" } },
    }),
  });
  assert.deepEqual(JSON.parse(await readFile(config, "utf8")).models, {
    providers: { local: { baseUrl: "http://127.0.0.1:9/v1" } },
  });
});

test("whatever exists is left alone, and no model is looked for", async () => {
  const { state, config, platform } = await place();
  await mkdir(state, { mode: 0o755 });
  await writeFile(config, "{ /* mine */ }");
  const report = await setUp({ platform, detect: () => Promise.reject(new Error("must not be asked")) });
  assert.deepEqual(report, { created: [], kept: [state, config] });
  assert.equal(await readFile(config, "utf8"), "{ /* mine */ }");
});

test("set-ups at the same time make one configuration", async () => {
  const { platform } = await place();
  const reports = await Promise.all([1, 2, 3, 4].map(() => setUp({ platform, detect: none })));
  assert.equal(reports.filter(({ created }) => created.includes(platform.paths.config)).length, 1);
});

test("a state directory that cannot be written says so, with its path", async () => {
  const { home, platform } = await place();
  const file = join(home, "file");
  await writeFile(file, "");
  const paths = { ...platform.paths, state: join(file, "state"), config: join(file, "state", "openclaw.json") };
  await assert.rejects(
    setUp({ platform: { ...platform, paths }, detect: none }),
    (error: { code?: string; message: string }) =>
      error.code === "STATE_DIR_UNWRITABLE" && error.message.includes(paths.state),
  );
});

test(
  "so does one without write permission",
  { skip: process.platform === "win32" && "modes mean nothing there" },
  async (t) => {
    unprivileged(t);
    const { state, platform } = await place();
    await mkdir(state, { mode: 0o500 });
    try {
      await assert.rejects(setUp({ platform, detect: none }), { code: "STATE_DIR_UNWRITABLE" });
    } finally {
      await chmod(state, 0o700);
    }
  },
);

const vendor = {
  id: "acme",
  label: "Acme",
  api: "openai-completions",
  baseUrl: "https://acme.example/v1",
  keyEnv: ["ACME_API_KEY"],
  defaultModel: "big",
  models: () => [{ id: "big", name: "Big", reasoning: false, input: ["text"], contextWindow: 1000, maxTokens: 100 }],
};
const sections = [...configSections, agentsSection, modelsSection];
const use = (async (token: Token<unknown>) =>
  ({ [Vendors.name]: [vendor], [ConfigSections.name]: sections })[token.name]) as Use;
const nobodyAnswers = () => Promise.reject(new Error("nobody answers"));

async function adopt(text: string, env: Record<string, string>) {
  const { state, config, platform } = await place();
  await mkdir(state);
  await writeFile(config, text);
  const model = await adoptModel({ platform: { ...platform, env, fetch: nobodyAnswers } as unknown as Platform, use });
  return { model, text: await readFile(config, "utf8") };
}

test("a key that is set later is taken up, and the rest of the configuration stays", async () => {
  const { model, text } = await adopt("{ /* mine */ env: { X: 'y' } }", { ACME_API_KEY: "k" });
  assert.deepEqual([model?.ref, model?.label], ["acme/big", "Big (key from ACME_API_KEY)"]);
  assert.ok(
    text.startsWith("{ /* mine */ env: { X: 'y' }") && text.includes("acme/big") && !text.includes('"k"'),
    text,
  );
});

test("a key in the env block counts", async () => {
  assert.equal((await adopt("{ env: { ACME_API_KEY: 'k' } }", {})).model?.ref, "acme/big");
});

const LEFT_ALONE: readonly (readonly [what: string, text: string, env: Record<string, string>])[] = [
  ["a configuration that names a model", '{ agents: { defaults: { model: "x/y" } } }', { ACME_API_KEY: "k" }],
  ["one without a model while none can be found", "{}", {}],
  ["one that is invalid", "{ nonsense: 1 }", { ACME_API_KEY: "k" }],
  ["one that is broken", "{ ", { ACME_API_KEY: "k" }],
];

for (const [what, text, env] of LEFT_ALONE) {
  test(`left alone: ${what}`, async () => {
    const done = await adopt(text, env);
    assert.deepEqual([done.model, done.text], [undefined, text]);
  });
}
