/**
 * The models of one provider, from the layers that know of them, the lowest first: the vendor's own catalog, what its
 * server said that it serves, the operator's entry.
 */
import type { Compat, ModelRow, Vendor } from "../contracts/model.ts";
import type { Env } from "../base/env.ts";
import { compact } from "../base/text.ts";
import { DEFAULT_CONTEXT, DEFAULT_MAX_TOKENS } from "./config.ts";
import { plainSecrets } from "./_credential.ts";
import type { ProviderEntry, RowEntry } from "./_source.ts";

/** A model with what the operator's entry adds to it. */
export interface ProviderRow extends ModelRow {
  readonly headers?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, unknown>>;
  /** Ollama forgets what exceeds its own small default unless it is told the size. */
  readonly numCtx?: number;
}

/** What a server said of a model; what it did not say is absent. */
export type FoundRow = Pick<ModelRow, "id"> & Partial<ModelRow>;

export interface Layers {
  readonly provider: string;
  readonly vendor: Vendor | undefined;
  readonly found: readonly FoundRow[];
  readonly entry: ProviderEntry | undefined;
  /** Where requests go, and whether that is a place of the vendor's. */
  readonly baseUrl: string;
  readonly ownHost: boolean;
  readonly env: Env;
}

/** The operator's models first, in the order of the file. */
export function rowsOf(layers: Layers): ProviderRow[] {
  const catalog = catalogOf(layers);
  const own = (layers.entry?.models ?? []).map((row) => rowOf(row, catalog.get(row.id), layers));
  const ids = new Set(own.map((row) => row.id));
  return [
    ...own,
    ...[...catalog.values()].filter(({ id }) => !ids.has(id)).map((row) => rowOf({ id: row.id }, row, layers)),
  ];
}

/** A row for an id that nobody listed: as its like, where the id is another name or a newer member of a family. */
export function unlistedRow(id: string, layers: Layers): ProviderRow {
  const known = layers.vendor?.models() ?? [];
  const like = known.find((row) => row.wireId === id) ?? relative(id, layers.vendor, known);
  const { wireId: _wireId, ...rest } = like ?? { wireId: undefined };
  return rowOf({ id }, like && ({ ...rest, id, name: id } as ModelRow), layers);
}

/** Of a family whose new members are passed on, the row with the longest common beginning; the newest stands last. */
function relative(id: string, vendor: Vendor | undefined, known: readonly ModelRow[]): ModelRow | undefined {
  const family = Array.isArray(vendor?.anyModel) ? vendor.anyModel.find((start) => id.startsWith(start)) : undefined;
  if (family === undefined) return undefined;
  const shared = (other: string) => [...other].findIndex((letter, at) => letter !== id[at]);
  const rank = (row: ModelRow) => (shared(row.id) < 0 ? row.id.length : shared(row.id));
  return known
    .filter((row) => row.id.startsWith(family))
    .toSorted((a, b) => rank(a) - rank(b))
    .at(-1);
}

/** The vendor's rows with what the server says over them, then what only the server knows. */
function catalogOf({ vendor, found }: Layers): Map<string, ModelRow> {
  const catalog = new Map((vendor?.models() ?? []).map((row) => [row.id, row]));
  const wired = new Set([...catalog.values()].map((row) => row.wireId));
  for (const row of found) {
    const known = catalog.get(row.id);
    if (known) catalog.set(row.id, { ...known, ...compact({ ...row, name: known.name }) });
    else if (!wired.has(row.id)) catalog.set(row.id, described(row));
  }
  return catalog;
}

function described(row: FoundRow): ModelRow {
  const contextWindow = row.contextWindow ?? DEFAULT_CONTEXT;
  return {
    name: row.id,
    reasoning: false,
    input: ["text"],
    maxTokens: Math.min(DEFAULT_MAX_TOKENS, contextWindow),
    ...row,
    contextWindow,
  };
}

/** What the operator says, else what is known, else the defaults of the documents. */
function rowOf(
  row: Pick<RowEntry, "id"> & Partial<RowEntry>,
  known: ModelRow | undefined,
  layers: Layers,
): ProviderRow {
  const { provider, vendor, entry, env, ownHost, baseUrl } = layers;
  const window = row.contextWindow ?? known?.contextWindow ?? entry?.contextWindow;
  const budget = row.contextTokens ?? entry?.contextTokens;
  const told = budget === undefined ? window : Math.min(budget, window ?? budget);
  // What a person said only: a whole window that nobody asked for may not fit into the memory of the machine.
  const asked = row.contextTokens ?? row.contextWindow ?? entry?.contextTokens ?? entry?.contextWindow;
  const numCtx = provider === "ollama" && entry?.injectNumCtxForOpenAICompat !== false ? asked : undefined;
  return compact({
    id: row.id,
    wireId: known?.wireId ?? vendor?.wireIdFor?.(row.id, baseUrl),
    name: row.name ?? known?.name ?? row.id,
    reasoning: row.reasoning ?? known?.reasoning ?? false,
    input: row.input ?? known?.input ?? ["text"],
    cost: row.cost ?? known?.cost,
    contextWindow: told ?? DEFAULT_CONTEXT,
    budget,
    maxTokens: row.maxTokens ?? known?.maxTokens ?? entry?.maxTokens ?? DEFAULT_MAX_TOKENS,
    ...compatOf(vendor?.compat, known?.compat, row.compat as Compat | undefined),
    api: row.api ?? (ownHost ? known?.api : undefined),
    // Addresses of single models belong to the vendor's own place.
    baseUrl: ownHost && !entry?.baseUrl ? known?.baseUrl : undefined,
    headers: row.headers ? plainSecrets(row.headers, env) : undefined,
    params: row.params,
    numCtx,
  });
}

function compatOf(...layers: readonly (Compat | undefined)[]): { compat?: Compat } {
  return layers.some(Boolean) ? { compat: Object.assign({}, ...layers) as Compat } : {};
}
