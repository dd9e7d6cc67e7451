/** What a command's body gets. */
import type { Env } from "../base/env.ts";
import type { LogLevel } from "../base/log.ts";
import { Scope } from "../base/scope.ts";
import type { CliContext, CliOut } from "../contracts/cli.ts";
import type { ConfigSection } from "../contracts/config.ts";
import type { Platform, Token, Use } from "../contracts/service.ts";
import type { ConfigFile } from "../features/config/index.ts";
import { withGatewaySecrets } from "./_gateway-secrets.ts";
import { runningAt } from "./_running.ts";
import { createCaller, type Caller } from "./connect.ts";
import type { Parsed } from "./parse.ts";
import { commandLog, createPlatform, osHome } from "./platform.ts";
import { resolveTarget, type TargetFlags } from "./target.ts";

export interface OpenContext {
  readonly parsed: Extract<Parsed, { kind: "run" }>;
  readonly out: CliOut;
  readonly signal: AbortSignal;
  readonly version: string;
  readonly env: Env;
}

/**
 * Resolves places and `.env` files, and, unless the command is a diagnostic one, holds the configuration
 * against its schema before anything runs. Throws the fault that lists every issue.
 */
export async function openContext({
  parsed,
  out,
  signal,
  version,
  env,
}: OpenContext): Promise<{ readonly context: CliContext; readonly close: () => Promise<void> }> {
  const { command, args, options, global } = parsed;
  const { ConfigSections, newerWarning, readEnvFiles, requireValid, resolvePlace } =
    await import("../features/config/index.ts");
  const place = resolvePlace(
    env,
    { dev: global.dev, ...(global.profile === undefined ? {} : { profile: global.profile }) },
    osHome(),
  );
  const files = await readEnvFiles(place, process.cwd());
  const log = await commandLog(levelOf(global, files.env));
  for (const warning of files.warnings) log.warn(warning);
  const bare = createPlatform({ env: files.env, paths: place.paths, log, version });
  const file = command.diagnostic ? undefined : await loadFile(bare);
  if (file) {
    requireValid(file);
    const warning = newerWarning(file.resolved, version);
    if (warning !== undefined) log.warn(warning);
  }
  const platform = file ? { ...bare, env: { ...bare.env, ...file.env } } : bare;
  const scope = new Scope(platform.clock, "command");
  const local = lazily(() => localServices(platform, scope));
  const caller = lazily(() => openCaller(platform, file, options, signal));
  scope.add("children", () => bare.close());
  scope.add("connection", async () => (await caller.made())?.close());

  const context: CliContext = {
    platform,
    args,
    options,
    global: {
      json: global.json,
      verbose: global.verbose,
      color: global.color,
      ...(global.logLevel === undefined ? {} : { logLevel: global.logLevel }),
    },
    out,
    signal,
    config: async () => requireValid(file ?? (await loadFile(platform))),
    call: async (method, params, call) => (await caller.get()).call(method, params, call),
    use: async <T>(token: Token<T>) =>
      token.name === ConfigSections.name ? ((await allSections()) as T) : (await local.get())(token),
  };
  return { context, close: async () => void (await scope.close()) };
}

async function loadFile(platform: Platform): Promise<ConfigFile> {
  const { loadConfig } = await import("../features/config/index.ts");
  return loadConfig({ platform, sections: await allSections() });
}

/** Every section of the product and its extensions. */
export async function allSections(): Promise<readonly ConfigSection[]> {
  const [{ configSections }, { extensions }] = await Promise.all([
    import("../generated/config.ts"),
    import("../generated/extensions.ts"),
  ]);
  return [...new Set([...configSections, ...extensions.flatMap(({ config }) => config)])];
}

async function localServices(platform: Platform, scope: Scope): Promise<Use> {
  const { compose } = await import("../app/index.ts");
  return compose(platform, scope);
}

/** Connection settings are read without judging the rest of the file, so that diagnostics work with a broken one. */
async function openCaller(
  platform: Platform,
  file: ConfigFile | undefined,
  options: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<Caller> {
  const { readConfig } = await import("../features/config/index.ts");
  const known = file ?? (await readConfig(platform));
  const env = { ...platform.env, ...known.env };
  const config = await withGatewaySecrets(known.resolved, { ...platform, env });
  const target = resolveTarget(targetFlags(options), env, config, await runningAt(platform));
  if (target.ssh === undefined) return createCaller(target, platform, signal);
  const { throughTunnel } = await import("./_ssh-tunnel.ts");
  const near = await throughTunnel(target, platform, signal);
  const caller = createCaller(near.target, platform, signal);
  return {
    call: caller.call,
    close() {
      caller.close();
      near.close();
    },
  };
}

export function targetFlags(options: Readonly<Record<string, unknown>>): TargetFlags {
  const text = (name: string) =>
    typeof options[name] === "string" && options[name] !== "" ? { [name]: options[name] } : {};
  return { ...text("url"), ...text("token"), ...text("password"), ...text("tlsFingerprint") };
}

const LEVELS = new Set(["silent", "fatal", "error", "warn", "info", "debug", "trace"]);

function levelOf(global: { readonly verbose: boolean; readonly logLevel?: string }, env: Env): LogLevel | "silent" {
  const wanted = global.logLevel ?? (global.verbose ? "debug" : env["OPENCLAW_LOG_LEVEL"]);
  return wanted !== undefined && LEVELS.has(wanted) ? (wanted as LogLevel | "silent") : "warn";
}

/** Made on first use, once; `made` does not make it. */
function lazily<T>(make: () => Promise<T>): { get(): Promise<T>; made(): Promise<T | undefined> } {
  let value: Promise<T> | undefined;
  return {
    get: () => (value ??= make()),
    made: async () => value?.catch(() => undefined),
  };
}
