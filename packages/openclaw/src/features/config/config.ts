/** Sections of no feature in particular: `$schema`, `meta`, `wizard`, `env`, `logging`, `diagnostics`, `update`, `cli`. */
import { Type, choice, closed, defaulted } from "../../contracts/schema.ts";
import { defineConfig } from "../../contracts/config.ts";

const LEVELS = ["silent", "fatal", "error", "warn", "info", "debug", "trace"] as const;

function flag(byDefault: boolean, description: string) {
  return defaulted(Type.Boolean({ default: byDefault, description }));
}
function text(description: string) {
  return Type.Optional(Type.String({ description }));
}
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
    lastTouchedVersion: text("Version of the last writer"),
    lastTouchedAt: text("Time of the last write, ISO 8601"),
  }),
});

const wizardSection = defineConfig({
  path: "wizard",
  summary: "What the set-up last did.",
  reload: "live",
  schema: closed({
    lastRunAt: text("Time, ISO 8601"),
    lastRunVersion: text("Version"),
    lastRunCommit: text("Commit of a source installation"),
    lastRunCommand: text("Command"),
    lastRunMode: Type.Optional(choice(["local", "remote"], { description: "Where the gateway was said to run" })),
  }),
});

const envSection = defineConfig({
  path: "env",
  summary: "Variables given to the process where it lacks them.",
  reload: "restart",
  secrets: ["*", "vars.*"],
  schema: Type.Object(
    {
      vars: defaulted(
        Type.Record(Type.String({ pattern: "^[A-Za-z_][A-Za-z0-9_]*$" }), Type.String(), {
          default: {},
          description: "Variables by name; wins over `env.<NAME>`",
        }),
      ),
      shellEnv: defaulted(
        closed(
          {
            enabled: flag(false, "Take missing keys from the login shell"),
            timeoutMs: defaulted(
              Type.Integer({ default: 15_000, minimum: 1, description: "How long the shell may take, ms" }),
            ),
          },
          { default: {}, description: "Import from the login shell" },
        ),
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
    level: defaulted(choice(LEVELS, { default: "info", description: "Level of the log file" })),
    file: text(
      "Fixed log file; default is a new file every day in /tmp/openclaw, or in `logs` of a state directory of your choice",
    ),
    maxFileBytes: defaulted(
      Type.Integer({ default: 104_857_600, minimum: 1, description: "Size at which the file is rotated" }),
    ),
    consoleLevel: defaulted(choice(LEVELS, { default: "info", description: "Level of the console" })),
    consoleStyle: defaulted(
      choice(["pretty", "compact", "json"], { default: "pretty", description: "Form of console lines" }),
    ),
    redactSensitive: defaulted(
      choice(["off", "tools"], {
        default: "tools",
        description: "Mask secrets in tool summaries, logs and transcripts",
      }),
    ),
    redactPatterns: Type.Optional(
      Type.Array(Type.String(), { description: "Regular expressions of what to mask, instead of the built-in ones" }),
    ),
  }),
});

const captureContent = Type.Union(
  [
    Type.Boolean(),
    closed({
      enabled: Type.Optional(Type.Boolean()),
      inputMessages: Type.Optional(Type.Boolean()),
      outputMessages: Type.Optional(Type.Boolean()),
      toolInputs: Type.Optional(Type.Boolean()),
      toolOutputs: Type.Optional(Type.Boolean()),
      systemPrompt: Type.Optional(Type.Boolean()),
    }),
  ],
  { default: false, description: "Export content; `true` is all but the system prompt" },
);

const otel = closed(
  {
    enabled: flag(false, "Export over OTLP"),
    endpoint: text("Address for all signals"),
    tracesEndpoint: text("Address for traces"),
    metricsEndpoint: text("Address for metrics"),
    logsEndpoint: text("Address for logs"),
    protocol: defaulted(choice(["http/protobuf", "grpc"], { default: "http/protobuf", description: "Wire format" })),
    headers: defaulted(
      Type.Record(Type.String(), Type.String(), { default: {}, description: "Sent with every export" }),
    ),
    serviceName: defaulted(Type.String({ default: "openclaw", description: "Name of the service" })),
    traces: flag(true, "Export traces"),
    metrics: flag(true, "Export metrics"),
    logs: flag(false, "Export logs"),
    sampleRate: defaulted(Type.Number({ default: 1, minimum: 0, maximum: 1, description: "Share of root spans kept" })),
    flushIntervalMs: defaulted(
      Type.Integer({ default: 60_000, minimum: 1000, description: "Pause between exports, ms" }),
    ),
    captureContent: defaulted(captureContent),
  },
  { default: {}, description: "OpenTelemetry" },
);

const cacheTrace = closed(
  {
    enabled: flag(false, "Record what is sent to prompt caches"),
    filePath: text("Default is logs/cache-trace.jsonl in the state directory"),
    includeMessages: flag(true, "Record messages"),
    includePrompt: flag(true, "Record the prompt"),
    includeSystem: flag(true, "Record the system prompt"),
  },
  { default: {}, description: "Trace of prompt caching" },
);

const diagnosticsSection = defineConfig({
  path: "diagnostics",
  summary: "Diagnostic events, traces and exports.",
  reload: "restart",
  secrets: ["otel.headers.*"],
  schema: closed({
    enabled: flag(true, "Emit diagnostic events inside the process"),
    flags: defaulted(
      Type.Array(Type.String(), { default: [], description: "Parts that log in detail; `*` is any text" }),
    ),
    stuckSessionWarnMs: defaulted(
      Type.Integer({
        default: 30_000,
        minimum: 0,
        description: "A run longer than this without a sign of life is reported, ms",
      }),
    ),
    otel: defaulted(otel),
    cacheTrace: defaulted(cacheTrace),
  }),
});

const updateSection = defineConfig({
  path: "update",
  summary: "New versions: which, and how they come.",
  reload: "restart",
  schema: closed({
    channel: defaulted(choice(["stable", "beta", "dev"], { default: "stable", description: "Which releases" })),
    checkOnStart: flag(true, "Say at start when there is a newer version"),
    auto: defaulted(
      closed(
        {
          enabled: flag(false, "Update in the background"),
          stableDelayHours: defaulted(
            Type.Number({ default: 6, minimum: 0, maximum: 168, description: "Age a stable release must have, hours" }),
          ),
          stableJitterHours: defaulted(
            Type.Number({ default: 12, minimum: 0, maximum: 168, description: "Random further delay, hours" }),
          ),
          betaCheckIntervalHours: defaulted(
            Type.Number({ default: 1, minimum: 0, maximum: 24, description: "Pause between checks for betas, hours" }),
          ),
        },
        { default: {}, description: "Background updates" },
      ),
    ),
  }),
});

const cliSection = defineConfig({
  path: "cli",
  summary: "The command line.",
  reload: "none",
  schema: closed({
    banner: defaulted(
      closed(
        {
          taglineMode: defaulted(
            choice(["random", "default", "off"], { default: "random", description: "Line below the name" }),
          ),
        },
        { default: {}, description: "Banner of interactive commands" },
      ),
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
