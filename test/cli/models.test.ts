import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { makeHome } from "./_run.ts";

async function homeWith(t: TestContext, config: string) {
  const home = await makeHome(t);
  mkdirSync(home.state, { mode: 0o700 });
  writeFileSync(home.config, config);
  const json = async (...args: string[]) => JSON.parse((await home.run(...args, "--json")).stdout) as unknown;
  return { ...home, json, file: () => readFileSync(home.config, "utf8") };
}

test("the default model is chosen, and what it still lacks is said", async (t) => {
  const home = await homeWith(t, `{\n  // mine\n  gateway: { mode: "local" },\n}\n`);
  const set = await home.run("models", "set", "anthropic/claude-sonnet-4-5");
  assert.equal(set.code, 0, set.stderr);
  assert.equal(set.stdout, "Default model: anthropic/claude-sonnet-4-5\n");
  assert.match(set.stderr, /No API key found for provider "anthropic"/);
  assert.match(home.file(), /\/\/ mine/);
  assert.deepEqual(await home.json("config", "get", "agents.defaults.model"), "anthropic/claude-sonnet-4-5");
});

test("a model that nobody knows is refused and nothing is written", async (t) => {
  const home = await homeWith(t, `{ gateway: { mode: "local" } }`);
  const set = await home.run("models", "set", "nonsense/none");
  assert.equal(set.code, 1);
  assert.match(set.stderr, /Unknown model: nonsense\/none/);
  assert.equal(home.file(), `{ gateway: { mode: "local" } }`);
});

test("a chosen model joins the list of those that may be used", async (t) => {
  const home = await homeWith(t, `{ agents: { defaults: { models: { "openai/gpt-5.2": { alias: "Big" } } } } }`);
  const set = await home.run("models", "set", "anthropic/claude-opus-4-6");
  assert.match(set.stdout, /added to the models that may be used/);
  const byAlias = await home.run("models", "set-image", "big");
  assert.match(byAlias.stdout, /^Model for pictures: openai\/gpt-5\.2$/m);
});

test("fallbacks are added in their order, taken out by name, and cleared", async (t) => {
  const home = await homeWith(t, `{ agents: { defaults: { model: "openai/gpt-5.2" } } }`);
  await home.run("models", "fallbacks", "add", "anthropic/claude-sonnet-4-5");
  const second = await home.run("models", "fallbacks", "add", "openai/gpt-5-mini");
  assert.equal(second.stdout, "Fallbacks: anthropic/claude-sonnet-4-5, openai/gpt-5-mini\n");
  assert.match((await home.run("models", "fallbacks", "add", "openai/gpt-5.2")).stdout, /is there already/);
  assert.deepEqual(await home.json("models", "fallbacks", "list"), {
    fallbacks: ["anthropic/claude-sonnet-4-5", "openai/gpt-5-mini"],
  });
  const wrong = await home.run("models", "fallbacks", "remove", "openai/gpt-4.1");
  assert.deepEqual([wrong.code, /not among the fallbacks/.test(wrong.stderr)], [1, true]);
  assert.equal(
    (await home.run("models", "fallbacks", "remove", "openai/gpt-5-mini")).stdout,
    "Fallbacks: anthropic/claude-sonnet-4-5\n",
  );
  assert.equal((await home.run("models", "fallbacks", "clear")).stdout, "Fallbacks: none\n");
  assert.equal((await home.run("models", "image-fallbacks", "list", "--plain")).stdout, "");
});

test("short names are given, used, kept apart and taken away", async (t) => {
  const home = await homeWith(t, `{ gateway: { mode: "local" } }`);
  const add = await home.run("models", "aliases", "add", "Fast", "openai/gpt-5-mini");
  assert.equal(add.stdout, "Fast → openai/gpt-5-mini\n");
  assert.match(add.stderr, /only models in it/);
  const again = await home.run("models", "aliases", "add", "fast", "openai/gpt-5.2");
  assert.deepEqual([again.code, /is that of openai\/gpt-5-mini already/.test(again.stderr)], [1, true]);
  const bad = await home.run("models", "aliases", "add", "a b", "openai/gpt-5.2");
  assert.match(bad.stderr, /cannot be the short name/);
  assert.equal((await home.run("models", "aliases", "list", "--plain")).stdout, "Fast openai/gpt-5-mini\n");
  assert.equal((await home.run("models", "set", "fast")).stdout.split("\n")[0], "Default model: openai/gpt-5-mini");
  assert.equal((await home.run("models", "aliases", "remove", "FAST")).code, 0);
  assert.equal((await home.run("models", "aliases", "remove", "fast")).code, 1);
});
