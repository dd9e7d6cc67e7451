/** Rules between keys: each refuses or warns, and its harmless twin passes in silence. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { allSections } from "../../app/sections.ts";
import { loadText } from "./_load/load.ts";

const paths = { home: "/home/me", state: "/home/me/.openclaw", config: "/home/me/.openclaw/openclaw.json" };
const load = (text: string) => loadText({ env: {}, paths }, text, allSections);

const REFUSED: Readonly<Record<string, readonly [wrong: string, at: string, right: string]>> = {
  "open direct messages without the wildcard": [
    `{ channels: { signal: { dmPolicy: "open", allowFrom: ["+15550001"] } } }`,
    "channels.signal.allowFrom",
    `{ channels: { signal: { dmPolicy: "open", allowFrom: ["*"] } } }`,
  ],
  "the same below dm": [
    `{ channels: { discord: { dm: { policy: "open", allowFrom: ["1"] } } } }`,
    "channels.discord.dm.allowFrom",
    `{ channels: { discord: { dm: { policy: "open", allowFrom: ["1", "*"] } } } }`,
  ],
  "an account that opens what its channel does not": [
    `{ channels: { slack: { dm: { allowFrom: ["U1"] }, accounts: { work: { dmPolicy: "open" } } } } }`,
    "channels.slack.accounts.work.allowFrom",
    `{ channels: { slack: { dm: { policy: "open", allowFrom: ["*"] }, accounts: { work: { dmPolicy: "open" } } } } }`,
  ],
  "a webhook of Telegram without a secret": [
    `{ channels: { telegram: { webhookUrl: "https://example.com/t" } } }`,
    "channels.telegram.webhookSecret",
    `{ channels: { telegram: { webhookUrl: "https://example.com/t", webhookSecret: "s" } } }`,
  ],
  "hooks without a token": [`{ hooks: { enabled: true } }`, "hooks.token", `{ hooks: { enabled: true, token: "t" } }`],
  "hooks with an empty token": [`{ hooks: { enabled: true, token: " " } }`, "hooks.token", `{ hooks: { token: "" } }`],
  "hooks at the root": [`{ hooks: { path: "//" } }`, "hooks.path", `{ hooks: { path: "/in" } }`],
  "hooks with the gateway's token": [
    `{ gateway: { auth: { token: "same" } }, hooks: { token: "same" } }`,
    "hooks.token",
    `{ gateway: { auth: { token: "one" } }, hooks: { token: "another" } }`,
  ],
  "thresholds that do not rise": [
    `{ tools: { loopDetection: { warningThreshold: 20 } } }`,
    "tools.loopDetection",
    `{ tools: { loopDetection: { warningThreshold: 19 } } }`,
  ],
  "thresholds of an agent that do not rise with those of all": [
    `{ agents: { list: [{ id: "a", tools: { loopDetection: { criticalThreshold: 5 } } }] } }`,
    "agents.list[0].tools.loopDetection",
    `{ agents: { list: [{ id: "a", tools: { loopDetection: { criticalThreshold: 25 } } }] } }`,
  ],
  "both lists of allowed tools in one place": [
    `{ agents: { list: [{ id: "a", tools: { byProvider: { "openai/gpt-5": { allow: [], alsoAllow: [] } } } }] } }`,
    'agents.list[0].tools.byProvider["openai/gpt-5"].alsoAllow',
    `{ agents: { list: [{ id: "a", tools: { alsoAllow: [], byProvider: { "openai/gpt-5": { allow: [] } } } }] } }`,
  ],
  "an agent without an id": [`{ agents: { list: [{}] } }`, "agents.list[0].id", `{ agents: { list: [{ id: "a" }] } }`],
  "an id twice, in upper and lower case": [
    `{ agents: { list: [{ id: "a" }, { id: "A" }] } }`,
    "agents.list[1].id",
    `{ agents: { list: [{ id: "a" }, { id: "B" }] } }`,
  ],
  "a sandbox in the network of the machine": [
    `{ agents: { defaults: { sandbox: { docker: { network: "host" } } } } }`,
    "agents.defaults.sandbox.docker.network",
    `{ agents: { defaults: { sandbox: { docker: { network: "bridge" } } } } }`,
  ],
  "a sandbox in the network of another container": [
    `{ agents: { list: [{ id: "a", sandbox: { docker: { network: "container:db" } } }] } }`,
    "agents.list[0].sandbox.docker.network",
    `{ agents: { list: [{ id: "a", sandbox: { docker: { network: "container:db",
       dangerouslyAllowContainerNamespaceJoin: true } } }] } }`,
  ],
  "a custom bind without an address": [
    `{ gateway: { bind: "custom" } }`,
    "gateway.customBindHost",
    `{ gateway: { bind: "custom", customBindHost: "10.0.0.1" } }`,
  ],
  "the placeholder of a hidden value": [
    `{ gateway: { auth: { token: "__OPENCLAW_REDACTED__" } } }`,
    "gateway.auth.token",
    `{ gateway: { auth: { token: "REDACTED" } } }`,
  ],
};

for (const [title, [wrong, at, right]] of Object.entries(REFUSED)) {
  test(`${title}: refused, and named`, async () => {
    const file = await load(wrong);
    assert.deepEqual(
      file.issues.map(({ path }) => path),
      [at],
    );
    assert.ok((await load(right)).valid);
  });
}

const WARNED: Readonly<Record<string, readonly [odd: string, at: string, plain: string]>> = {
  "a second default agent": [
    `{ agents: { list: [{ id: "a", default: true }, { id: "b", default: true }] } }`,
    "agents.list[1].default",
    `{ agents: { list: [{ id: "a" }, { id: "b", default: true }] } }`,
  ],
  "heartbeats to a channel that is not there": [
    `{ agents: { defaults: { heartbeat: { target: "signal" } } } }`,
    "agents.defaults.heartbeat.target",
    `{ agents: { defaults: { heartbeat: { target: "signal" } } }, channels: { signal: {} } }`,
  ],
  "a binding to an agent that is not there": [
    `{ agents: { list: [{ id: "a" }] }, bindings: [{ agentId: "b", match: { channel: "signal" } }] }`,
    "bindings[0].agentId",
    `{ agents: { list: [{ id: "a" }] }, bindings: [{ agentId: "A", match: { channel: "signal" } }] }`,
  ],
  "a group for an agent that is not there": [
    `{ broadcast: { "1@g.us": ["main", "b"] } }`,
    'broadcast["1@g.us"][1]',
    `{ broadcast: { "1@g.us": ["main"], strategy: "sequential" } }`,
  ],
  "the Docker socket in a sandbox": [
    `{ agents: { defaults: { sandbox: { docker: { binds: ["/var/run/docker.sock:/var/run/docker.sock"] } } } } }`,
    "agents.defaults.sandbox.docker.binds",
    `{ agents: { defaults: { sandbox: { docker: { binds: ["/srv:/srv:ro"] } } } } }`,
  ],
  "sessions that senders choose": [
    `{ hooks: { mappings: [{ sessionKey: "hook:{{id}}" }] } }`,
    "hooks.mappings[0].sessionKey",
    `{ hooks: { mappings: [{ sessionKey: "hook:{{id}}" }], allowRequestSessionKey: true } }`,
  ],
};

for (const [title, [odd, at, plain]] of Object.entries(WARNED)) {
  test(`${title}: taken, with a warning`, async () => {
    const file = await load(odd);
    assert.ok(file.valid);
    assert.deepEqual(
      file.warnings.map(({ path }) => path),
      [at],
    );
    assert.deepEqual((await load(plain)).warnings, []);
  });
}

test("numbers are taken as text where people are named, large ones are refused", async () => {
  const file = await load(`{ channels: { telegram: { allowFrom: [4711, "@me"] } } }`);
  assert.deepEqual(file.snapshot?.at("channels.telegram.allowFrom"), ["4711", "@me"]);
  assert.equal((await load(`{ channels: { discord: { allowFrom: [987654321098765432] } } }`)).valid, false);
});

test("names of agents are read in lower case", async () => {
  const file = await load(`{ agents: { list: [{ id: "Work" }] } }`);
  assert.equal(file.snapshot?.at("agents.list[0].id"), "work");
});

test("what an agent leaves out stays out, what all agents leave out is filled", async () => {
  const file = await load(`{ agents: { list: [{ id: "a", sandbox: { mode: "all" } }] } }`);
  assert.deepEqual(file.snapshot?.at("agents.list[0].sandbox"), { mode: "all" });
  assert.equal(file.snapshot?.at("agents.defaults.sandbox.docker.network"), "none");
});

test("a part with kinds is held against the kind that is named", async () => {
  const file = await load(`{ secrets: { providers: { vault: { source: "file", pth: "/x" } } } }`);
  assert.deepEqual(
    file.issues.map(({ path, message }) => `${path}: ${message}`),
    [
      'secrets.providers.vault.pth: unknown key "pth" (did you mean "path"?)',
      "secrets.providers.vault.path: this key is required",
    ],
  );
});

test("a channel that nobody knows is an unknown key with the nearest known one", async () => {
  const file = await load(`{ channels: { slak: {} } }`);
  assert.match(file.issues[0]?.message ?? "", /did you mean "slack"/);
});

test("what is wrong with a text is said in words, not as a pattern", async () => {
  const file = await load(`{
    cron: { sessionRetention: "1 day" }, browser: { color: "red" }, mcp: { servers: { a: { url: "x" } } },
    channels: { discord: { allowFrom: [987654321098765432] } },
  }`);
  assert.deepEqual(
    file.issues.map(({ message }) => message),
    [
      "expected a duration such as 90s, 30m or 2h",
      "expected a colour such as #FF4500",
      "expected an address that begins with http:// or https://",
      "expected text or a whole number, got a number too large to be exact; put it in quotes",
    ],
  );
});
