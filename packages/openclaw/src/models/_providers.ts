/** One provider as it is under a configuration: the vendor's data with the operator's entry over it. */
import { NO_CHAT } from "../contracts/model.ts";
import type { Vendor } from "../contracts/model.ts";
import { compact } from "../base/text.ts";
import type { CliBackend } from "../contracts/cli-backend.ts";
import { cliBackendIds, cliBackendOf, cliRow } from "./_cli-backends.ts";
import { keyNames, keyOf, plainSecret, plainSecrets } from "./_credential.ts";
import { isLocal, isNative, ownPlace, sameHost } from "./_hosts.ts";
import { rowsOf, unlistedRow } from "./_rows.ts";
import type { Layers, ProviderRow } from "./_rows.ts";
import { modelsConfig, providerEntries } from "./_source.ts";
import type { ProviderEntry, Source } from "./_source.ts";

export type { ProviderRow } from "./_rows.ts";

export interface KnownProvider {
  readonly id: string;
  readonly api: string;
  readonly baseUrl: string;
  readonly rows: readonly ProviderRow[];
  /** Takes ids that are not in `rows`: all, or those that begin so. */
  readonly anyModel: boolean | readonly string[];
  /** Earlier and shorter ids → ids of today. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** The operator has an entry for it. */
  readonly configured: boolean;
  readonly native: boolean;
  readonly key?: string;
  /** Can be called: a credential resolves, or none is needed. */
  readonly available: boolean;
  /** The variable that a person would set. */
  readonly keyEnv?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, unknown>>;
  readonly timeoutMs?: number;
  readonly documents?: true;
  readonly program?: CliBackend;
  /** Cannot be called without a credential. */
  readonly needsKey: boolean;
  /** Variables that may hold a key, in lookup order. */
  readonly keyEnvs: readonly string[];
  /** The operator's own key for it. */
  readonly entryKey?: string;
  /** The operator sends it elsewhere than its vendor does: the operator's key is meant for that place. */
  readonly moved: boolean;
  /** What goes with a request that is made with this key. */
  readonly keyed: (key: string | undefined) => Keyed;
  /** A row for an id that nobody described. */
  readonly rowFor: (id: string) => ProviderRow;
}

