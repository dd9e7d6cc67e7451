/** Tools for other sessions: those that an agent starts, and those that it may see and write to. */
import { Type, choice, closed } from "../../contracts/schema.ts";
import { defineTool } from "../../contracts/tool.ts";
import { Models } from "../../models/index.ts";
import { ProviderQuotas } from "../usage/index.ts";
import { StoreToken, TranscriptsToken } from "../../store/index.ts";
import { Agents } from "../agents/index.ts";
import { Config } from "../config/index.ts";
import { Lanes, Sessions } from "../sessions/index.ts";
import { Subagents } from "./index.ts";
import { Talks } from "./_service-tokens.ts";

const text = (description: string, maxLength = 512) => Type.String({ minLength: 1, maxLength, description });

export const spawnParams = closed({
  task: text("What is to be done, complete: the sub-agent knows nothing else", 100_000),
  label: Type.Optional(text("Short name", 64)),
  agentId: Type.Optional(text("Other agent to do it; see agents_list", 64)),
  model: Type.Optional(text("Model, provider/model")),
  thinking: Type.Optional(text("Thinking level", 16)),
  runTimeoutSeconds: Type.Optional(Type.Number({ minimum: 0, maximum: 604_800, description: "0 = no limit" })),
  cleanup: Type.Optional(choice(["keep", "delete"], { description: "delete: put its session away at once" })),
  context: Type.Optional(choice(["isolated", "fork"], { description: "fork: begin with a copy of this conversation" })),
  cwd: Type.Optional(text("Folder to work in", 4096)),
  sandbox: Type.Optional(choice(["inherit", "require"])),
  attachments: Type.Optional(
    Type.Array(
      closed({
        name: text("File name", 200),
        content: Type.String({ maxLength: 8_000_000 }),
        encoding: Type.Optional(choice(["utf8", "base64"])),
        mimeType: Type.Optional(Type.String({ maxLength: 200 })),
      }),
      { maxItems: 100 },
    ),
  ),
  runtime: Type.Optional(choice(["subagent", "acp"])),
  mode: Type.Optional(choice(["run", "session"])),
  thread: Type.Optional(Type.Boolean()),
});

export const subagentsParams = closed({
  action: Type.Optional(choice(["list", "steer", "kill"], { description: "Default list" })),
  target: Type.Optional(text("steer, kill: number in the list, id, label, key, last; kill: all")),
  message: Type.Optional(text("steer: what to tell it", 100_000)),
  recentMinutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 1440, description: "list: ended since" })),
});

export const KINDS = ["main", "group", "cron", "hook", "node", "other"] as const;

export const listParams = closed({
  kinds: Type.Optional(Type.Array(choice(KINDS), { maxItems: 6 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: "Default 50" })),
  activeMinutes: Type.Optional(Type.Integer({ minimum: 1 })),
  messageLimit: Type.Optional(Type.Integer({ minimum: 0, maximum: 20, description: "Newest messages of each" })),
  label: Type.Optional(text("Exact label", 128)),
  agentId: Type.Optional(text("Of this agent only", 64)),
  search: Type.Optional(text("Part of key, label or name", 200)),
  includeDerivedTitles: Type.Optional(Type.Boolean()),
  includeLastMessage: Type.Optional(Type.Boolean()),
});

export const historyParams = closed({
  sessionKey: text("Key or session id"),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: "Newest messages, default 50" })),
  includeTools: Type.Optional(Type.Boolean({ description: "Results of tools too" })),
});

export const sendParams = closed({
  sessionKey: Type.Optional(text("Key or session id")),
  label: Type.Optional(text("Label, instead of the key", 128)),
  agentId: Type.Optional(text("Agent whose label it is", 64)),
  message: text("What to say", 100_000),
  timeoutSeconds: Type.Optional(
    Type.Number({ minimum: 0, maximum: 3600, description: "Wait for the answer, default 30; 0 = do not wait" }),
  ),
});

export const yieldParams = closed({
  message: Type.Optional(text("What you wait for", 2000)),
});

