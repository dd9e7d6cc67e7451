import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeConfig } from "../../../../../../test/conformance/toolWorld.ts";
import { quietLog } from "../../../../../../test/harness/log.ts";
import type { Message } from "../../../contracts/message.ts";
import type { Principal, Role } from "../../../contracts/principal.ts";
import type { Tool } from "../../../contracts/tool.ts";
import { Vendors } from "../../../models/index.ts";
import type { SessionEntry, TurnOptions } from "../../../store/index.ts";
import type { PromptRequest } from "../../agents/index.ts";
import type { StoredMessage } from "../../context/index.ts";
import { promptFor, withPreamble } from "./prompt.ts";
import type { RunDeps } from "../run.ts";

const agent = {
  id: "main",
  name: "Main",
  isDefault: true,
  workspace: "/ws",
  agentDir: "/a",
  identity: {},
  model: { fallbacks: [] },
};
const said = (runId: string, role: "user" | "assistant", text: string): StoredMessage => ({
  runId,
  entryId: `${runId}-${role}`,
  message: {
    role,
    content: role === "user" ? text : [{ type: "text", text }],
    timestamp: 1,
    stopReason: "stop",
  } as unknown as Message,
});

interface Case {
  readonly key?: string;
  readonly entry?: Partial<SessionEntry>;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly stored?: readonly StoredMessage[];
  readonly options?: TurnOptions;
  readonly endpoint?: { readonly provider: string; readonly baseUrl: string };
  readonly channel?: { readonly name: string; readonly replyTo?: string };
  readonly tools?: readonly string[];
  readonly principal?: Principal;
}

/** What the agents are asked to tell in this case. */
async function asked(given: Case = {}): Promise<PromptRequest> {
  let request: PromptRequest | undefined;
  const deps = {
    contexts: { open: async () => ({ stored: given.stored ?? [said("run", "user", "hi")] }) },
    agents: { prompt: async (of: PromptRequest) => ((request = of), { system: [], tools: [], report: {} }) },
    log: quietLog,
    outbound: { known: (channel: string) => (channel === "webchat" ? undefined : { channel: { capabilities: {} } }) },
    use: async (token: unknown) => (token === Vendors ? [{ id: "ollama", local: {} }, { id: "anthropic" }] : undefined),
  } as unknown as RunDeps;
  const { provider, baseUrl } = given.endpoint ?? { provider: "anthropic", baseUrl: "https://api.anthropic.com" };
  const { channel } = given;
  await promptFor(deps, {
    place: {
      agent,
      config: fakeConfig(given.config ?? {}),
      session: {
        key: given.key ?? "agent:main:main",
        agentId: "main",
        entry: { sessionId: "s", updatedAt: 1, ...given.entry },
      },
      ref: { agentId: "main", sessionId: "s" },
    },
    endpoint: { provider, baseUrl, model: { id: "m" } } as never,
    tools: (given.tools ?? []).map((name) => ({ name }) as Tool),
    thinking: "off",
    turn: {
      id: "run",
      options: given.options ?? {},
      ...(given.principal === undefined ? {} : { principal: given.principal }),
      ...(channel === undefined
        ? {}
        : {
            replyTo: {
              address: { channel: channel.name, account: "default", kind: "direct", chat: "1" },
              ...(channel.replyTo === undefined ? {} : { replyTo: channel.replyTo }),
            },
          }),
    },
  });
  assert.ok(request);
  return request;
}

const person = (role: Role, parent?: Principal): Principal => ({
  kind: "person",
  id: `telegram:default:${role}`,
  role,
  scopes: [],
  ...(parent === undefined ? {} : { parent }),
});

test("personal memory is for the owner alone, also where others share the main session", async () => {
  assert.equal((await asked({ principal: person("owner") })).isMain, true);
  for (const principal of [person("member"), person("guest"), person("owner", person("member"))])
    assert.equal((await asked({ principal })).isMain, false);
});

