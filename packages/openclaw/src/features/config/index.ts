/** The door of configuration: the published snapshot and the file behind it. */
import { token } from "../../contracts/service.ts";
import type { Env } from "../../base/env.ts";
import type { Scope } from "../../base/scope.ts";
import type { EventBus } from "../../contracts/method.ts";
import type { Principal } from "../../contracts/principal.ts";
import type { Platform, Use } from "../../contracts/service.ts";
import type { ConfigSection, ConfigSnapshot } from "../../contracts/config.ts";
import type { SchemaAnswer } from "./_schema/hints.ts";
import type { ReloadPlan } from "./_follow/plan.ts";

export type { ConfigSnapshot };
export { oldVariablesWarning } from "./_load/old-variables.ts";
export { resolvePlace } from "./_load/place.ts";
export type { Place, PlaceFlags } from "./_load/place.ts";
export { readEnvFiles } from "./_load/env-files.ts";
export { loadConfig, readConfig, requireValid } from "./_load/load.ts";
export type { ConfigSource } from "./_load/load.ts";
export { createConfig, editConfig } from "./_service.ts";
export { isRestorable } from "./_load/last-good.ts";
export { newerWarning, refuseNewer } from "./_load/newer.ts";
export { openConfig } from "./_load/open.ts";
export { migrateConfig } from "./_write/migrate.ts";
export type { MigrateOptions, Migrated } from "./_write/migrate.ts";
export { parseStrict } from "./_load/parse.ts";
export { formatPath, valueAt } from "./_path.ts";
export { checkWrites } from "./_writes-from.ts";
export type { Segment } from "./_path.ts";
export type { ReloadPlan };
export { readSentinel, removeSentinel } from "./_write/sentinel.ts";
export type { RestartSentinel } from "./_write/sentinel.ts";

/** Every section of the product and its extensions. */
export const ConfigSections = token<readonly ConfigSection[]>("config-sections");

export interface ConfigIssue {
  /** `gateway.port`, `agents.list[0].id`, `` for the root. */
  readonly path: string;
  /** One sentence; for an unknown key with the nearest known one. */
  readonly message: string;
  /** The included file that it is about, absolute; absent for the configuration file itself. */
  readonly file?: string;
  /** Place in the file, 1-based, when known. */
  readonly line?: number;
  readonly column?: number;
}

/** What came of looking for the secrets that a configuration refers to. */
export interface ResolvedSecrets {
  /** With text in the place of references; those that nobody reads are left out. */
  readonly root: Readonly<Record<string, unknown>>;
  /** Where text was put in. */
  readonly places: readonly string[];
  /** Secrets that somebody reads and that cannot be had. */
  readonly issues: readonly { readonly path: string; readonly message: string }[];
  readonly warnings: number;
}

/**
 * Fetches the secrets that a configuration (with its defaults) refers to. `check` looks only: nothing is
 * logged. Never rejects.
 */
export type ResolveSecrets = (
  root: Readonly<Record<string, unknown>>,
  why: "start" | "reload" | "check",
) => Promise<ResolvedSecrets>;

/** Provided by the feature that fetches secrets. */
export const SecretResolver = token<ResolveSecrets>("secret-resolver");

/** The file as it is now, valid or not. */
export interface ConfigFile {
  readonly path: string;
  readonly exists: boolean;
  readonly raw: string | null;
  /** The file itself as data: `$include` and `${VAR}` as they stand there. */
  readonly parsed: unknown;
  /**
   * The whole with includes and variables put in and old keys renamed; `{}` when the file cannot be parsed.
   * Not validated, no defaults, SecretRefs as they are.
   */
  readonly resolved: Readonly<Record<string, unknown>>;
  readonly valid: boolean;
  /** Identifies the bytes of the file. */
  readonly hash: string;
  /** Identifies the bytes of the file and of everything that it includes; the hash when it includes nothing. */
  readonly revision: string;
  readonly issues: readonly ConfigIssue[];
  readonly warnings: readonly ConfigIssue[];
  /**
   * Every file that `$include` names, absolute, with the config path whose value it gives; also those that
   * are missing or broken. To be watched together with `path`.
   */
  readonly includes: readonly { readonly file: string; readonly at: string }[];
  /** Keys of older versions that doctor would rename: `routing.allowFrom`, message names the new place. */
  readonly legacyIssues: readonly ConfigIssue[];
  /**
   * What kind of thing is wrong first. `secret`: the file is sound, but a secret that it refers to cannot be
   * had now, so another version of the file would not help.
   */
  readonly problem?: "syntax" | "include" | "variable" | "legacy" | "schema" | "secret";
  /** Variables that the `env` block and the login shell add: those that the process lacks. */
  readonly env: Env;
  /** Present when valid. */
  readonly snapshot?: ConfigSnapshot;
}

export interface ConfigService {
  /** The snapshot in force. Runs keep the one they began with. */
  current(): ConfigSnapshot;
  /** The hash of the file of which every setting is in force; the file has another one while a restart is due. */
  applied(): string;
  /** What clients get in place of a hash: keyed, so that nothing can be guessed from it. */
  fingerprint(hash: string): Promise<string>;
  /**
   * Called once the start has succeeded: the file becomes the last good one, and from now on its changes
   * take effect as their sections say. Ends with the scope. `use` finds what restarts parts and tells sessions.
   */
  follow(by: {
    readonly platform: Platform;
    readonly scope: Scope;
    readonly events: EventBus;
    readonly use?: Use;
  }): Promise<void>;
  /**
   * Takes up a file that was just written, without waiting for the watcher; resolves once it is in force, with
   * what it needed. `caller`: the restart that it may need is scheduled by whoever calls.
   */
  written(file: ConfigFile, by?: { readonly restart: "plan" | "caller" }): Promise<ReloadPlan>;
  /** Reads the file again without publishing it. */
  read(): Promise<ConfigFile>;
  /** Sets or removes one value, keeping everything else of the file; validates before it writes. In force when it resolves. */
  edit(
    change: { readonly path: string; readonly value: unknown } | { readonly path: string; readonly remove: true },
  ): Promise<ConfigFile>;
  /** Schema and form hints of the whole file; made once. */
  schema(): Promise<SchemaAnswer>;
  /**
   * Fetches every secret again that the configuration refers to and puts all of them into force at once.
   * Resolves with the number of warnings; rejects with `CONFIG_SECRET`, and then the previous ones stay.
   */
  reloadSecrets(): Promise<number>;
  /** Any part of a config value with secrets replaced by `__OPENCLAW_REDACTED__`. */
  redact(value: unknown, path?: string): unknown;
}

export const Config = token<ConfigService>("config");

/** What a session is told at its next turn. */
export interface SessionNotice {
  readonly text: string;
  /** A session key; `main`: of the default agent; `last`: the one that was active last. */
  readonly session: string;
  /** Starts that turn now instead of waiting for somebody to write. */
  readonly wake?: string;
  /** Whoever caused it; the gateway itself when absent. */
  readonly by?: Principal;
}

/** Provided by a feature that knows sessions. */
export interface SessionNoticesService {
  /** Resolves once the notice is stored. */
  tell(notice: SessionNotice): Promise<void>;
  /** Says once what the last restart, or the change that did without one, was for. */
  announceRestart(): Promise<void>;
}

export const SessionNotices = token<SessionNoticesService>("session-notices");
