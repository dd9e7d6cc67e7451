/** Shapes that the defaults and each agent share. */
import { Type, choice, closed } from "../../contracts/schema.ts";

const int = (minimum = 0) => Type.Optional(Type.Integer({ minimum }));
const bool = Type.Optional(Type.Boolean());
const str = Type.Optional(Type.String());
const strings = Type.Optional(Type.Array(Type.String()));
const any = Type.Optional(Type.Unknown());
const span = Type.Optional(Type.Union([Type.String(), Type.Number()]));

/** `provider/model`, an alias, or primary with fallbacks. */
export const ModelChoice = Type.Union([Type.String({ minLength: 1 }), closed({ primary: str, fallbacks: strings })], {
  description: "`provider/model`, an alias, or `{ primary, fallbacks }`",
});

export const Thinking = choice(["off", "minimal", "low", "medium", "high", "xhigh", "adaptive", "max"]);

export const Heartbeat = closed({
  every: span,
  model: str,
  session: str,
  to: str,
  accountId: str,
  target: str,
  prompt: str,
  includeReasoning: bool,
  ackMaxChars: int(),
  activeHours: Type.Optional(closed({ start: str, end: str, timezone: str })),
  directPolicy: Type.Optional(choice(["allow", "block"])),
  lightContext: bool,
  isolatedSession: bool,
  skipWhenBusy: bool,
  timeoutSeconds: int(),
  suppressToolErrorWarnings: bool,
  includeSystemPromptSection: bool,
});

export const HumanDelay = closed({
  mode: Type.Optional(choice(["off", "natural", "custom"])),
  minMs: int(),
  maxMs: int(),
});

const ulimit = Type.Union([Type.Integer(), Type.String(), closed({ soft: Type.Integer(), hard: Type.Integer() })]);

export const Sandbox = closed({
  mode: Type.Optional(choice(["off", "non-main", "all"])),
  scope: Type.Optional(choice(["session", "agent", "shared"])),
  perSession: bool,
  workspaceAccess: Type.Optional(choice(["none", "ro", "rw"])),
  workspaceRoot: str,
  backend: str,
  ssh: any,
  sessionToolsVisibility: Type.Optional(choice(["spawned", "all"])),
  docker: Type.Optional(
    closed({
      image: str,
      containerPrefix: str,
      workdir: str,
      readOnlyRoot: bool,
      tmpfs: strings,
      network: str,
      user: str,
      capDrop: strings,
      env: Type.Optional(Type.Record(Type.String(), Type.String())),
      setupCommand: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])),
      pidsLimit: int(),
      memory: Type.Optional(Type.Union([Type.String(), Type.Number()])),
      memorySwap: Type.Optional(Type.Union([Type.String(), Type.Number()])),
      cpus: Type.Optional(Type.Number()),
      ulimits: Type.Optional(Type.Record(Type.String(), ulimit)),
      seccompProfile: str,
      apparmorProfile: str,
      dns: strings,
      extraHosts: strings,
      binds: strings,
      gpus: str,
      dangerouslyAllowReservedContainerTargets: bool,
      dangerouslyAllowExternalBindSources: bool,
      dangerouslyAllowContainerNamespaceJoin: bool,
    }),
  ),
  browser: Type.Optional(
    closed({
      enabled: bool,
      image: str,
      containerPrefix: str,
      cdpPort: int(),
      vncPort: int(),
      noVncPort: int(),
      headless: bool,
      enableNoVnc: bool,
      network: str,
      cdpSourceRange: str,
      binds: strings,
      allowHostControl: bool,
      allowedControlUrls: strings,
      allowedControlHosts: strings,
      allowedControlPorts: Type.Optional(Type.Array(Type.Integer())),
      autoStart: bool,
      autoStartTimeoutMs: int(),
    }),
  ),
  prune: Type.Optional(
    closed({
      idleHours: Type.Optional(Type.Number({ minimum: 0 })),
      maxAgeDays: Type.Optional(Type.Number({ minimum: 0 })),
    }),
  ),
});

