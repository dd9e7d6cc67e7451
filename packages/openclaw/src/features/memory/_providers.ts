/**
 * Who computes embeddings: the configured provider, or the first of a few that has a key; then the one configured for
 * when that one fails.
 */
import { Fault, errorText } from "../../base/errors.ts";
import { sha256 } from "../../base/ids.ts";
import { compact } from "../../base/text.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { Endpoint } from "../../contracts/model.ts";
import type { ModelsService } from "../../models/index.ts";
import type { Embedder } from "./_index/embeddings.ts";
import type { SearchConfig } from "./_settings.ts";

export interface Provider extends Embedder {
  /** As the configuration names it. */
  readonly id: string;
  /** What is asked; with the login that is best at this moment: `now`. */
  readonly endpoint: Endpoint;
  /** Rejects when every login rests. */
  readonly now: () => Promise<Endpoint>;
  /** Characters of one request, where less than usual are taken. */
  readonly mostChars?: number;
  /** On this machine: may take its time. */
  readonly isLocal: boolean;
}

export interface Providers {
  /** In order; the second is for when the first fails. */
  readonly all: readonly Provider[];
  /** Why there is none. */
  readonly reason?: string;
}

type Models = Pick<ModelsService, "embedder">;

/** Models that are meant where a provider is named alone. */
const USUAL: Readonly<Record<string, string>> = {
  openai: "text-embedding-3-small",
  gemini: "gemini-embedding-001",
  google: "gemini-embedding-001",
  mistral: "mistral-embed",
  voyage: "voyage-3.5",
  deepinfra: "BAAI/bge-m3",
  ollama: "nomic-embed-text",
};
const AUTOMATIC = ["openai", "gemini", "voyage", "mistral", "deepinfra"];
/** Mistral takes 16,384 tokens in one request. */
const CHARS: Readonly<Record<string, number>> = { mistral: 36_000 };
const LOCAL =
  "models that run inside the gateway (provider local) are not part of this version; Ollama or LM Studio serve them: set provider to ollama";

interface Where {
  readonly models: Models;
  readonly config: ConfigSnapshot;
  /** Whose logins serve. */
  readonly agentId?: string;
}

export async function providersOf(search: SearchConfig, where: Where): Promise<Providers> {
  const first = await firstOf(search, where);
  if (typeof first === "string") return { all: [], reason: first };
  const second =
    search.fallback === "none" || search.fallback === first.id
      ? undefined
      : await named(search.fallback, withoutOwn(search), where);
  return { all: typeof second === "object" ? [first, second] : [first] };
}

async function firstOf(search: SearchConfig, where: Where): Promise<Provider | string> {
  const { provider, remote } = search;
  if (provider !== "auto") return named(provider, search, where);
  if (remote?.baseUrl !== undefined) return named("openai", search, where);
  for (const id of AUTOMATIC) {
    const found = await named(id, search, where);
    if (typeof found === "object") return found;
  }
  return `no provider has a key (looked for ${AUTOMATIC.join(", ")})`;
}

/** Address, key and model are those of the first provider. */
function withoutOwn({ remote: _remote, model: _model, ...search }: SearchConfig): SearchConfig {
  return search;
}

/** The provider, or why it cannot be asked. */
async function named(id: string, search: SearchConfig, where: Where): Promise<Provider | string> {
  if (id === "none") return "turned off (provider none)";
  if (id === "local") return LOCAL;
  const model = search.model ?? USUAL[id];
  if (model === undefined) return `no model is named for ${id}; set memorySearch.model`;
  try {
    const ask = (resting?: true) => endpointOf({ id, model, ...(resting && { resting }) }, search, where);
    const endpoint = await ask(true);
    const { hostname } = new URL(endpoint.baseUrl);
    return {
      id,
      label: `${id}/${model}`,
      endpoint,
      now: () => ask(),
      ...(CHARS[id] === undefined ? {} : { mostChars: CHARS[id] }),
      isLocal: ["localhost", "127.0.0.1", "[::1]", "0.0.0.0"].includes(hostname),
      fingerprint: fingerprintOf(endpoint, search),
    };
  } catch (error) {
    return error instanceof Fault ? `${error.message} ${error.remedy}`.trim() : errorText(error);
  }
}

async function endpointOf(
  { id, model, resting }: { readonly id: string; readonly model: string; readonly resting?: true },
  { remote }: SearchConfig,
  { models, config, agentId }: Where,
): Promise<Endpoint> {
  const apiKey = typeof remote?.apiKey === "string" ? remote.apiKey : undefined;
  const headers = { ...remote?.headers };
  const own = remote?.baseUrl;
  if (own !== undefined) {
    const row = {
      id: model,
      name: model,
      reasoning: false,
      input: ["text"] as const,
      contextWindow: 8192,
      maxTokens: 8192,
    };
    return compact({
      provider: id,
      api: "openai-completions",
      baseUrl: own,
      apiKey,
      headers,
      model: row,
      native: false,
    }) as Endpoint;
  }
  const whose = compact({ apiKey, agentId, resting });
  const endpoint = await models.embedder({ provider: id, model, config, ...whose });
  return { ...endpoint, headers: { ...endpoint.headers, ...headers } };
}

/** Embeddings are comparable when all of this is the same. Keys and headers do not count. */
function fingerprintOf({ provider, baseUrl, model }: Endpoint, search: SearchConfig): string {
  const { outputDimensionality, inputType, queryInputType, documentInputType } = search;
  const parts = [provider, baseUrl, model.id, outputDimensionality, inputType, queryInputType, documentInputType];
  return sha256(JSON.stringify(parts.map((part) => part ?? null))).slice(0, 32);
}
