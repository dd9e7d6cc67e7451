import { Type, choice, closed } from "../../contracts/schema.ts";
import { defineMethod } from "../../contracts/method.ts";
import { Config, ConfigSections } from "./index.ts";

const issue = Type.Object({ path: Type.String(), message: Type.String() });

const hint = Type.Object({
  label: Type.Optional(Type.String()),
  help: Type.Optional(Type.String()),
  group: Type.Optional(Type.String()),
  order: Type.Optional(Type.Number()),
  advanced: Type.Optional(Type.Boolean()),
  sensitive: Type.Optional(Type.Boolean()),
  placeholder: Type.Optional(Type.String()),
  tags: Type.Optional(Type.Array(Type.String())),
  restarts: Type.Optional(
    Type.Array(Type.String(), { description: "Parts that a change restarts, `gateway` for the whole; else at once" }),
  ),
});
const reloadKind = choice(["restart", "hot", "none"]);

const write = {
  raw: Type.String({ description: "JSON5" }),
  baseHash: Type.Optional(Type.String({ description: "`hash` of config.get; required as soon as there is a file" })),
};
const restart = {
  sessionKey: Type.Optional(Type.String({ minLength: 1, maxLength: 512, description: "Session to tell afterwards" })),
  note: Type.Optional(Type.String({ maxLength: 10_000, description: "What that session is reminded of" })),
  restartDelayMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 3_600_000, description: "Default 2000" })),
  deliveryContext: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
};
const answer = {
  ok: Type.Literal(true),
  path: Type.String(),
  hash: Type.String(),
  config: Type.Record(Type.String(), Type.Unknown(), { description: "With defaults, secrets hidden" }),
};
const outcome = {
  sentinel: Type.Object({
    persisted: Type.Boolean(),
    payload: Type.Object({
      kind: choice(["config-apply", "config-patch", "update"]),
      status: Type.String(),
      ts: Type.Integer(),
      sessionKey: Type.Optional(Type.String()),
      message: Type.Union([Type.String(), Type.Null()]),
      doctorHint: Type.Optional(Type.String()),
      stats: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    }),
  }),
  restart: Type.Optional(
    Type.Object(
      {
        ok: Type.Literal(true),
        pid: Type.Integer(),
        signal: Type.String(),
        mode: Type.String(),
        reason: Type.String(),
        delayMs: Type.Integer(),
        coalesced: Type.Boolean(),
      },
      { description: "Only when a restart was scheduled" },
    ),
  ),
};

export const methods = [
  defineMethod({
    name: "config.get",
    scope: "operator.read",
    summary: "The configuration file as text and as data, validated, with secrets hidden.",
    params: closed({}),
    result: Type.Object({
      path: Type.String(),
      exists: Type.Boolean(),
      raw: Type.Union([Type.String(), Type.Null()], {
        description: "Text of the file; null when there is none or it cannot be read",
      }),
      parsed: Type.Unknown({ description: "Content of the file as data" }),
      valid: Type.Boolean(),
      config: Type.Record(Type.String(), Type.Unknown(), { description: "With defaults; empty when invalid" }),
      hash: Type.String({ description: "Identifies the bytes of the file" }),
      issues: Type.Array(issue),
      warnings: Type.Array(issue),
      legacyIssues: Type.Array(issue),
      includedPaths: Type.Array(Type.String()),
      configRevisionHash: Type.String({ description: "Of the file" }),
      appliedConfigHash: Type.String({ description: "Of the file whose every setting is in force" }),
      runtimeConfig: Type.Record(Type.String(), Type.Unknown(), {
        description: "What is in force, defaults included; also without a file",
      }),
    }),
    run: async ({ use }) => {
      const { describeFile } = await import("./_schema/describe.ts");
      return describeFile(await use(Config), await use(ConfigSections));
    },
  }),
  defineMethod({
    name: "config.set",
    scope: "operator.admin",
    summary: "Replaces the configuration file; what changed takes effect as its settings say.",
    params: closed(write),
    result: Type.Object(answer),
    run: async (call, params) => (await import("./_methods-write.ts")).set(call, params),
  }),
  defineMethod({
    name: "config.apply",
    scope: "operator.admin",
    summary: "Replaces the configuration file, restarts where that is needed, and tells the session afterwards.",
    params: closed({ ...write, ...restart }),
    result: Type.Object({ ...answer, ...outcome }),
    run: async (call, params) => (await import("./_methods-write.ts")).apply(call, params),
  }),
  defineMethod({
    name: "config.patch",
    scope: "operator.admin",
    summary: "Merges a JSON merge patch into the configuration file; then as config.apply.",
    params: closed({
      ...write,
      ...restart,
      replacePaths: Type.Optional(Type.Array(Type.String(), { description: "Accepted; lists are always replaced" })),
    }),
    result: Type.Object({
      ok: answer.ok,
      path: answer.path,
      config: answer.config,
      hash: Type.Optional(answer.hash),
      noop: Type.Optional(Type.Boolean({ description: "Nothing differed, nothing was written" })),
      changedPaths: Type.Array(Type.String()),
      sentinel: Type.Optional(outcome.sentinel),
      restart: outcome.restart,
    }),
    run: async (call, params) => (await import("./_methods-write.ts")).patch(call, params),
  }),
  defineMethod({
    name: "config.schema",
    scope: "operator.read",
    summary: "JSON Schema of the configuration file, with what forms show about every setting.",
    params: closed({}),
    result: Type.Object({
      schema: Type.Record(Type.String(), Type.Unknown()),
      uiHints: Type.Record(Type.String(), hint),
      version: Type.String(),
      generatedAt: Type.String(),
    }),
    run: async ({ use }) => (await use(Config)).schema(),
  }),
  defineMethod({
    name: "config.schema.lookup",
    scope: "operator.read",
    summary: "One place of the configuration schema and what may stand directly below it.",
    params: closed({ path: Type.String({ minLength: 1, maxLength: 1024 }) }),
    result: Type.Object({
      path: Type.String(),
      schema: Type.Record(Type.String(), Type.Unknown()),
      reloadKind: Type.Optional(reloadKind),
      hint: Type.Optional(hint),
      hintPath: Type.Optional(Type.String()),
      children: Type.Array(
        Type.Object({
          key: Type.String(),
          path: Type.String(),
          type: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])),
          required: Type.Boolean(),
          hasChildren: Type.Boolean(),
          reloadKind: Type.Optional(reloadKind),
          hint: Type.Optional(hint),
          hintPath: Type.Optional(Type.String()),
        }),
      ),
    }),
    run: async ({ use }, { path }) => {
      const [config, sections] = await Promise.all([use(Config), use(ConfigSections)]);
      const { lookUp } = await import("./_schema/lookup.ts");
      return lookUp(await config.schema(), path, sections);
    },
  }),
];
