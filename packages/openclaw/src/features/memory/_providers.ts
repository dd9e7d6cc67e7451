/**
 * Who computes embeddings: the configured provider, or the first of openai and gemini that has a key; then the one
 * configured for when that one fails.
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
  readonly endpoint: Endpoint;
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
  ollama: "nomic-embed-text",
};
const AUTOMATIC = ["openai", "gemini"];
const LOCAL =
  "models that run inside the gateway (provider local) are not part of this version; Ollama or LM Studio serve them: set provider to ollama";

export async function providersOf(search: SearchConfig, models: Models, config: ConfigSnapshot): Promise<Providers> {
  const first = await firstOf(search, models, config);
  if (typeof first === "string") return { all: [], reason: first };
  const second =
    search.fallback === "none" || search.fallback === first.id
      ? undefined
      : await named(search.fallback, withoutOwn(search), models, config);
  return { all: typeof second === "object" ? [first, second] : [first] };
}

async function firstOf(search: SearchConfig, models: Models, config: ConfigSnapshot): Promise<Provider | string> {
  const { provider, remote } = search;
  if (provider !== "auto") return named(provider, search, models, config);
  if (remote?.baseUrl !== undefined) return named("openai", search, models, config);
  for (const id of AUTOMATIC) {
    const found = await named(id, search, models, config);
    if (typeof found === "object") return found;
  }
  return `no provider has a key (looked for ${AUTOMATIC.join(", ")})`;
}

/** Address, key and model are those of the first provider. */
function withoutOwn({ remote: _remote, model: _model, ...search }: SearchConfig): SearchConfig {
  return search;
}

/** The provider, or why it cannot be asked. */
async function named(
  id: string,
  search: SearchConfig,
  models: Models,
  config: ConfigSnapshot,
): Promise<Provider | string> {
  if (id === "none") return "turned off (provider none)";
  if (id === "local") return LOCAL;
  const model = search.model ?? USUAL[id];
  if (model === undefined) return `no model is named for ${id}; set memorySearch.model`;
  try {
    const endpoint = await endpointOf(id, model, search, models, config);
    const { hostname } = new URL(endpoint.baseUrl);
    return {
      id,
      label: `${id}/${model}`,
      endpoint,
      isLocal: ["localhost", "127.0.0.1", "[::1]", "0.0.0.0"].includes(hostname),
      fingerprint: fingerprintOf(endpoint, search),
    };
  } catch (error) {
    return error instanceof Fault ? `${error.message} ${error.remedy}`.trim() : errorText(error);
  }
}

async function endpointOf(
  id: string,
  model: string,
  { remote }: SearchConfig,
  models: Models,
  config: ConfigSnapshot,
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
  const endpoint = await models.embedder({ provider: id, model, config, ...(apiKey === undefined ? {} : { apiKey }) });
  return { ...endpoint, headers: { ...endpoint.headers, ...headers } };
}

/** Embeddings are comparable when all of this is the same. Keys and headers do not count. */
function fingerprintOf({ provider, baseUrl, model }: Endpoint, search: SearchConfig): string {
  const { outputDimensionality, inputType, queryInputType, documentInputType } = search;
  const parts = [provider, baseUrl, model.id, outputDimensionality, inputType, queryInputType, documentInputType];
  return sha256(JSON.stringify(parts.map((part) => part ?? null))).slice(0, 32);
}