const ratio = Type.Optional(Type.Number({ minimum: 0, maximum: 1 }));

export const ContextPruning = closed({
  mode: Type.Optional(choice(["off", "adaptive", "aggressive", "cache-ttl"])),
  keepLastAssistants: int(),
  softTrimRatio: ratio,
  hardClearRatio: ratio,
  minPrunableToolChars: int(),
  softTrim: Type.Optional(closed({ maxChars: int(), headChars: int(), tailChars: int() })),
  hardClear: Type.Optional(closed({ enabled: bool, placeholder: str })),
  tools: Type.Optional(closed({ allow: strings, deny: strings })),
  ttl: span,
});

export const Compaction = closed({
  mode: Type.Optional(choice(["default", "safeguard"])),
  reserveTokens: int(),
  reserveTokensFloor: int(),
  keepRecentTokens: int(),
  memoryFlush: Type.Optional(
    closed({ enabled: bool, softThresholdTokens: int(), prompt: str, systemPrompt: str, model: str }),
  ),
  provider: str,
  timeoutSeconds: int(),
  identifierPolicy: Type.Optional(choice(["strict", "off", "custom"])),
  identifierInstructions: str,
  qualityGuard: any,
  midTurnPrecheck: any,
  postCompactionSections: strings,
  model: str,
  truncateAfterCompaction: bool,
  maxActiveTranscriptBytes: span,
  notifyUser: bool,
  customInstructions: str,
});

export const MemorySearch = closed({
  enabled: bool,
  provider: str,
  fallback: str,
  model: str,
  remote: any,
  local: any,
  sources: strings,
  extraPaths: strings,
  outputDimensionality: int(),
  inputType: str,
  queryInputType: str,
  documentInputType: str,
  query: any,
  store: any,
  cache: any,
  sync: any,
  chunking: any,
  multimodal: any,
  experimental: any,
  qmd: any,
});

export const Identity = closed({ name: str, theme: str, emoji: str, avatar: str });

export const Subagents = closed({
  model: Type.Optional(ModelChoice),
  thinking: Type.Optional(Thinking),
  maxConcurrent: int(1),
  archiveAfterMinutes: int(),
  allowAgents: strings,
  runTimeoutSeconds: int(),
  requireAgentId: bool,
  maxSpawnDepth: Type.Optional(Type.Integer({ minimum: 1, maximum: 5 })),
  maxChildrenPerAgent: Type.Optional(Type.Integer({ minimum: 1, maximum: 20 })),
});

export const CliBackend = closed({
  command: str,
  args: strings,
  resumeArgs: strings,
  output: Type.Optional(choice(["json", "text", "jsonl"])),
  resumeOutput: Type.Optional(choice(["json", "text", "jsonl"])),
  input: Type.Optional(choice(["arg", "stdin"])),
  modelArg: str,
  modelAliases: Type.Optional(Type.Record(Type.String(), Type.String())),
  sessionArg: str,
  sessionArgs: strings,
  sessionMode: Type.Optional(choice(["always", "existing", "none"])),
  sessionIdFields: strings,
  systemPromptArg: str,
  systemPromptFileArg: str,
  systemPromptFileConfigArg: str,
  systemPromptFileConfigKey: str,
  systemPromptWhen: Type.Optional(choice(["first", "always", "never"])),
  systemPromptMode: Type.Optional(choice(["append", "replace"])),
  imageArg: str,
  imageMode: Type.Optional(choice(["repeat", "list"])),
  env: Type.Optional(Type.Record(Type.String(), Type.String())),
  clearEnv: strings,
  serialize: bool,
  maxPromptArgChars: int(),
  bundleMcp: bool,
});

export const messageTool = Type.Optional(
  closed({
    crossContext: Type.Optional(
      closed({
        allowWithinProvider: bool,
        allowAcrossProviders: bool,
        marker: Type.Optional(closed({ enabled: bool, prefix: str, suffix: str })),
      }),
    ),
    broadcast: any,
    allowCrossContextSend: bool,
  }),
);

export { any, bool, int, str, strings };
