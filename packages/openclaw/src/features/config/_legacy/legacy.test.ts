import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { modernize, rewriteOf } from "./legacy.ts";

type Tree = Readonly<Record<string, unknown>>;

const RENAMED: readonly (readonly [what: string, old: Tree, now: Tree, lines: readonly string[]])[] = [
  [
    "allowFrom belongs to WhatsApp",
    { routing: { allowFrom: ["+1"] } },
    { channels: { whatsapp: { allowFrom: ["+1"] } } },
    ["routing.allowFrom → channels.whatsapp.allowFrom"],
  ],
  [
    "the mention rule holds for every channel with groups that is set up",
    { channels: { telegram: {} }, routing: { groupChat: { requireMention: false } } },
    {
      channels: {
        telegram: { groups: { "*": { requireMention: false } } },
        whatsapp: { groups: { "*": { requireMention: false } } },
      },
    },
    [
      'routing.groupChat.requireMention → channels.whatsapp.groups["*"].requireMention, channels.telegram.groups["*"].requireMention',
    ],
  ],
  [
    "the rest of routing goes to messages, bindings and tools",
    {
      routing: {
        groupChat: { historyLimit: 5, mentionPatterns: ["a"] },
        queue: { mode: "steer" },
        bindings: [{ agentId: "x" }],
        agentToAgent: { enabled: true },
      },
    },
    {
      messages: { groupChat: { historyLimit: 5, mentionPatterns: ["a"] }, queue: { mode: "steer" } },
      bindings: [{ agentId: "x" }],
      tools: { agentToAgent: { enabled: true } },
    },
    [
      "routing.groupChat.historyLimit → messages.groupChat.historyLimit",
      "routing.groupChat.mentionPatterns → messages.groupChat.mentionPatterns",
      "routing.queue → messages.queue",
      "routing.bindings → bindings",
      "routing.agentToAgent → tools.agentToAgent",
    ],
  ],
  [
    "a command that transcribes becomes a model for audio",
    { routing: { transcribeAudio: { command: ["whisper", "--in", "{input}"], timeoutSeconds: 45 } } },
    {
      tools: {
        media: {
          audio: { models: [{ type: "cli", command: "whisper", args: ["--in", "{{MediaPath}}"], timeoutSeconds: 45 }] },
        },
      },
    },
    ["routing.transcribeAudio → tools.media.audio.models"],
  ],
  [
    "agents by id become a list with the default one marked",
    { routing: { agents: { main: { name: "Main" }, work: {} }, defaultAgentId: "work" } },
    {
      agents: {
        list: [
          { name: "Main", id: "main" },
          { id: "work", default: true },
        ],
      },
    },
    ["routing.agents → agents.list", "routing.defaultAgentId → agents.list"],
  ],
  [
    "the identity is that of the default agent",
    {
      identity: { name: "Molly", emoji: "🦞" },
      agents: { list: [{ id: "a" }, { id: "b", default: true, identity: { name: "Bo" } }] },
    },
    { agents: { list: [{ id: "a" }, { id: "b", default: true, identity: { name: "Bo", emoji: "🦞" } }] } },
    ["identity → agents.list"],
  ],
  [
    "an identity without agents makes the one there is",
    { identity: { name: "Molly" } },
    { agents: { list: [{ id: "main", identity: { name: "Molly" } }] } },
    ["identity → agents.list"],
  ],
  [
    "channels at the root belong under channels",
    { telegram: { botToken: "t" }, whatsapp: {}, channels: { telegram: { enabled: true } } },
    { channels: { telegram: { enabled: true, botToken: "t" }, whatsapp: {} } },
    ["whatsapp → channels.whatsapp", "telegram → channels.telegram"],
  ],
];

