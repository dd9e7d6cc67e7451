/** Body of `models status`: models in use, logins, and what is missing. */
import { dirname } from "node:path";
import { formatDuration } from "../../base/time.ts";
import type { CliContext } from "../../contracts/cli.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import { record } from "../../base/record.ts";
import { Models, agentModel } from "../../models/index.ts";
import type { LoginState, ModelsService, ProviderLogins } from "../../models/index.ts";
import { Config } from "../config/index.ts";
import { agentOf } from "./_place.ts";
import { probe } from "./_probe.ts";
import type { Probed } from "./_probe.ts";

const WARN_MS = 24 * 3_600_000;

interface Choice {
  readonly primary?: string;
  readonly fallbacks: readonly string[];
}

export async function run(context: CliContext): Promise<number | void> {
  const { use, options, out, global, platform } = context;
  const [models, service] = await Promise.all([use(Models), use(Config)]);
  const config = service.current();
  const agentId = agentOf(options, config);
  const resolved = models.defaultRef(config, agentModel(config, agentId));
  if (options["plain"] === true) return out.line(resolved);
  const { fallbacks, ...chosen } = choiceAt(config, "agents.defaults.model");
  const used = [resolved, ...fallbacks].map((ref) => canonical(models, ref, config).split("/", 1)[0] ?? "");
  const also = [...new Set(used)].filter((id) => id !== "offline");
  const providers = await models.loginReport(config, { agentId, also });
  const probes = options["probe"] === true ? await probe(context, { agentId, providers, resolved }) : undefined;
  const seen = { agentId, resolved, chosen: chosen.primary, fallbacks, also, providers, probes };
  if (global.json || options["json"] === true) out.json(document(context, models, config, seen));
  else for (const line of lines(context, models, config, seen)) out.line(line);
  return options["check"] === true ? verdict(providers, also, platform.clock.now()) : undefined;
}

interface Seen {
  readonly agentId: string;
  readonly resolved: string;
  readonly chosen: string | undefined;
  readonly fallbacks: readonly string[];
  /** Providers of the models in use. */
  readonly also: readonly string[];
  readonly providers: readonly ProviderLogins[];
  readonly probes: readonly Probed[] | undefined;
}

/** 1: one is missing or has expired; 2: one ends within a day. */
function verdict(providers: readonly ProviderLogins[], also: readonly string[], now: number): number | undefined {
  const mine = providers.filter(({ provider }) => also.includes(provider));
  if (mine.some(({ status }) => status === "missing" || status === "expired")) return 1;
  return mine.some(({ status, logins }) => status === "expiring" || logins.some((login) => endsSoon(login, now)))
    ? 2
    : undefined;
}

function endsSoon({ expires, renewable, state }: LoginState, now: number): boolean {
  return state === "ok" && !renewable && expires !== undefined && expires - now < WARN_MS;
}

function canonical(models: ModelsService, ref: string, config: ConfigSnapshot): string {
  try {
    return models.canonical(ref, config);
  } catch {
    return ref;
  }
}

function choiceAt(config: ConfigSnapshot, path: string): Choice {
  const value = config.at(path);
  if (typeof value === "string") return { primary: value, fallbacks: [] };
  const { primary, fallbacks } = record(value) as { primary?: string; fallbacks?: string[] };
  return { fallbacks: fallbacks ?? [], ...(primary === undefined ? {} : { primary }) };
}

function listed(config: ConfigSnapshot): Readonly<Record<string, { alias?: string }>> {
  return record(config.at("agents.defaults.models")) as Record<string, { alias?: string }>;
}

function aliases(config: ConfigSnapshot): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(listed(config)).flatMap(([ref, { alias }]) => (alias === undefined ? [] : [[alias, ref]])),
  );
}

function unusable(providers: readonly ProviderLogins[], now: number) {
  return providers.flatMap(({ provider, logins }) =>
    logins.flatMap(({ id, state, reason, remainingMs, model }) => {
      if ((state !== "cooldown" && state !== "disabled") || remainingMs === undefined) return [];
      const until = Math.round(now + remainingMs);
      const rest = { reason: reason ?? "unknown", until, remainingMs: Math.round(remainingMs) };
      return [{ profileId: id, provider, kind: state, ...rest, ...(model === undefined ? {} : { model }) }];
    }),
  );
}