export const statusParams = closed({
  sessionKey: Type.Optional(text("Another session")),
  model: Type.Optional(text("Use this model in it from now on; default = the usual one", 200)),
});

export const tools = [
  defineTool({
    name: "session_status",
    group: "sessions",
    label: "Session status",
    summary: "current date and time, model, token use of this session",
    description:
      "Returns the current date and time with time zone, the model in use, tokens and settings of the session. Use it whenever you need the clock. model changes the session's model.",
    effect: "read",
    params: statusParams,
    uses: [Config, Lanes, Models, ProviderQuotas, Sessions, StoreToken],
    load: async () => (await import("./_tools/status.ts")).statusTool,
  }),
  defineTool({
    name: "sessions_spawn",
    group: "sessions",
    label: "Start a sub-agent",
    summary: "Start a sub-agent for a task; it reports when done",
    description:
      "Starts a sub-agent in a session of its own for one task and returns at once. Its report comes to this conversation by itself as a message: do not poll for it. For long or parallel work. Several may be started in one go. It does not see this conversation unless context is fork.",
    effect: "spend",
    params: spawnParams,
    paramAliases: { timeoutSeconds: "runTimeoutSeconds", prompt: "task" },
    uses: [Subagents],
    load: async () => (await import("./_tools/spawn.ts")).spawnTool,
  }),
  defineTool({
    name: "subagents",
    group: "sessions",
    label: "Sub-agents",
    summary: "List, steer or stop the sub-agents of this session",
    description:
      "Looks after the sub-agents that this session started: list (those at work and those that ended lately), steer (tell one something while it works), kill (stop one, or all, with everything that they started). Not for waiting: reports come by themselves.",
    effect: "spend",
    params: subagentsParams,
    uses: [Subagents],
    load: async () => (await import("./_tools/subagents.ts")).subagentsTool,
  }),
  defineTool({
    name: "sessions_yield",
    group: "sessions",
    label: "End this turn",
    summary: "End this turn and wait for reports of sub-agents",
    description:
      "Ends this turn. Use it when nothing is left to do until the reports of sub-agents come: each starts a turn by itself.",
    effect: "read",
    params: yieldParams,
    load: async () => (await import("./_tools/yield.ts")).yieldTool,
  }),
  defineTool({
    name: "agents_list",
    group: "agents",
    label: "Agents",
    summary: "List agents that sessions_spawn may start",
    description: "Lists the ids of agents that sessions_spawn takes as agentId.",
    effect: "read",
    params: closed({}),
    uses: [Agents, Config],
    load: async () => (await import("./_tools/agents.ts")).agentsTool,
  }),
  defineTool({
    name: "sessions_list",
    group: "sessions",
    label: "Sessions",
    summary: "List other sessions with filters and last messages",
    description:
      "Lists sessions that this one may see, newest first: key, kind, channel, model, tokens, and on request the newest messages of each.",
    effect: "read",
    params: listParams,
    maxResultChars: 40_000,
    uses: [Config, Sessions, TranscriptsToken],
    load: async () => (await import("./_tools/list.ts")).listTool,
  }),
  defineTool({
    name: "sessions_history",
    group: "sessions",
    label: "Session history",
    summary: "Read messages of another session or sub-agent",
    description:
      "Returns the newest messages of a session, oldest first. Reasoning, tool calls and secrets are left out; long texts are cut.",
    effect: "read",
    params: historyParams,
    maxResultChars: 40_000,
    uses: [Config, Sessions, TranscriptsToken],
    load: async () => (await import("./_tools/history.ts")).historyTool,
  }),
  defineTool({
    name: "sessions_send",
    group: "sessions",
    label: "Write to a session",
    summary: "Send a message to another session or sub-agent",
    description:
      "Sends a message to another session and waits for its answer. The two may then write to each other a few times; REPLY_SKIP ends that. At the end the other session may tell its own chat; ANNOUNCE_SKIP keeps it silent.",
    effect: "spend",
    params: sendParams,
    uses: [Agents, Config, Sessions, Talks],
    load: async () => (await import("./_tools/send.ts")).sendTool,
  }),
];
