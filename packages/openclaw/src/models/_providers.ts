/** One provider as it is under a configuration: the vendor's data with the operator's entry over it. */
import type { Compat, ModelRow, Vendor } from "../contracts/model.ts";
import { compact } from "../base/text.ts";
import { DEFAULT_CONTEXT, DEFAULT_MAX_TOKENS } from "./config.ts";
import type { CliBackend } from "../contracts/cli-backend.ts";
import { cliBackendIds, cliBackendOf, cliRow } from "./_cli-backends.ts";
import { keyOf, plainSecret } from "./_credential.ts";
import { isLocal, isNative, sameHost } from "./_hosts.ts";
import { modelsConfig } from "./_source.ts";
import type { ProviderEntry, RowEntry, Source } from "./_source.ts";

/** A model with what the operator's entry adds to it. */
export interface ProviderRow extends ModelRow {
  readonly headers?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, unknown>>;
  /** Ollama forgets what exceeds its own small default unless it is told the size. */
  readonly numCtx?: number;
}

export interface KnownProvider {
  readonly id: string;
  readonly api: string;
  readonly baseUrl: string;
  readonly rows: readonly ProviderRow[];
  /** Takes ids that are not in `rows`. */
  readonly anyModel: boolean;
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
  /** A row for an id that nobody described. */
  readonly rowFor: (id: string) => ProviderRow;
}

/** Trimmed, lower case, aliases of vendors rewritten. */
export function providerId(text: string, vendors: readonly Vendor[]): string {
  const id = text.trim().toLowerCase();
  return vendors.find((vendor) => vendor.aliases?.includes(id))?.id ?? id;
}

/** Ids of all providers, the operator's first, the offline model last. */
export function providerIds({ vendors, config }: Source): string[] {
  const { mode, providers = {} } = modelsConfig(config);
  const own = [...Object.keys(providers).map((id) => providerId(id, vendors)), ...cliBackendIds(config)];
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
  const { mode, providers = {} } = modelsConfig(config);
  const entry = Object.entries(providers).find(([name]) => providerId(name, vendors) === id)?.[1];
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
    rowFor: cliRow,
  };
}

function merged(
  id: string,
  vendor: Vendor | undefined,
  entry: ProviderEntry | undefined,
  { env }: Source,
): KnownProvider {
  const baseUrl = entry?.baseUrl || vendor?.baseUrl || "";
  const ownHost = vendor !== undefined && sameHost(baseUrl, vendor.baseUrl);
  const { key, keyEnv } = keyOf(id, vendor, entry, env);
  const headers = {
    ...(ownHost ? vendor?.headers : {}),
    ...plainSecrets(entry?.headers, env),
    ...plainSecrets(entry?.request?.headers, env),
    ...authHeaders(entry, key, env),
  };
  const needsKey = vendor?.api !== "offline" && !isLocal(baseUrl) && entry?.request?.auth === undefined;
  const rowFor = (modelId: string) => rowOf({ id: modelId, reasoning: false, input: ["text"] }, id, vendor, entry, env);
  return compact({
    id,
    api: entry?.api ?? vendor?.api ?? "openai-completions",
    baseUrl,
    rows: rowsOf(id, vendor, entry, env),
    anyModel: vendor ? (vendor.anyModel ?? false) : (entry?.models ?? []).length === 0,
    configured: entry !== undefined,
    native: isNative(baseUrl),
    // A key that travels in a header of its own must not be sent twice.
    key: entry?.authHeader || entry?.request?.auth?.mode === "header" ? undefined : key,
    available: !needsKey || key !== undefined || Object.keys(entry?.headers ?? {}).length > 0,
    keyEnv,
    headers,
    params: entry?.params ?? {},
    documents: ownHost ? vendor?.documents : undefined,
    timeoutMs: entry?.timeoutSeconds === undefined ? undefined : entry.timeoutSeconds * 1000,
    rowFor,
  });
}

function rowsOf(
  id: string,
  vendor: Vendor | undefined,
  entry: ProviderEntry | undefined,
  env: Source["env"],
): ProviderRow[] {
  const own = (entry?.models ?? []).map((row) => rowOf(row, id, vendor, entry, env));
  const known = (vendor?.models() ?? []).map((row) => ({ ...row, ...compatOf(vendor?.compat, row.compat) }));
  return [...own, ...known.filter((row) => !own.some((other) => other.id === row.id))];
}

function rowOf(
  row: Pick<RowEntry, "id" | "reasoning" | "input"> & Partial<RowEntry>,
  provider: string,
  vendor: Vendor | undefined,
  entry: ProviderEntry | undefined,
  env: Source["env"],
): ProviderRow {
  const told = row.contextTokens ?? row.contextWindow ?? entry?.contextTokens ?? entry?.contextWindow;
  const numCtx = provider === "ollama" && entry?.injectNumCtxForOpenAICompat !== false ? told : undefined;
  return compact({
    id: row.id,
    wireId: vendor?.models().find((known) => known.id === row.id)?.wireId,
    name: row.name ?? row.id,
    reasoning: row.reasoning,
    input: row.input,
    cost: row.cost,
    contextWindow: told ?? DEFAULT_CONTEXT,
    maxTokens: row.maxTokens ?? entry?.maxTokens ?? DEFAULT_MAX_TOKENS,
    ...compatOf(vendor?.compat, row.compat as Compat | undefined),
    api: row.api,
    headers: row.headers ? plainSecrets(row.headers, env) : undefined,
    params: row.params,
    numCtx,
  });
}

function compatOf(vendor: Compat | undefined, row: Compat | undefined): { compat?: Compat } {
  return vendor || row ? { compat: { ...vendor, ...row } } : {};
}

function plainSecrets(headers: ProviderEntry["headers"], env: Source["env"]): Record<string, string> {
  const entries = Object.entries(headers ?? {}).map(([name, value]) => [name, plainSecret(value, env)] as const);
  return Object.fromEntries(entries.filter((pair): pair is readonly [string, string] => pair[1] !== undefined));
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
