/**
 * What servers say of the models that they serve. They agree on a list of rows with an id; everything else each says
 * in words of its own, so every fact has several places where it may stand.
 */
import type { Price } from "../contracts/model.ts";
import { compact, isShowable } from "../base/text.ts";
import type { FoundRow } from "./_rows.ts";

const MAX_ROWS = 5000;
const MAX_ID = 200;
/** No model holds more; what a server says beyond it is not believed. */
const MAX_TOKENS = 20_000_000;
const MIN_WINDOW = 256;
/** Dollars per million tokens. */
const MAX_PRICE = 1000;

/** Models that do not chat, by their names. */
const SILENT =
  /embed|rerank|whisper|\btts\b|(?:^|[/-])(?:bge|gte|e5|mxbai|minilm|nomic|clip|flux)(?:[-.:]|$)|moderation|stable-diffusion/i;

export function chats(id: string): boolean {
  return !SILENT.test(id);
}

/** Chat models of `{data: […]}` or `{models: […]}`; undefined for what is no such list. */
export function readList(body: unknown): FoundRow[] | undefined {
  const list = at(body, "data") ?? at(body, "models");
  if (!Array.isArray(list)) return undefined;
  const rows = list.slice(0, MAX_ROWS).flatMap((row) => {
    const found = readRow(row);
    return found ? [found] : [];
  });
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}

function readRow(row: unknown): FoundRow | undefined {
  const id = text(row, "id", "key", "name");
  if (id === undefined || /\s/.test(id) || !chats(id) || !talks(row)) return undefined;
  const window = tokens(row, ...WINDOWS) ?? largest(at(row, "providers"), "context_length");
  const contextWindow = window !== undefined && window >= MIN_WINDOW ? window : undefined;
  const longest = tokens(row, ...ANSWERS);
  return compact({
    id,
    name: text(row, "display_name", "name", "model_spec.name"),
    contextWindow,
    maxTokens: longest === undefined ? undefined : Math.min(longest, contextWindow ?? longest),
    input: sees(row),
    reasoning: thinks(row),
    cost: priceOf(row),
    compat: takesTools(row) === false ? { supportsTools: false } : undefined,
  });
}

const WINDOWS = [
  "loaded_context_length",
  "context_length",
  "max_model_len",
  "context_window",
  "max_context_length",
  "metadata.context_length",
  "model_spec.availableContextTokens",
  "capabilities.limits.max_context_window_tokens",
];
const ANSWERS = [
  "top_provider.max_completion_tokens",
  "max_completion_tokens",
  "max_output_length",
  "max_output_tokens",
  "max_tokens",
  "metadata.max_tokens",
  "capabilities.limits.max_output_tokens",
];
const WORDS = ["tags", "metadata.tags", "supported_features", "supported_parameters", "capabilities"];

/** False only when the server says that the model does something else. */
function talks(row: unknown): boolean {
  if (at(row, "metadata") === null) return false;
  const type = at(row, "type") ?? at(row, "capabilities.type");
  if (typeof type === "string" && !["llm", "vlm", "text", "chat", "language", "model"].includes(type)) return false;
  const output = at(row, "architecture.output_modalities") ?? at(row, "output_modalities");
  return !Array.isArray(output) || output.includes("text");
}

function sees(row: unknown): ("text" | "image")[] | undefined {
  const input = at(row, "architecture.input_modalities") ?? at(row, "input_modalities");
  const said =
    (Array.isArray(input) ? input.includes("image") : undefined) ??
    flag(row, "capabilities.vision", "model_spec.capabilities.supportsVision", "capabilities.supports.vision") ??
    (at(row, "type") === "vlm" || words(row).includes("vision") ? true : undefined);
  return said === undefined ? undefined : said ? ["text", "image"] : ["text"];
}

function thinks(row: unknown): boolean | undefined {
  const said = flag(row, "model_spec.capabilities.supportsReasoning", "capabilities.reasoning");
  if (said !== undefined) return said;
  const all = words(row);
  if (all.length === 0) return undefined;
  return ["reasoning", "include_reasoning", "thinking"].some((word) => all.includes(word));
}

