import assert from "node:assert/strict";
import { test } from "node:test";
import { defineConfig } from "../../contracts/config.ts";
import { Type } from "../../contracts/schema.ts";
import { valueAt } from "../config/index.ts";
import { machine, tokenFrom } from "../../../../../test/fakes/secrets-machine.ts";

const ref = (id: string, source = "env", provider?: string) => ({ source, id, ...(provider ? { provider } : {}) });

test("text takes the place of references, wherever one is documented, and everything else stays", async () => {
  const { resolve } = await machine({ A: "one", B: "two" });
  const root = {
    gateway: { port: 5, auth: { mode: "token", token: ref("A") } },
    models: { providers: { x: { apiKey: ref("B"), headers: { "x-team": ref("A"), plain: "p" } } } },
    channels: { telegram: { botToken: ref("A"), accounts: { second: { botToken: ref("B") } } } },
    agents: { list: [{ id: "a", memorySearch: { remote: { apiKey: ref("A") } } }] },
  };
  const before = JSON.stringify(root);
  const found = await resolve(root, "start");
  assert.deepEqual(found.issues, []);
  assert.deepEqual(found.root, {
    gateway: { port: 5, auth: { mode: "token", token: "one" } },
    models: { providers: { x: { apiKey: "two", headers: { "x-team": "one", plain: "p" } } } },
    channels: { telegram: { botToken: "one", accounts: { second: { botToken: "two" } } } },
    agents: { list: [{ id: "a", memorySearch: { remote: { apiKey: "one" } } }] },
  });
  assert.equal(JSON.stringify(root), before);
  assert.ok(found.places.includes("channels.telegram.accounts.second.botToken"));
});

test("a section that declares a secret can hold a reference there", async () => {
  const section = defineConfig({
    path: "channels.pigeon",
    summary: "Sample",
    reload: "live",
    secrets: ["whistle", "coops[].key"],
    schema: Type.Object({}),
  });
  const { resolve } = await machine({ A: "one" }, [section]);
  const found = await resolve({ channels: { pigeon: { whistle: ref("A"), coops: [{ key: ref("A") }] } } }, "start");
  assert.deepEqual(found.root, { channels: { pigeon: { whistle: "one", coops: [{ key: "one" }] } } });
});

test("data of the form of a reference is left alone where no secret belongs", async () => {
  const { resolve } = await machine({ A: "one" });
  const root = { plugins: { entries: { x: { config: { origin: ref("A") } } } } };
  assert.deepEqual((await resolve(root, "start")).root, root);
});

const REJECTED = [
  { commands: { ownerDisplaySecret: ref("A") } },
  { hooks: { token: ref("A") } },
  { hooks: { gmail: { pushToken: ref("A") } } },
  { hooks: { mappings: [{ sessionKey: ref("A") }] } },
  { channels: { discord: { threadBindings: { webhookToken: ref("A") } } } },
];

test("secrets that are needed as text refuse references", async () => {
  const { resolve } = await machine({ A: "one" });
  for (const root of REJECTED) {
    const { issues } = await resolve(root, "start");
    assert.equal(issues.length, 1, JSON.stringify(root));
    assert.match(issues[0]?.message ?? "", /cannot be a reference/);
  }
});

