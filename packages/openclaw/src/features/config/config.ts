/** Sections of no feature in particular: `$schema`, `meta`, `wizard`, `env`, `logging`, `diagnostics`, `update`, `cli`. */
import {
  amount,
  flag,
  mapOf,
  maybeFlag,
  maybePick,
  maybeText,
  maybeWords,
  part,
  pick,
  text,
  whole,
  words,
} from "../../contracts/config-kinds.ts";
import { defineConfig } from "../../contracts/config.ts";
import { Type, closed, defaulted } from "../../contracts/schema.ts";

const LEVELS = ["silent", "fatal", "error", "warn", "info", "debug", "trace"] as const;

const schemaSection = defineConfig({
  path: "$schema",
  summary: "Address of a JSON Schema for editors; ignored.",
  reload: "none",
  schema: Type.String({ description: "Address" }),
});

const metaSection = defineConfig({
  path: "meta",
  summary: "Stamp of the program that wrote the file last.",
  reload: "none",
  schema: closed({
    lastTouchedVersion: maybeText("Version of the last writer"),
    lastTouchedAt: maybeText("Time of the last write, ISO 8601"),
  }),
});

const wizardSection = defineConfig({
  path: "wizard",
  summary: "What the set-up last did.",
  reload: "live",
  schema: closed({
    lastRunAt: maybeText("Time, ISO 8601"),
    lastRunVersion: maybeText("Version"),
    lastRunCommit: maybeText("Commit of a source installation"),
    lastRunCommand: maybeText("Command"),
    lastRunMode: maybePick(["local", "remote"], "Where the gateway was said to run"),
  }),
});

const variables = defaulted(
  Type.Record(Type.String({ pattern: "^[A-Za-z_][A-Za-z0-9_]*$" }), Type.String(), {
    default: {},
    description: "Variables by name; wins over `env.<NAME>`",
  }),
);

const envSection = defineConfig({
  path: "env",
  summary: "Variables given to the process where it lacks them.",
  reload: "restart",
  secrets: ["*", "vars.*"],
  schema: Type.Object(
    {
      vars: variables,
      shellEnv: part(
        {
          enabled: flag(false, "Take missing keys from the login shell"),
          timeoutMs: whole(15_000, "How long the shell may take, ms", { minimum: 1 }),
        },
        "Import from the login shell",
      ),
    },
    { additionalProperties: Type.String({ description: "A variable" }) },
  ),
});

const loggingSection = defineConfig({
  path: "logging",
  summary: "What is logged, where, and what is masked.",
  reload: "live",
  schema: closed({
    level: pick(LEVELS, "info", "Level of the log file"),
    file: maybeText(
      "Fixed log file; default is a new file every day in /tmp/openclaw, or in `logs` of a state directory of your choice",
    ),
    maxFileBytes: whole(104_857_600, "Size at which the file is rotated", { minimum: 1 }),
    consoleLevel: pick(LEVELS, "info", "Level of the console"),
    consoleStyle: pick(["pretty", "compact", "json"], "pretty", "Form of console lines"),
    redactSensitive: pick(["off", "tools"], "tools", "Mask secrets in tool summaries, logs and transcripts"),
    redactPatterns: maybeWords("Regular expressions of what to mask, instead of the built-in ones"),
  }),
});

const captureContent = defaulted(
  Type.Union(
    [
      Type.Boolean(),
      closed({
        enabled: maybeFlag("Export content"),
        inputMessages: maybeFlag("What the model was sent"),
        outputMessages: maybeFlag("What it answered"),
        toolInputs: maybeFlag("What tools were given"),
        toolOutputs: maybeFlag("What they returned"),
        systemPrompt: maybeFlag("The system prompt"),
      }),
    ],
    { default: false, description: "Export content; `true` is all but the system prompt" },
  ),
);

const otel = part(
  {
    enabled: flag(false, "Export over OTLP"),
    endpoint: maybeText("Address for all signals"),
    tracesEndpoint: maybeText("Address for traces"),
    metricsEndpoint: maybeText("Address for metrics"),
    logsEndpoint: maybeText("Address for logs"),
    protocol: pick(["http/protobuf", "grpc"], "http/protobuf", "Wire format"),
    headers: mapOf(Type.String(), "Sent with every export"),
    serviceName: text("openclaw", "Name of the service"),
    traces: flag(true, "Export traces"),
    metrics: flag(true, "Export metrics"),
    logs: flag(false, "Export logs"),
    sampleRate: amount(1, "Share of root spans kept", { maximum: 1 }),
    flushIntervalMs: whole(60_000, "Pause between exports, ms", { minimum: 1000 }),
    captureContent,
  },
  "OpenTelemetry",
);

const cacheTrace = part(
  {
    enabled: flag(false, "Record what is sent to prompt caches"),
    filePath: maybeText("Default is logs/cache-trace.jsonl in the state directory"),
    includeMessages: flag(true, "Record messages"),
    includePrompt: flag(true, "Record the prompt"),
    includeSystem: flag(true, "Record the system prompt"),
  },
  "Trace of prompt caching",
);

const diagnosticsSection = defineConfig({
  path: "diagnostics",
  summary: "Diagnostic events, traces and exports.",
  reload: "restart",
  secrets: ["otel.headers.*"],
  schema: closed({
    enabled: flag(true, "Emit diagnostic events inside the process"),
    flags: words([], "Parts that log in detail; `*` is any text"),
    stuckSessionWarnMs: whole(30_000, "A run longer than this without a sign of life is reported, ms"),
    otel,
    cacheTrace,
  }),
});

const HOURS_OF_A_WEEK = { maximum: 168 };

const updateSection = defineConfig({
  path: "update",
  summary: "New versions: which, and how they come.",
  reload: "restart",
  schema: closed({
    channel: pick(["stable", "beta", "dev"], "stable", "Which releases"),
    checkOnStart: flag(true, "Say at start when there is a newer version"),
    auto: part(
      {
        enabled: flag(false, "Update in the background"),
        stableDelayHours: amount(6, "Age a stable release must have, hours", HOURS_OF_A_WEEK),
        stableJitterHours: amount(12, "Random further delay, hours", HOURS_OF_A_WEEK),
        betaCheckIntervalHours: amount(1, "Pause between checks for betas, hours", { maximum: 24 }),
      },
      "Background updates",
    ),
  }),
});

const cliSection = defineConfig({
  path: "cli",
  summary: "The command line.",
  reload: "none",
  schema: closed({
    banner: part(
      { taglineMode: pick(["random", "default", "off"], "random", "Line below the name") },
      "Banner of interactive commands",
    ),
  }),
});

export const config = [
  schemaSection,
  metaSection,
  wizardSection,
  envSection,
  loggingSection,
  diagnosticsSection,
  updateSection,
  cliSection,
];
