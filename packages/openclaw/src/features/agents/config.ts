/** `agents`, `bindings`, `broadcast`, `messages`, `commands`: who answers, how, and to whom. */
import { Type, choice, closed, defaulted } from "../../contracts/schema.ts";
import { defineConfig } from "../../contracts/config.ts";
import {
  CliBackend,
  Compaction,
  ContextPruning,
  Heartbeat,
  HumanDelay,
  Identity,
  MemorySearch,
  ModelChoice,
  Sandbox,
  Subagents,
  Thinking,
  any,
  bool,
  int,
  messageTool,
  str,
  strings,
} from "./_config-parts.ts";

const defaults = closed(
  {
    workspace: Type.Optional(
      Type.String({ description: "Folder the agent works in; default `~/.openclaw/workspace`" }),
    ),
    repoRoot: str,
    skipBootstrap: defaulted(Type.Boolean({ default: false, description: "Do not create the workspace files" })),
    skipOptionalBootstrapFiles: strings,
    bootstrapMaxChars: defaulted(
      Type.Integer({
        default: 20_000,
        minimum: 1,
        description: "Longest workspace file put into the prompt whole, in characters",
      }),
    ),
    bootstrapTotalMaxChars: defaulted(Type.Integer({ default: 60_000, minimum: 1 })),
    bootstrapPromptTruncationWarning: Type.Optional(choice(["off", "once", "always"])),
    contextInjection: defaulted(choice(["always", "continuation-skip", "never"], { default: "always" })),
    userTimezone: str,
    timeFormat: Type.Optional(Type.Union([choice(["auto", "12", "24"]), Type.Literal(12), Type.Literal(24)])),
    envelopeTimezone: str,
    envelopeTimestamp: Type.Optional(choice(["on", "off"])),
    envelopeElapsed: Type.Optional(choice(["on", "off"])),
    model: Type.Optional(ModelChoice),
    models: Type.Optional(
      Type.Record(
        Type.String(),
        closed({
          alias: str,
          params: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
          streaming: bool,
          agentRuntime: any,
        }),
      ),
    ),
    params: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    imageModel: Type.Optional(ModelChoice),
    imageGenerationModel: Type.Optional(ModelChoice),
    musicGenerationModel: Type.Optional(ModelChoice),
    videoGenerationModel: Type.Optional(ModelChoice),
    pdfModel: Type.Optional(ModelChoice),
    pdfMaxBytesMb: int(),
    pdfMaxPages: int(),
    imageMaxDimensionPx: int(1),
    thinkingDefault: Type.Optional(Thinking),
    verboseDefault: Type.Optional(choice(["off", "on", "full"])),
    reasoningDefault: Type.Optional(choice(["off", "on", "stream"])),
    elevatedDefault: Type.Optional(choice(["off", "on", "ask", "full"])),
    fastModeDefault: any,
    timeoutSeconds: defaulted(Type.Integer({ default: 600, minimum: 1, description: "Longest run, in seconds" })),
    mediaMaxMb: defaulted(Type.Number({ default: 5, minimum: 0 })),
    contextTokens: int(1),
    maxConcurrent: defaulted(
      Type.Integer({
        default: 1,
        minimum: 1,
        maximum: 256,
        description: "Runs at once over all sessions; one per session always",
      }),
    ),
    cliBackends: Type.Optional(Type.Record(Type.String(), CliBackend)),
    contextPruning: Type.Optional(ContextPruning),
    compaction: Type.Optional(Compaction),
    blockStreamingDefault: Type.Optional(choice(["on", "off"])),
    blockStreamingBreak: Type.Optional(choice(["text_end", "message_end"])),
    blockStreamingChunk: Type.Optional(
      closed({
        minChars: int(1),
        maxChars: int(1),
        breakPreference: Type.Optional(choice(["paragraph", "newline", "sentence"])),
      }),
    ),
    blockStreamingCoalesce: Type.Optional(closed({ idleMs: int(), minChars: int(), maxChars: int() })),
    humanDelay: Type.Optional(HumanDelay),
    typingMode: Type.Optional(choice(["never", "instant", "thinking", "message"])),
    typingIntervalSeconds: defaulted(Type.Number({ default: 6, minimum: 1 })),
    heartbeat: Type.Optional(Heartbeat),
    subagents: Type.Optional(Subagents),
    sandbox: Type.Optional(Sandbox),
    memorySearch: Type.Optional(MemorySearch),
    skills: strings,
    tools: Type.Optional(closed({ message: messageTool })),
    exec: any, // legacy place of tools.exec
    systemPromptOverride: str,
    promptOverlays: any,
    startupContext: any,
    contextLimits: any,
    agentRuntime: any,
    embeddedPi: any,
    experimental: any,
    silentReply: any,
    silentReplyRewrite: any,
  },
  { default: {} },
);

const agent = closed({
  id: Type.String({ pattern: "^[a-z0-9][a-z0-9_-]{0,63}$", description: "Stable id" }),
  default: bool,
  name: str,
  workspace: str,
  agentDir: str,
  model: Type.Optional(ModelChoice),
  identity: Type.Optional(Identity),
  groupChat: Type.Optional(closed({ mentionPatterns: strings, historyLimit: int(), requireMention: bool })),
  sandbox: Type.Optional(Sandbox),
  subagents: Type.Optional(Subagents),
  tools: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  heartbeat: Type.Optional(Heartbeat),
  humanDelay: Type.Optional(HumanDelay),
  memorySearch: Type.Optional(MemorySearch),
  params: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  skills: strings,
  tts: any,
  thinkingDefault: Type.Optional(Thinking),
  reasoningDefault: Type.Optional(choice(["off", "on", "stream"])),
  fastModeDefault: any,
  agentRuntime: any,
  runtime: any,
  contextLimits: any,
  skillsLimits: any,
  systemPromptOverride: str,
});