export interface Keyed {
  /** Absent when the key travels in a header of its own: it must not be sent twice. */
  readonly apiKey?: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Trimmed, lower case, aliases of vendors rewritten. */
export function providerId(text: string, vendors: readonly Vendor[]): string {
  const id = text.trim().toLowerCase();
  return vendors.find((vendor) => vendor.aliases?.includes(id))?.id ?? id;
}

/** Ids of all providers, the operator's first, the offline model last. */
export function providerIds(source: Source): string[] {
  const { vendors, config } = source;
  const { mode } = modelsConfig(config);
  const own = [...Object.keys(providerEntries(source)).map((id) => providerId(id, vendors)), ...cliBackendIds(config)];
  const builtIn = vendors.filter((vendor) => mode !== "replace" || vendor.api === "offline").map((vendor) => vendor.id);
  const last = builtIn.filter((id) => id === "offline");
  return [...new Set([...own, ...builtIn.filter((id) => id !== "offline"), ...last])];
}

/** Undefined for a provider that is neither built in nor configured. */
export function providerOf(id: string, source: Source): KnownProvider | undefined {
  const before = source.known?.get(id);
  if (before) return before;
  const provider = putTogether(id, source);
  if (provider) source.known?.set(id, provider);
  return provider;
}

function putTogether(id: string, source: Source): KnownProvider | undefined {
  const { vendors, config } = source;
  const { mode } = modelsConfig(config);
  const entry = Object.entries(providerEntries(source)).find(([name]) => providerId(name, vendors) === id)?.[1];
  const vendor = vendors.find((candidate) => candidate.id === id);
  const program = entry ? undefined : cliBackendOf(id, config);
  if (program) return programProvider(id, program, cliBackendIds(config).includes(id));
  if (!entry && (!vendor || (mode === "replace" && vendor.api !== "offline"))) return undefined;
  return merged(id, vendor, entry, source);
}

function programProvider(id: string, program: CliBackend, configured: boolean): KnownProvider {
  return {
    id,
    api: "cli",
    baseUrl: "",
    rows: [],
    anyModel: true,
    configured,
    native: false,
    available: true,
    headers: {},
    params: {},
    program,
    needsKey: false,
    keyEnvs: [],
    moved: false,
    keyed: () => ({ headers: {} }),
    rowFor: cliRow,
  };
}

function merged(
  id: string,
  vendor: Vendor | undefined,
  entry: ProviderEntry | undefined,
  { env, found, vendors }: Source,
): KnownProvider {
  const baseUrl = entry?.baseUrl || vendor?.baseUrlFrom?.(env) || vendor?.baseUrl || "";
  const ownHost = vendor !== undefined && ownPlace(baseUrl, vendor);
  const guest = entry?.baseUrl && !ownHost ? hostKeys(entry.baseUrl, vendors) : [];
  const { key = guest.map((name) => env[name]?.trim()).find(Boolean), keyEnv } = keyOf(id, vendor, entry, env);
  const constant = {
    ...(ownHost ? vendor?.headers : {}),
    ...plainSecrets(entry?.headers, env),
    ...plainSecrets(entry?.request?.headers, env),
  };
  const inHeader = entry?.authHeader || entry?.request?.auth?.mode === "header";
  const keyed = (own: string | undefined): Keyed => ({
    ...(inHeader || own === undefined ? {} : { apiKey: own }),
    headers: { ...constant, ...authHeaders(entry, own, env) },
  });
  const { apiKey, headers } = keyed(key);
  const needsKey = !keyless(vendor, env) && !isLocal(baseUrl) && entry?.request?.auth === undefined;
  const layers: Layers = { provider: id, vendor, entry, baseUrl, ownHost, env, found: found?.(id) ?? [] };
  let rows: readonly ProviderRow[] | undefined;
  const known: Omit<KnownProvider, "rows"> = compact({
    id,
    api: apiOf(vendor, entry, baseUrl, ownHost),
    baseUrl,
    anyModel: anyModelOf(vendor, entry),
    renamed: vendor?.renamed,
    configured: entry !== undefined,
    native: isNative(baseUrl),
    key: apiKey,
    needsKey: needsKey && entry?.auth !== "aws-sdk",
    keyEnvs: [...keyNames(id, vendor), ...guest],
    entryKey: plainSecret(entry?.apiKey, env),
    moved: vendor !== undefined && !ownHost,
    keyed,
    available:
      !needsKey || entry?.auth === "aws-sdk" || key !== undefined || Object.keys(entry?.headers ?? {}).length > 0,
    keyEnv,
    headers,
    params: { ...entry?.params, ...(entry?.sanitizeToolCallIds && { sanitizeToolCallIds: true }) },
    documents: ownHost ? vendor?.documents : undefined,
    timeoutMs: entry?.timeoutSeconds === undefined ? undefined : entry.timeoutSeconds * 1000,
    rowFor: (modelId: string) => unlistedRow(modelId, layers),
  });
  // Most questions are not about the models, and some companies have hundreds.
  return {
    ...known,
    get rows() {
      return (rows ??= rowsOf(layers));
    },
  };
}

/** Variables with the key of the vendor at whose place an entry is: Arcee's models at OpenRouter, with OpenRouter's key. */
function hostKeys(baseUrl: string, vendors: readonly Vendor[]): readonly string[] {
  return vendors.find((host) => host.baseUrl !== "" && !host.local && sameHost(baseUrl, host.baseUrl))?.keyEnv ?? [];
}

function anyModelOf(vendor: Vendor | undefined, entry: ProviderEntry | undefined): boolean | readonly string[] {
  if (vendor && vendor.api !== NO_CHAT) return vendor.anyModel ?? false;
  return entry !== undefined && (entry.models ?? []).length === 0;
}

/** Nothing is asked, or the dialect finds what it needs in the environment. */
function keyless(vendor: Vendor | undefined, env: Source["env"]): boolean {
  if (!vendor) return false;
  if (vendor.api === "offline" || vendor.ambient?.some((names) => names.every((name) => env[name]?.trim())))
    return true;
  return vendor.keyEnv.length === 0 && !vendor.ambient && (vendor.auth ?? []).some(({ kind }) => kind === "none");
}

function apiOf(
  vendor: Vendor | undefined,
  entry: ProviderEntry | undefined,
  baseUrl: string,
  ownHost: boolean,
): string {
  if (entry?.api !== undefined) return entry.api;
  if (!vendor || (entry?.baseUrl && vendor.api === NO_CHAT)) return "openai-completions";
  // Few servers that stand in for OpenAI's know its newer protocol, and those for Google's speak OpenAI's.
  const own = vendor.api === "openai-responses" || vendor.api === "google-generative-ai";
  if (own && !ownHost && !isNative(baseUrl)) return "openai-completions";
  // Ollama's other address, where it speaks OpenAI's protocol.
  return vendor.api === "ollama" && /\/v1\/?$/.test(baseUrl) ? "openai-completions" : vendor.api;
}

function authHeaders(
  entry: ProviderEntry | undefined,
  key: string | undefined,
  env: Source["env"],
): Record<string, string> {
  const auth = entry?.request?.auth;
  if (auth?.mode === "header" && auth.headerName) {
    const value = plainSecret(auth.value, env) ?? key;
    return value === undefined ? {} : { [auth.headerName]: `${auth.prefix ?? ""}${value}` };
  }
  const bearer =
    auth?.mode === "authorization-bearer" ? (plainSecret(auth.token, env) ?? key) : entry?.authHeader ? key : undefined;
  return bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
}