const INACTIVE: readonly (readonly [
  what: string,
  root: Readonly<Record<string, unknown>>,
  env?: Record<string, string>,
])[] = [
  ["a disabled channel", { channels: { telegram: { enabled: false, botToken: ref("NONE") } } }],
  ["a disabled account", { channels: { telegram: { accounts: { a: { enabled: false, botToken: ref("NONE") } } } } }],
  [
    "an account of a disabled channel",
    { channels: { slack: { enabled: false, accounts: { a: { botToken: ref("NONE") } } } } },
  ],
  [
    "the token where the environment has one",
    { gateway: { auth: { token: ref("NONE") } } },
    { OPENCLAW_GATEWAY_TOKEN: "x" },
  ],
  ["the password in token mode", { gateway: { auth: { mode: "token", password: ref("NONE") } } }],
  ["the remote token in local mode", { gateway: { mode: "local", remote: { token: ref("NONE") } } }],
  [
    "a search provider that is not chosen",
    { tools: { web: { search: { provider: "brave", perplexity: { apiKey: ref("NONE") } } } } },
  ],
  [
    "a search plugin that is not chosen",
    {
      tools: { web: { search: { provider: "brave" } } },
      plugins: { entries: { exa: { config: { webSearch: { apiKey: ref("NONE") } } } } },
    },
  ],
  [
    "keys for ssh in another sandbox",
    { agents: { defaults: { sandbox: { backend: "docker", ssh: { identityData: ref("NONE") } } } } },
  ],
  ["a disabled skill", { skills: { entries: { s: { enabled: false, apiKey: ref("NONE") } } } }],
];

for (const [what, root, env] of INACTIVE) {
  test(`what nobody reads is left out and said: ${what}`, async () => {
    const { resolve, lines } = await machine(env);
    const found = await resolve(root, "start");
    assert.deepEqual(found.issues, []);
    assert.ok(!JSON.stringify(found.root).includes("NONE"));
    assert.equal(lines.filter((line) => line.startsWith("SECRETS_REF_IGNORED_INACTIVE_SURFACE: ")).length, 1);
  });
}

test("the same places are asked for when somebody reads them", async () => {
  const { resolve } = await machine();
  const active = [
    { channels: { telegram: { enabled: true, botToken: ref("NONE") } } },
    { gateway: { auth: { mode: "token", token: ref("NONE") } } },
    { gateway: { auth: { mode: "password", password: ref("NONE") } } },
    { gateway: { mode: "remote", remote: { token: ref("NONE") } } },
    { tools: { web: { search: { provider: "perplexity", perplexity: { apiKey: ref("NONE") } } } } },
    { agents: { defaults: { sandbox: { backend: "ssh", ssh: { identityData: ref("NONE") } } } } },
  ];
  for (const root of active) assert.equal((await resolve(root, "start")).issues.length, 1, JSON.stringify(root));
});

test("the surfaces of the gateway's own secrets are named with their state and the reason", async () => {
  const { resolve, lines } = await machine({ A: "one" });
  await resolve({ gateway: { auth: { mode: "token", token: ref("A"), password: ref("A") } } }, "start");
  assert.ok(lines.includes("SECRETS_GATEWAY_AUTH_SURFACE: gateway.auth.token is active"));
  assert.ok(
    lines.includes("SECRETS_GATEWAY_AUTH_SURFACE: gateway.auth.password is inactive, gateway.auth.mode is token"),
  );
});

test("a reference wins over the text beside it, with a warning", async () => {
  const { resolve, lines } = await machine({ A: "one" });
  const found = await resolve(
    { channels: { googlechat: { serviceAccount: "plain", serviceAccountRef: ref("A") } } },
    "start",
  );
  assert.deepEqual(found.root, { channels: { googlechat: { serviceAccount: "one" } } });
  assert.equal(found.warnings, 1);
  assert.ok(found.places.includes("channels.googlechat.serviceAccount"));
  assert.match(lines.join("\n"), /SECRETS_REF_OVERRIDES_PLAINTEXT: channels\.googlechat\.serviceAccountRef/);
});

