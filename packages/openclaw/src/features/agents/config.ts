/** `agents`, `bindings`, `broadcast`, `surfaces`, `messages`, `commands`: who answers, how, and to whom. */
import { Peer, maybeListOf, maybePart, maybePick, maybeText, maybeWords } from "../../contracts/config-kinds.ts";
import { defineConfig } from "../../contracts/config.ts";
import { Type, choice, closed } from "../../contracts/schema.ts";
import { commandsSection, messagesSection } from "./_config/messages.ts";
import { agentProblems, agentWarnings, unknownAgents } from "./_config/rules.ts";
import { agent } from "./_config/agent.ts";
import { defaults } from "./_config/defaults.ts";
import { SANDBOX_SECRETS } from "./_config/sandbox.ts";
import { silentReply } from "./_config/shared.ts";

export { commandsSection };

const SECRETS = [
  "memorySearch.remote.apiKey",
  "memorySearch.remote.headers.*",
  ...SANDBOX_SECRETS.map((path) => `sandbox.${path}`),
];
const VOICE_SECRETS = ["elevenlabs.apiKey", "openai.apiKey", "providers.*.apiKey", "providers.*.env.*"];

export const agentsSection = defineConfig({
  path: "agents",
  summary: "Agents: defaults, and one entry per agent.",
  reload: "live",
  reloads: { "defaults.heartbeat": "restart:heartbeat", "list.*.heartbeat": "restart:heartbeat" },
  secrets: [
    ...SECRETS.flatMap((path) => [`defaults.${path}`, `list.*.${path}`]),
    ...VOICE_SECRETS.map((path) => `list.*.tts.${path}`),
    "defaults.cliBackends.*.env.*",
  ],
  schema: closed({ defaults, list: maybeListOf(agent, "Agents; absent = one, `main`") }),
  rules: agentProblems,
  warnings: agentWarnings,
});

const peer = closed({
  kind: choice(["direct", "dm", "group", "channel"], { description: "`dm` is the same as `direct`" }),
  id: Peer,
});

const match = closed({
  channel: Type.String({ minLength: 1, description: "Channel" }),
  accountId: maybeText("Account, `*` for all; absent = the default one"),
  accountID: maybeText("Older name of `accountId`"),
  peer: Type.Optional(peer),
  guildId: maybeText("Discord server"),
  teamId: maybeText("Slack or Teams team"),
  roles: maybeWords("Discord roles"),
  parentPeer: Type.Optional(peer),
});

const acp = maybePart(
  {
    mode: maybePick(["persistent", "oneshot"], "Keep it running, or start it for each turn"),
    label: maybeText("Name of its session"),
    cwd: maybeText("Folder that it runs in"),
    backend: maybeText("Plugin that runs it"),
  },
  "Coding agent",
);

export const bindingsSection = defineConfig({
  path: "bindings",
  summary: "Which agent answers where; the first that fits best counts.",
  reload: "live",
  schema: Type.Array(
    closed({
      agentId: Type.Unsafe<string>({ type: "string", minLength: 1, readAs: "lowercase", description: "Agent" }),
      match,
      type: maybePick(["route", "acp"], "An agent of this gateway, or another coding agent"),
      acp,
      comment: maybeText("For people"),
    }),
    { default: [] },
  ),
  warnings: (bindings, root) =>
    unknownAgents(
      bindings.map(({ agentId }, at) => [`[${at}].agentId`, agentId]),
      root,
    ),
});

const broadcastSection = defineConfig({
  path: "broadcast",
  summary: "WhatsApp groups and people that several agents answer, each in its own session.",
  reload: "restart",
  schema: Type.Object(
    {
      strategy: Type.Optional(
        choice(["parallel", "sequential"], { default: "parallel", description: "All at once, or one after the other" }),
      ),
    },
    { additionalProperties: Type.Array(Type.String(), { description: "Agents, by group or number" }) },
  ),
  warnings: (broadcast, root) =>
    unknownAgents(
      Object.entries(broadcast).flatMap(([peerId, ids]) =>
        Array.isArray(ids) ? ids.map((id, at) => [`[${JSON.stringify(peerId)}][${at}]`, String(id)] as const) : [],
      ),
      root,
    ),
});

const surfacesSection = defineConfig({
  path: "surfaces",
  summary: "What differs by channel, by its id.",
  reload: "restart",
  schema: Type.Record(Type.String(), closed(silentReply), { default: {} }),
});

export const config = [
  agentsSection,
  bindingsSection,
  broadcastSection,
  surfacesSection,
  messagesSection,
  commandsSection,
];