export const agentsSection = defineConfig({
  path: "agents",
  summary: "Agents: defaults, and one entry per agent.",
  reload: "live",
  reloads: { "defaults.heartbeat": "restart:heartbeat", "list.*.heartbeat": "restart:heartbeat" },
  secrets: ["defaults.memorySearch.remote.apiKey", "list.*.memorySearch.remote.apiKey"],
  schema: closed({ defaults: defaulted(defaults), list: Type.Optional(Type.Array(agent)) }),
  rules: (value) => {
    const ids = (value.list ?? []).map((a) => a.id);
    return ids.flatMap((id, i) =>
      ids.indexOf(id) < i ? [{ path: `list[${i}].id`, message: `the agent id "${id}" is used twice` }] : [],
    );
  },
});

const peerKind = choice(["direct", "dm", "group", "channel"]);

export const bindingsSection = defineConfig({
  path: "bindings",
  summary: "Which agent answers where.",
  reload: "live",
  schema: Type.Array(
    closed({
      agentId: Type.String({ minLength: 1 }),
      match: closed({
        channel: Type.String({ minLength: 1 }),
        accountId: str,
        accountID: str,
        peer: Type.Optional(closed({ kind: peerKind, id: Type.Union([Type.String(), Type.Integer()]) })),
        guildId: str,
        teamId: str,
        roles: strings,
        parentPeer: Type.Optional(closed({ kind: peerKind, id: Type.Union([Type.String(), Type.Integer()]) })),
      }),
      type: Type.Optional(choice(["route", "acp"])),
      acp: any,
      comment: str,
    }),
    { default: [] },
  ),
});

const broadcastSection = defineConfig({
  path: "broadcast",
  summary: "WhatsApp groups that several agents answer.",
  reload: "restart",
  schema: Type.Record(Type.String(), Type.Union([Type.Array(Type.String()), choice(["parallel", "sequential"])]), {
    default: {},
  }),
});

const queueMode = choice(["collect", "steer", "followup", "steer-backlog", "steer+backlog", "interrupt", "queue"]);
const replies = Type.Optional(choice(["automatic", "message_tool"]));

const messagesSection = defineConfig({
  path: "messages",
  summary: "Prefixes, acknowledgements, queues and voice.",
  reload: "live",
  secrets: ["tts.elevenlabs.apiKey", "tts.openai.apiKey", "tts.providers.*.apiKey"],
  schema: closed({
    responsePrefix: Type.Optional(Type.String({ description: "Put before every reply; `auto` = the agent's name" })),
    ackReaction: str,
    ackReactionScope: Type.Optional(choice(["group-mentions", "group-all", "direct", "all", "off", "none"])),
    removeAckAfterReply: bool,
    messagePrefix: str,
    groupChat: Type.Optional(closed({ historyLimit: int(), mentionPatterns: strings, visibleReplies: replies })),
    visibleReplies: replies,
    statusReactions: Type.Optional(closed({ enabled: bool, emojis: any, timing: any })),
    queue: Type.Optional(
      closed({
        mode: Type.Optional(queueMode),
        debounceMs: int(),
        cap: Type.Optional(Type.Integer()),
        drop: Type.Optional(choice(["old", "new", "summarize"])),
        byChannel: Type.Optional(Type.Record(Type.String(), queueMode)),
        debounceMsByChannel: Type.Optional(Type.Record(Type.String(), Type.Integer({ minimum: 0 }))),
      }),
    ),
    inbound: Type.Optional(
      closed({ debounceMs: int(), byChannel: Type.Optional(Type.Record(Type.String(), Type.Integer({ minimum: 0 }))) }),
    ),
    tts: any,
    suppressToolErrors: bool,
  }),
});

export const commandsSection = defineConfig({
  path: "commands",
  summary: "Slash commands: where they work and for whom.",
  reload: "restart",
  schema: closed({
    native: Type.Optional(Type.Union([Type.Boolean(), Type.Literal("auto")])),
    nativeSkills: Type.Optional(Type.Union([Type.Boolean(), Type.Literal("auto")])),
    text: defaulted(Type.Boolean({ default: true, description: "Understand messages that begin with /" })),
    bash: bool,
    bashForegroundMs: int(),
    config: bool,
    debug: bool,
    restart: bool,
    mcp: bool,
    plugins: bool,
    useAccessGroups: defaulted(Type.Boolean({ default: true })),
    allowFrom: Type.Optional(Type.Record(Type.String(), Type.Array(Type.Union([Type.String(), Type.Integer()])))),
    ownerAllowFrom: defaulted(
      Type.Array(Type.Union([Type.String(), Type.Integer()]), {
        default: [],
        description: "Owners by address: `telegram:4711`",
      }),
    ),
    ownerDisplay: Type.Optional(choice(["raw", "hash"])),
    ownerDisplaySecret: str,
  }),
});

export const config = [agentsSection, bindingsSection, broadcastSection, messagesSection, commandsSection];