function document({ platform }: CliContext, models: ModelsService, config: ConfigSnapshot, seen: Seen) {
  const { agentId, resolved, chosen, fallbacks, also, providers, probes } = seen;
  const image = choiceAt(config, "agents.defaults.imageModel");
  const storePath = models.loginStore(config, agentId);
  const stored = providers.flatMap(({ logins }) =>
    logins.filter(({ source, expires }) => source === "profile" && expires !== undefined),
  );
  return {
    configPath: platform.paths.config,
    agentId,
    agentDir: dirname(storePath),
    defaultModel: chosen ?? resolved,
    resolvedDefault: resolved,
    fallbacks,
    imageModel: image.primary ?? null,
    imageFallbacks: image.fallbacks,
    aliases: aliases(config),
    allowed: Object.keys(listed(config)),
    auth: {
      storePath,
      shellEnvFallback: { enabled: config.at("env.shellEnv.enabled") === true, appliedKeys: [] },
      providers: providers.map(({ provider, label, status, logins }) => ({
        provider,
        displayName: label,
        status,
        logins,
      })),
      missingProvidersInUse: missing(providers, also),
      unusableProfiles: unusable(providers, platform.clock.now()),
      oauth: {
        warnAfterMs: WARN_MS,
        profiles: stored.map(({ id, kind, state, expires, renewable }) => ({
          profileId: id,
          type: kind,
          status: state,
          expiresAt: expires,
          renewable: renewable ?? false,
        })),
        providers: providers.map(({ provider, status }) => ({ provider, status })),
      },
      ...(probes === undefined ? {} : { probes }),
    },
  };
}

function missing(providers: readonly ProviderLogins[], also: readonly string[]): readonly string[] {
  const bad = providers.filter(({ status }) => status === "missing" || status === "expired");
  const known = new Set(providers.map(({ provider }) => provider));
  return [
    ...bad.map(({ provider }) => provider).filter((id) => also.includes(id)),
    ...also.filter((id) => !known.has(id) && id !== ""),
  ];
}

function lines(context: CliContext, models: ModelsService, config: ConfigSnapshot, seen: Seen): string[] {
  const { out, platform } = context;
  const { agentId, resolved, fallbacks, also, providers, probes } = seen;
  const image = choiceAt(config, "agents.defaults.imageModel");
  const names = Object.entries(aliases(config)).map(([alias, ref]) => `${alias} → ${ref}`);
  const allowed = Object.keys(listed(config)).length;
  const now = platform.clock.now();
  const lost = missing(providers, also);
  return [
    `Default:         ${resolved}`,
    `Fallbacks:       ${fallbacks.length === 0 ? "none" : fallbacks.join(", ")}`,
    `Image model:     ${image.primary ?? "none"}${image.fallbacks.length === 0 ? "" : `, then ${image.fallbacks.join(", ")}`}`,
    `Aliases:         ${names.length === 0 ? "none" : names.join(", ")}`,
    `Allowed models:  ${allowed === 0 ? "all" : allowed}`,
    `Agent:           ${agentId}`,
    `Logins:          ${models.loginStore(config, agentId)}`,
    `Shell env:       ${config.at("env.shellEnv.enabled") === true ? "on" : "off"}`,
    "",
    ...providers.flatMap(({ provider, status, logins }) => [
      `${provider}: ${status === "static" ? (logins.length === 0 ? "no key needed" : "ok") : status}`,
      ...logins.map((login) => `  ${loginLine(login, now)}`),
    ]),
    ...(lost.length === 0
      ? []
      : [
          "",
          "Missing auth",
          ...lost.map((id) => `  ${id}: ${out.named(`openclaw models auth login --provider ${id}`)}`),
        ]),
    ...(probes === undefined ? [] : ["", "Probes", ...probes.map(probeLine)]),
  ];
}

function loginLine(
  { id, kind, state, reason, remainingMs, expires, renewable, next, masked }: LoginState,
  now: number,
): string {
  const parts = [
    kind,
    ...(masked === undefined ? [] : [masked]),
    ...(state === "ok"
      ? []
      : [
          remainingMs === undefined
            ? `${state}${reason === undefined || reason === state ? "" : ` (${reason})`}`
            : `${state} (${reason ?? "unknown"}), ${formatDuration(remainingMs)} left`,
        ]),
    ...(expires === undefined || renewable || expires <= now ? [] : [`expires in ${formatDuration(expires - now)}`]),
    ...(next ? ["next"] : []),
  ];
  return `${id}  ${parts.join(", ")}`;
}

function probeLine({ profileId, provider, model, status, reason, ms }: Probed): string {
  const said = reason === undefined ? "" : ` (${reason})`;
  return `  ${profileId ?? provider}  ${model ?? ""}  ${status}${said}${ms === undefined ? "" : `  ${ms} ms`}`;
}
