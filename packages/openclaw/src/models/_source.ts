/** What references are understood against. */
import type { Static } from "../contracts/schema.ts";
import type { ConfigSnapshot } from "../contracts/config.ts";
import type { Vendor } from "../contracts/model.ts";
import type { Env } from "../base/env.ts";
import type { modelsSection } from "./config.ts";
import type { KnownProvider } from "./_providers.ts";
import type { FoundRow } from "./_rows.ts";

export interface Source {
  /** Providers with a stored login. */
  readonly connected?: ReadonlySet<string>;
  readonly vendors: readonly Vendor[];
  readonly env: Env;
  readonly config: ConfigSnapshot;
  /** Providers put together before: nothing above ever changes. */
  readonly known?: Map<string, KnownProvider>;
  /** What servers said that they serve, by provider. */
  readonly found?: (provider: string) => readonly FoundRow[];
  /** Providers of the agent's `models.json`. */
  readonly file?: ProviderEntries;
}

type ModelsConfig = Static<typeof modelsSection.schema>;
export type ProviderEntry = NonNullable<ModelsConfig["providers"]>[string];
export type ProviderEntries = Readonly<Record<string, ProviderEntry>>;
export type RowEntry = NonNullable<ProviderEntry["models"]>[number];

/** What `agents.defaults.models` says about one model. */
export interface ModelSettings {
  readonly alias?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** Model choice of an agent or of the defaults. */
interface Choice {
  readonly primary?: string;
  readonly fallbacks: readonly string[];
}

export const OFFLINE = "offline/assistant";

export function modelsConfig(config: ConfigSnapshot): Partial<ModelsConfig> {
  return (config.at("models") as ModelsConfig | undefined) ?? {};
}

/**
 * Providers of the operator: those of the configuration over those of the agent's file. Of one that both have, the file
 * keeps its address and its key, unless the configuration refers to a secret.
 */
export function providerEntries({ config, file }: Pick<Source, "config" | "file">): ProviderEntries {
  const { mode, providers = {} } = modelsConfig(config);
  if (mode === "replace" || !file) return providers;
  const both = Object.entries(providers).map(([id, entry]) => [id, over(file[id], entry)] as const);
  return { ...Object.fromEntries(both), ...without(file, providers) };
}

function over(kept: ProviderEntry | undefined, entry: ProviderEntry): ProviderEntry {
  if (!kept) return entry;
  const own = entry.models ?? [];
  const more = (kept.models ?? []).filter(({ id }) => !own.some((row) => row.id === id));
  const baseUrl = kept.baseUrl || entry.baseUrl;
  const apiKey = typeof entry.apiKey === "object" ? entry.apiKey : kept.apiKey || entry.apiKey;
  return {
    ...kept,
    ...entry,
    ...(baseUrl ? { baseUrl } : {}),
    ...(apiKey ? { apiKey } : {}),
    models: [...own, ...more],
  };
}

function without(all: ProviderEntries, other: ProviderEntries): ProviderEntries {
  return Object.fromEntries(Object.entries(all).filter(([id]) => !Object.hasOwn(other, id)));
}

/** Catalog, aliases, params and allowlist in one; undefined when nothing is restricted. */
export function settings(config: ConfigSnapshot): Readonly<Record<string, ModelSettings>> | undefined {
  const map = config.at("agents.defaults.models") as Record<string, ModelSettings> | undefined;
  return map && Object.keys(map).length > 0 ? map : undefined;
}

export function defaultChoice(config: ConfigSnapshot): Choice {
  return choiceOf(config.at("agents.defaults.model"));
}

/** The choices of all agents that have one of their own. */
function agentChoices(config: ConfigSnapshot): Choice[] {
  const list = config.at("agents.list");
  return Array.isArray(list) ? list.map((agent: { model?: unknown }) => choiceOf(agent.model)) : [];
}

/** Everything the operator named on purpose, in order of rank. */
export function namedRefs(config: ConfigSnapshot): string[] {
  const choices = [defaultChoice(config), ...agentChoices(config)];
  return choices.flatMap(({ primary, fallbacks }) => (primary === undefined ? fallbacks : [primary, ...fallbacks]));
}

/** The primary model of one agent, where it has its own. */
export function agentModel(config: ConfigSnapshot, agentId: string | undefined): string | undefined {
  const list = config.at("agents.list");
  if (!Array.isArray(list) || agentId === undefined) return undefined;
  const agent = list.find((one: { id?: string }) => one.id === agentId) as { model?: unknown } | undefined;
  return agent && choiceOf(agent.model).primary;
}

/** Settings of a model, the more special over the more general: of all models, of this one, of this agent's. */
export function paramsOf(
  ref: string,
  config: ConfigSnapshot,
  row: Readonly<Record<string, unknown>>,
  agentId?: string,
): Readonly<Record<string, unknown>> {
  const list = config.at("agents.list");
  const agents = (Array.isArray(list) ? list : []) as readonly { readonly id?: string; readonly params?: object }[];
  return {
    ...(config.at("agents.defaults.params") as object | undefined),
    ...row,
    ...settings(config)?.[ref]?.params,
    ...(agentId === undefined ? {} : agents.find(({ id }) => id === agentId)?.params),
  };
}

/** The references of the allowlist; undefined when nothing is restricted. */
export function allowedRefs(config: ConfigSnapshot): ReadonlySet<string> | undefined {
  const map = settings(config);
  return map && new Set([...Object.keys(map), ...namedRefs(config)]);
}

/** Ids of the providers that have an entry in the configuration. */
export function entryProviders(config: ConfigSnapshot): ReadonlySet<string> {
  return new Set(Object.keys(modelsConfig(config).providers ?? {}));
}

function choiceOf(value: unknown): Choice {
  if (typeof value === "string") return { primary: value, fallbacks: [] };
  const { primary, fallbacks } = (value ?? {}) as { primary?: string; fallbacks?: string[] };
  return { ...(primary === undefined ? {} : { primary }), fallbacks: fallbacks ?? [] };
}