const ACCEPTED: typeof RENAMED = [
  [
    "the settings of the only agent are the defaults of all",
    {
      agent: {
        workspace: "~/w",
        elevated: { enabled: true },
        exec: { timeoutSec: 5 },
        tools: { allow: ["read"] },
        sandbox: { mode: "all", tools: { deny: ["exec"] } },
        subagents: { maxConcurrent: 2 },
      },
    },
    {
      agents: { defaults: { workspace: "~/w", sandbox: { mode: "all" }, subagents: { maxConcurrent: 2 } } },
      tools: {
        elevated: { enabled: true },
        exec: { timeoutSec: 5 },
        allow: ["read"],
        sandbox: { tools: { deny: ["exec"] } },
      },
    },
    [
      "agent.workspace → agents.defaults.workspace",
      "agent.elevated → tools.elevated",
      "agent.exec → tools.exec",
      "agent.tools → tools",
      "agent.sandbox → tools.sandbox.tools, agents.defaults.sandbox",
      "agent.subagents → agents.defaults.subagents",
    ],
  ],
  [
    "models of the only agent, spread over six keys, are put together",
    {
      agent: {
        model: "a/one",
        modelFallbacks: ["b/two"],
        imageModel: "c/see",
        imageModelFallbacks: ["d/see"],
        allowedModels: ["a/one", "b/two"],
        modelAliases: { One: "a/one", Three: "e/three" },
      },
    },
    {
      agents: {
        defaults: {
          model: { primary: "a/one", fallbacks: ["b/two"] },
          imageModel: { primary: "c/see", fallbacks: ["d/see"] },
          models: { "a/one": { alias: "One" }, "b/two": {}, "e/three": { alias: "Three" } },
        },
      },
    },
    [
      "agent.model → agents.defaults.model",
      "agent.allowedModels → agents.defaults.models",
      "agent.modelAliases → agents.defaults.models",
      "agent.modelFallbacks → agents.defaults.model.fallbacks",
      "agent.imageModel → agents.defaults.imageModel",
      "agent.imageModelFallbacks → agents.defaults.imageModel.fallbacks",
    ],
  ],
  [
    "exec of the agents is a setting of tools",
    { agents: { defaults: { exec: { timeoutSec: 5 }, workspace: "w" } }, tools: { exec: { host: "gateway" } } },
    { agents: { defaults: { workspace: "w" } }, tools: { exec: { host: "gateway", timeoutSec: 5 } } },
    ["agents.defaults.exec → tools.exec"],
  ],
  [
    "speech is always on or off",
    { messages: { tts: { enabled: true } } },
    { messages: { tts: { auto: "always" } } },
    ["messages.tts.enabled → messages.tts.auto"],
  ],
  [
    "the prefix is one of WhatsApp",
    { messages: { messagePrefix: "[me]" }, channels: { whatsapp: {} } },
    { channels: { whatsapp: { messagePrefix: "[me]" } } },
    ["messages.messagePrefix → channels.whatsapp.messagePrefix"],
  ],
  [
    "old spellings in bindings",
    {
      bindings: [{ match: { accountID: "a", peer: { kind: "dm", id: "1" } } }, { match: { peer: { kind: "group" } } }],
    },
    {
      bindings: [
        { match: { accountId: "a", peer: { kind: "direct", id: "1" } } },
        { match: { peer: { kind: "group" } } },
      ],
    },
    ["bindings[0].match.accountID → bindings[0].match.accountId", "bindings[0].match.peer.kind: dm → direct"],
  ],
  [
    "direct chats were called dm",
    { session: { resetByType: { dm: { mode: "idle" } } } },
    { session: { resetByType: { direct: { mode: "idle" } } } },
    ["session.resetByType.dm → session.resetByType.direct"],
  ],
  [
    "a sandbox per session is a scope",
    { agents: { defaults: { sandbox: { perSession: true } }, list: [{ id: "a", sandbox: { perSession: false } }] } },
    { agents: { defaults: { sandbox: { scope: "session" } }, list: [{ id: "a", sandbox: { scope: "shared" } }] } },
    [
      "agents.defaults.sandbox.perSession → agents.defaults.sandbox.scope",
      "agents.list[0].sandbox.perSession → agents.list[0].sandbox.scope",
    ],
  ],
  [
    "names of APIs and transports",
    {
      models: { providers: { x: { api: "openai" } } },
      mcp: { servers: { s: { type: "http", url: "u" }, t: { type: "stdio" } } },
    },
    {
      models: { providers: { x: { api: "openai-completions" } } },
      mcp: { servers: { s: { url: "u", transport: "streamable-http" }, t: { type: "stdio" } } },
    },
    ["models.providers.x.api: openai → openai-completions", "mcp.servers.s.type → mcp.servers.s.transport"],
  ],
  [
    "a private network is dangerous",
    { browser: { ssrfPolicy: { allowPrivateNetwork: true } } },
    { browser: { ssrfPolicy: { dangerouslyAllowPrivateNetwork: true } } },
    ["browser.ssrfPolicy.allowPrivateNetwork → browser.ssrfPolicy.dangerouslyAllowPrivateNetwork"],
  ],
  [
    "the place of the file in the arguments of a command",
    { tools: { media: { audio: { models: [{ args: ["-i", "{input}", "{{MediaPath}}"] }] } } } },
    { tools: { media: { audio: { models: [{ args: ["-i", "{{MediaPath}}", "{{MediaPath}}"] }] } } } },
    ["tools.media.audio.models[0].args → tools.media.audio.models[0].args"],
  ],
];

