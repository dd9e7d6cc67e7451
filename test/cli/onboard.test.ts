/** `openclaw onboard` and `setup` with flags, as a script uses them. */
import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { startModelServer } from "../fakes/model-server.ts";
import { makeHome } from "./_run.ts";

async function place(t: TestContext) {
  const home = await makeHome(t);
  const read = (path: string) => JSON.parse(readFileSync(join(home.state, path), "utf8"));
  return { ...home, config_: () => read("openclaw.json"), logins: () => read("agents/main/agent/auth-profiles.json") };
}

test("a key becomes a login and the first model; doing it again changes nothing", async (t) => {
  const home = await place(t);
  const args = ["onboard", "--non-interactive", "--auth-choice", "groq-api-key", "--groq-api-key", "gsk-canary"];
  const first = await home.run(...args);
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stdout, /Stored {2}groq:default\n[^]*Model: groq\/llama-3\.3-70b-versatile\n/);
  assert.doesNotMatch(`${first.stdout}${first.stderr}${readFileSync(home.config, "utf8")}`, /gsk-canary/);
  const config = home.config_();
  assert.deepEqual(config.auth, { profiles: { "groq:default": { provider: "groq", mode: "api_key" } } });
  assert.equal(config.gateway.mode, "local");
  assert.equal(home.logins().profiles["groq:default"].key, "gsk-canary");
  assert.equal(statSync(join(home.state, "agents/main/agent/auth-profiles.json")).mode & 0o777, 0o600);
  const logins = home.logins();
  assert.equal((await home.run(...args)).code, 0);
  assert.deepEqual([home.logins(), { ...home.config_(), meta: 0 }], [logins, { ...config, meta: 0 }]);
});

test("what was chosen stays; the new vendor is told of", async (t) => {
  const home = await place(t);
  await home.run("onboard", "--non-interactive", "--groq-api-key", "k");
  const { stderr } = await home.run("onboard", "--non-interactive", "--xai-api-key", "k");
  assert.match(stderr, /The default model stays as it was\. To use the new one: .*models set xai\/grok-4\.3/);
  assert.equal(home.config_().agents.defaults.model.primary, "groq/llama-3.3-70b-versatile");
  assert.deepEqual(Object.keys(home.logins().profiles), ["groq:default", "xai:default"]);
});

test("a login that was stored before the set-up was killed is taken up by the next one", async (t) => {
  const home = await place(t);
  await home.run("onboard", "--non-interactive", "--groq-api-key", "k");
  const { auth: _auth, agents: _agents, ...half } = home.config_();
  writeFileSync(home.config, JSON.stringify(half)); // As it is between the two writes.
  assert.equal((await home.run("onboard", "--non-interactive", "--groq-api-key", "k")).code, 0);
  assert.equal(home.config_().agents.defaults.model.primary, "groq/llama-3.3-70b-versatile");
  assert.deepEqual(Object.keys(home.config_().auth.profiles), ["groq:default"]);
});

test("wrong flags change nothing at all", async (t) => {
  const home = await place(t);
  for (const flags of [
    ["--auth-choice", "groq-api-key"],
    ["--auth-choice", "nope"],
    ["--custom-base-url", "http://x"],
  ])
    assert.equal((await home.run("onboard", "--non-interactive", ...flags)).code, 1);
  assert.throws(() => statSync(home.state), { code: "ENOENT" });
});

test("a server of one's own is asked with its key, and keeps the models that it had", async (t) => {
  const model = await startModelServer({ api: "openai-completions", script: { text: ["Good morning."] } });
  t.after(() => model.close());
  const home = await place(t);
  const custom = (...more: string[]) =>
    home.run("onboard", "--json", "--custom-base-url", model.url, "--custom-provider-id", "box", ...more);
  const { stdout } = await custom("--custom-model-id", "fake-1", "--custom-api-key", "box-key");
  const told = JSON.parse(stdout);
  assert.deepEqual([told.ok, told.authChoice, told.model], [true, "custom-api-key", "box/fake-1"]);
  assert.equal((await custom("--custom-model-id", "fake-2")).code, 0);
  assert.deepEqual(home.config_().models.providers.box.models, [
    { id: "fake-1", name: "fake-1" },
    { id: "fake-2", name: "fake-2" },
  ]);
  const asked = await home.run("infer", "model", "run", "--prompt", "Hello");
  assert.match(asked.stdout, /Good morning\./, asked.stderr);
  assert.equal(model.requests[0]?.headers.authorization, "Bearer box-key");
});

test("a server on this machine is taken with the model that it serves, and missed when it is not there", async (t) => {
  const model = await startModelServer({
    api: "openai-completions",
    script: { text: [] },
    models: ["bge-m3", "qwen3"],
  });
  const home = await place(t);
  const vllm = () => home.run("setup", "--non-interactive", "--auth-choice", "vllm", "--custom-base-url", model.url);
  assert.equal((await vllm()).code, 0);
  assert.equal(home.config_().agents.defaults.model.primary, "vllm/qwen3");
  await model.close();
  const { code, stderr } = await vllm();
  assert.equal(code, 1);
  assert.match(stderr, /No model can be had from http/);
});

test("without a model anywhere it says which one answers, and how to connect a real one", async (t) => {
  const home = await place(t);
  const { stdout, stderr } = await home.run("setup", "--auth-choice", "skip");
  assert.match(stdout, /Model: the built-in offline model, which is no language model/);
  assert.match(stderr, /Connect a real one with: (?:npx )?openclaw onboard/);
});