const BROKEN: readonly (readonly [what: string, root: Readonly<Record<string, unknown>>, message: RegExp])[] = [
  [
    "a missing variable",
    tokenFrom(ref("NONE")),
    /env:default:NONE cannot be had: the environment variable NONE is missing or empty/,
  ],
  ["an empty variable", tokenFrom(ref("EMPTY")), /missing or empty/],
  ["a name that no variable has", tokenFrom(ref("a b")), /is not an id of kind env/],
  [
    "a pointer that is none",
    tokenFrom(ref("no-slash", "file", "p"), { source: "file", path: "x" }),
    /is not an id of kind file/,
  ],
  [
    "a way out of an id",
    tokenFrom(ref("a/../b", "exec", "p"), { source: "exec", command: "/x" }),
    /is not an id of kind exec/,
  ],
  ["a name that no provider may have", tokenFrom(ref("A", "env", "__proto__")), /is not the name of a provider/],
  ["a provider that is not there", tokenFrom(ref("A", "env", "other")), /there is no provider other/],
  [
    "a provider that only exists on every object",
    tokenFrom(ref("A", "env", "constructor")),
    /there is no provider constructor/,
  ],
  [
    "a provider of another kind",
    tokenFrom(ref("A", "env", "p"), { source: "file", path: "x" }),
    /the provider p is of kind file/,
  ],
  ["no provider at all", tokenFrom(ref("/a", "file")), /no provider is named, and secrets\.defaults\.file names none/],
  [
    "a variable that is not allowed",
    tokenFrom(ref("A", "env", "p"), { source: "env", allowlist: ["B"] }),
    /A is not in the allowlist/,
  ],
];

for (const [what, root, message] of BROKEN) {
  test(`a secret that cannot be had is one clear line: ${what}`, async () => {
    const { resolve } = await machine({ A: "one", EMPTY: "" });
    const { issues } = await resolve(root, "start");
    assert.deepEqual(
      issues.map(({ path }) => path),
      ["gateway.auth.token"],
    );
    assert.match(issues[0]?.message ?? "", message);
    assert.equal(valueAt((await resolve(root, "start")).root, "gateway.auth.token"), undefined);
  });
}

test("a provider may be left out where a default is named for its kind", async () => {
  const { resolve, file } = await machine({ A: "one" });
  const path = await file("s.json", JSON.stringify({ token: "from file" }));
  const providers = { vault: { source: "file", path }, some: { source: "env", allowlist: ["A"] } };
  const defaults = { file: "vault", env: "some" };
  const root = {
    gateway: { auth: { mode: "token", token: ref("/token", "file") } },
    cron: { webhookToken: ref("A") },
    secrets: { providers, defaults },
  };
  const found = await resolve(root, "start");
  assert.deepEqual(found.issues, []);
  assert.equal(valueAt(found.root, "gateway.auth.token"), "from file");
  assert.equal(valueAt(found.root, "cron.webhookToken"), "one");
});

test("a provider with more references than allowed gives none of them", async () => {
  const { resolve } = await machine(Object.fromEntries(["A", "B", "C"].map((name) => [name, name])));
  const root = (most: number) => ({
    models: {
      providers: { a: { apiKey: ref("A") }, b: { apiKey: ref("B") }, c: { apiKey: ref("C") }, d: { apiKey: ref("A") } },
    },
    secrets: { resolution: { maxRefsPerProvider: most } },
  });
  assert.equal((await resolve(root(2), "start")).issues.length, 4);
  assert.equal((await resolve(root(3), "start")).issues.length, 0);
});

test("losing secrets at a reload is said once, and getting them back too", async () => {
  const { resolve, lines } = await machine({ A: "one" });
  const good = tokenFrom(ref("A"));
  const bad = tokenFrom(ref("NONE"));
  await resolve(good, "start");
  for (const root of [bad, bad]) await resolve(root, "reload");
  await resolve(bad, "check");
  for (const root of [good, good]) await resolve(root, "reload");
  const events = lines.filter((line) => line.startsWith("SECRETS_RELOADER_")).map((line) => line.split(":")[0]);
  assert.deepEqual(events, ["SECRETS_RELOADER_DEGRADED", "SECRETS_RELOADER_RECOVERED"]);
});

test("looking only says nothing, and no message ever holds a secret", async () => {
  const { resolve, lines } = await machine({ A: "very-secret" });
  const root = {
    gateway: { auth: { token: ref("A"), password: ref("NONE") } },
    channels: { irc: { password: ref("NONE") } },
  };
  await resolve(root, "check");
  assert.deepEqual(lines, []);
  const { issues } = await resolve(root, "start");
  assert.ok(!JSON.stringify([lines, issues]).includes("very-secret"));
});