test("personal memory is for the main session alone", async () => {
  assert.equal((await asked()).isMain, true);
  assert.equal((await asked({ config: { session: { mainKey: "home" } } })).isMain, false);
  for (const key of ["agent:main:telegram:dm:7", "agent:main:telegram:group:7", "agent:main:subagent:x"])
    assert.equal((await asked({ key })).isMain, false, key);
});

test("only the first turn that a person asks for after a reset is a fresh one", async () => {
  const entry = { startedBy: "new" };
  assert.equal((await asked({ entry })).fresh, "new");
  assert.equal((await asked()).fresh, undefined);
  assert.equal((await asked({ entry, options: { wake: "hook" } })).fresh, undefined);
  const before = [said("earlier", "user", "hi"), said("earlier", "assistant", "hello"), said("run", "user", "now")];
  const later = await asked({ entry, stored: before });
  assert.deepEqual([later.fresh, later.continuation], [undefined, true]);
  // A wake-up is told everything again.
  assert.equal((await asked({ stored: before, options: { wake: "hook" } })).continuation, undefined);
});

test("a group is told as one, and when to speak as the chat, the group or the channel says", async () => {
  const key = "agent:main:telegram:group:-100:topic:3";
  const groups = (value: object) => ({ channels: { telegram: { groups: value } } });
  assert.deepEqual((await asked({ key })).group, { kind: "group", channel: "telegram", activation: "mention" });
  assert.equal((await asked({ key, config: groups({ "*": { requireMention: false } }) })).group?.activation, "always");
  const own = groups({ "*": { requireMention: false }, "-100": { requireMention: true } });
  assert.equal((await asked({ key, config: own })).group?.activation, "mention");
  const entry = { groupActivation: "always", subject: "Tea" };
  assert.deepEqual((await asked({ key, config: own, entry })).group, {
    kind: "group",
    channel: "telegram",
    name: "Tea",
    activation: "always",
  });
  assert.equal((await asked()).group, undefined);
});

test("a model is local when a server that is known as one runs it here", async () => {
  const local = async (provider: string, baseUrl: string) =>
    (await asked({ endpoint: { provider, baseUrl } })).localModel;
  assert.equal(await local("ollama", "http://127.0.0.1:11434/v1"), true);
  assert.equal(await local("ollama", "http://192.168.1.9:11434/v1"), true);
  assert.equal(await local("local", "http://localhost:8080/v1"), true);
  assert.equal(await local("ollama", "https://ollama.example.com/v1"), undefined);
  // A proxy here may lead anywhere.
  assert.equal(await local("anthropic", "http://127.0.0.1:4000"), undefined);
  assert.equal(await local("ollama", "no address"), undefined);
});

test("what the channel can do is told, and reactions where there is a tool for them", async () => {
  const config = { channels: { telegram: { reactionLevel: "minimal" } } };
  const from = (over: Case) => asked({ config, channel: { name: "telegram", replyTo: "5" }, ...over });
  assert.deepEqual((await from({ tools: ["message"] })).channel, { replyTags: true, reactions: "minimal" });
  assert.deepEqual((await from({})).channel, { replyTags: true });
  assert.deepEqual((await from({ channel: { name: "telegram" } })).channel, { replyTags: false });
  assert.equal((await from({ channel: { name: "webchat", replyTo: "5" } })).channel, undefined);
});

test("a preamble stands before the words that began the turn and nowhere else", () => {
  const stored = [
    said("earlier", "user", "a"),
    said("run", "user", "b"),
    said("run", "assistant", "c"),
    said("run", "user", "d"),
  ];
  const texts = withPreamble(stored, "run", "NOTE").map(({ content }) => (typeof content === "string" ? content : "…"));
  assert.deepEqual(texts, ["a", "NOTE\n\nb", "…", "d"]);
  assert.ok(withPreamble(stored, "run", undefined).every((message, at) => message === stored[at]?.message));
  const picture = {
    ...said("run", "user", ""),
    message: { role: "user", content: [{ type: "text", text: "see" }], timestamp: 1 },
  } as StoredMessage;
  assert.deepEqual(withPreamble([picture], "run", "NOTE")[0]?.content, [
    { type: "text", text: "NOTE" },
    { type: "text", text: "see" },
  ]);
});