for (const [what, old, now, lines] of [...RENAMED, ...ACCEPTED]) {
  test(`old keys: ${what}`, () => {
    const before = JSON.stringify(old);
    assert.deepEqual(modernize(old).root, now);
    assert.deepEqual(rewriteOf(old).lines, lines);
    assert.equal(JSON.stringify(old), before, "the tree that was given stays");
    assert.deepEqual(rewriteOf(now).edits, [], "a second time there is nothing left to do");
  });
}

const KEPT: readonly Tree[] = [
  { session: { idleMinutes: 60 } },
  { messages: { messagePrefix: "[me]" } },
  { talk: { voiceId: "v" }, messages: { tts: { elevenlabs: {} } } },
  { channels: { telegram: { streamMode: "block" } } },
  { agents: { defaults: { model: "a/one", sandbox: { scope: "agent" } } } },
];

test("what is still valid as it stands is left alone", () => {
  for (const tree of KEPT) {
    assert.equal(modernize(tree).root, tree);
    assert.deepEqual(rewriteOf(tree), { lines: [], edits: [] });
  }
});

test("a value at the new place wins over the old one, key by key", () => {
  const { root } = modernize({
    routing: { queue: { mode: "collect", cap: 5 }, allowFrom: ["old"] },
    messages: { queue: { mode: "steer" } },
    channels: { whatsapp: { allowFrom: ["new"] } },
    agent: { modelFallbacks: ["x/y"], workspace: "old" },
    agents: { defaults: { model: "a/one", workspace: "new" } },
  });
  assert.deepEqual(root, {
    messages: { queue: { mode: "steer", cap: 5 } },
    channels: { whatsapp: { allowFrom: ["new"] } },
    agents: { defaults: { model: "a/one", workspace: "new" } },
  });
});

test("what has no effect any more is left out with a warning, and proposed by doctor where there is a new place", () => {
  const old = { gateway: { token: "t", port: 1 }, bridge: { enabled: true }, agents: { defaults: { llm: {} } } };
  const { root, found } = modernize(old);
  assert.deepEqual(root, { gateway: { port: 1 } });
  assert.deepEqual(
    found.map(({ path, message, treatment }) => [path.join("."), message, treatment]),
    [
      ["gateway.token", "has no effect any more; use gateway.auth.token", "ignored"],
      ["bridge", "has no effect any more", "ignored"],
      ["agents.defaults.llm", "has no effect any more", "ignored"],
    ],
  );
  assert.deepEqual(rewriteOf(old).lines, [
    "gateway.token → gateway.auth.token",
    "removed bridge",
    "removed agents.defaults.llm",
  ]);
});

test("what is only offered stays in memory and is moved by doctor", () => {
  const old = { browser: { relayBindHost: "0.0.0.0", profiles: { c: { driver: "extension" } } } };
  assert.equal(modernize(old).root, old);
  assert.deepEqual(rewriteOf(old).lines, [
    "removed browser.relayBindHost",
    "browser.profiles.c.driver: extension → existing-session",
  ]);
});

test("the old way of naming a secret becomes a reference by doctor only", () => {
  const old = { gateway: { auth: { token: "secretref-env:GW" } } };
  assert.equal(modernize(old).root, old);
  const { lines, edits } = rewriteOf(old);
  assert.deepEqual(lines, ["gateway.auth.token: secretref-env:GW → a reference"]);
  assert.deepEqual(edits, [
    { path: ["gateway", "auth", "token"], value: { source: "env", provider: "default", id: "GW" } },
  ]);
});

test("whatever a file holds, migrating it does not fail, comes to an end and reaches no prototype", () => {
  const words =
    "routing agent agents list defaults identity telegram channels groupChat bindings allowFrom queue agents defaultAgentId " +
    "model allowedModels modelAliases sandbox tools messages tts enabled match peer kind bridge gateway token __proto__ constructor id";
  const key = fc.constantFrom(...words.split(" "));
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom("dm", "openai", true, 5, null, "x"),
      fc.array(fc.tuple(key, tie("tree")), { maxLength: 4 }).map((pairs) => Object.fromEntries(pairs)),
      fc.array(tie("tree"), { maxLength: 3 }),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(key, tree, { maxKeys: 5, noNullPrototype: true }), (root) => {
      const once = modernize(root);
      assert.equal(modernize(once.root).found.filter(({ treatment }) => treatment === "renamed").length, 0);
      rewriteOf(root);
      assert.equal(Object.getPrototypeOf(once.root), Object.prototype);
      assert.deepEqual(Object.keys(Object.prototype), []);
    }),
    { numRuns: 2000 },
  );
});