function takesTools(row: unknown): boolean | undefined {
  const said = flag(row, "model_spec.capabilities.supportsFunctionCalling", "capabilities.supports.tool_calls");
  const parameters = at(row, "supported_parameters");
  return said ?? (Array.isArray(parameters) && parameters.length > 0 ? parameters.includes("tools") : undefined);
}

function words(row: unknown): string[] {
  return WORDS.flatMap((path) => {
    const list = at(row, path);
    return Array.isArray(list) ? list.filter((word) => typeof word === "string") : [];
  });
}

/** Dollars: texts are prices of one token, numbers of a million. Both directions, or nothing. */
function priceOf(row: unknown): Price | undefined {
  const table = at(row, "pricing") ?? at(row, "model_spec.pricing") ?? at(row, "metadata.pricing");
  const input = dollars(table, "prompt", "input", "input.usd", "input_tokens");
  const output = dollars(table, "completion", "output", "output.usd", "output_tokens");
  if (input === undefined || output === undefined) return undefined;
  const cacheRead = dollars(table, "input_cache_read", "cache_read_tokens", "cached_input", "cache_input.usd") ?? 0;
  const cacheWrite = dollars(table, "input_cache_write", "cache_write_tokens") ?? 0;
  return { input, output, cacheRead: Math.min(cacheRead, input), cacheWrite };
}

function dollars(table: unknown, ...paths: readonly string[]): number | undefined {
  for (const path of paths) {
    const value = at(table, path);
    const price = typeof value === "string" && value.trim() !== "" ? Number(value) * 1e6 : value;
    if (typeof price === "number" && price >= 0 && price <= MAX_PRICE) return Number(price.toFixed(6));
  }
  return undefined;
}

function tokens(row: unknown, ...paths: readonly string[]): number | undefined {
  const found = paths.map((path) => at(row, path)).find((value) => typeof value === "number" && value >= 1);
  return typeof found === "number" && found <= MAX_TOKENS ? Math.floor(found) : undefined;
}

function largest(list: unknown, key: string): number | undefined {
  if (!Array.isArray(list)) return undefined;
  const all = list.slice(0, 100).flatMap((one) => tokens(one, key) ?? []);
  return all.length > 0 ? Math.max(...all) : undefined;
}

function flag(row: unknown, ...paths: readonly string[]): boolean | undefined {
  return paths.map((path) => at(row, path)).find((value) => typeof value === "boolean");
}

function text(row: unknown, ...paths: readonly string[]): string | undefined {
  const found = paths
    .map((path) => at(row, path))
    .find((value) => typeof value === "string" && value.trim() !== "" && value.length <= MAX_ID);
  return typeof found === "string" && isShowable(found) ? found.trim() : undefined;
}

function at(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((inner, key) => {
    return typeof inner === "object" && inner !== null && Object.hasOwn(inner, key)
      ? (inner as Record<string, unknown>)[key]
      : undefined;
  }, value);
}

/** Names of the models that an Ollama server has, from `/api/tags`; undefined for what is no such list. */
export function readTags(body: unknown): string[] | undefined {
  const list = at(body, "models");
  if (!Array.isArray(list)) return undefined;
  const names = list.slice(0, MAX_ROWS).flatMap((row) => text(row, "model", "name") ?? []);
  return names.filter((name) => !/\s/.test(name) && chats(name));
}

/** What `/api/show` says of one; undefined for a model that does not chat. */
export function readShown(id: string, body: unknown): FoundRow | undefined {
  const abilities = at(body, "capabilities");
  const can = (word: string) => (Array.isArray(abilities) ? abilities.includes(word) : undefined);
  if (can("completion") === false) return undefined;
  const info = at(body, "model_info");
  const length = Object.entries(typeof info === "object" && info !== null ? info : {}).find(([key]) =>
    key.endsWith(".context_length"),
  )?.[1];
  const contextWindow = tokens({ length }, "length");
  return compact({
    id,
    contextWindow: contextWindow !== undefined && contextWindow >= MIN_WINDOW ? contextWindow : undefined,
    input: can("vision") ? (["text", "image"] as const) : undefined,
    reasoning: can("thinking"),
    compat: can("tools") === false ? { supportsTools: false } : undefined,
  });
}
