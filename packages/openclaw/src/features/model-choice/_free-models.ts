/** The models that OpenRouter serves for nothing, as its public list tells. Source: https://openrouter.ai/docs/api-reference/list-available-models */
import { errorText } from "../../base/errors.ts";
import type { Fetch } from "../../base/fetch.ts";
import { cut, plainLine } from "../../base/text.ts";
import { record } from "../../base/record.ts";
import { errors } from "./errors.ts";

export interface FreeModel {
  readonly id: string;
  readonly name: string;
  readonly contextWindow: number;
  readonly maxTokens: number;
  /** Thousand millions; 0 where neither id nor name tells. */
  readonly params: number;
  /** Days since it was listed; undefined when the list does not tell. */
  readonly ageDays?: number;
  readonly takesImages: boolean;
  readonly takesTools: boolean;
}

export interface Filter {
  readonly minParams: number;
  readonly maxAgeDays: number;
  /** The part of the id before the slash. */
  readonly provider: string | undefined;
}

const MAX_BYTES = 32 * 1024 * 1024;
const MOST_ROWS = 5000;
const MOST_TOKENS = 20_000_000;
/** As OpenRouter writes them: it stands in the configuration afterwards. */
const ID = /^\w[\w.-]{0,79}\/\w[\w.:@-]{0,119}$/;
const DAY_MS = 86_400_000;

/** Rejects with `SCAN_FAILED`. */
export async function freeModels(
  fetch: Fetch,
  { baseUrl, now, timeoutMs, signal }: { baseUrl: string; now: number; timeoutMs: number; signal: AbortSignal },
): Promise<FreeModel[]> {
  const url = `${baseUrl.replace(/\/+$/, "")}/models`;
  try {
    const response = await fetch(url, {
      signal,
      connectTimeoutMs: timeoutMs,
      maxBytes: MAX_BYTES,
      egress: { origin: new URL(url).origin },
    });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const rows: unknown = record(await response.json())["data"];
    if (!Array.isArray(rows)) throw new Error("its answer is no list");
    return rows.slice(0, MOST_ROWS).flatMap((row) => freeModel(record(row), now));
  } catch (error) {
    if (signal.aborted) throw error;
    throw errors.SCAN_FAILED({ reason: errorText(error).replace(/\.+$/, "") });
  }
}

/** The best of them first: those that see, then the larger window, then the larger model. */
export function worthTrying(models: readonly FreeModel[], { minParams, maxAgeDays, provider }: Filter): FreeModel[] {
  return models
    .filter(({ params }) => params >= minParams)
    .filter(({ ageDays }) => maxAgeDays === 0 || (ageDays ?? 0) <= maxAgeDays)
    .filter(({ id }) => provider === undefined || id.startsWith(`${provider.toLowerCase()}/`))
    .toSorted(
      (a, b) =>
        Number(b.takesTools) - Number(a.takesTools) ||
        Number(b.takesImages) - Number(a.takesImages) ||
        b.contextWindow - a.contextWindow ||
        b.params - a.params,
    );
}

function freeModel(row: Readonly<Record<string, unknown>>, now: number): FreeModel[] {
  const { id, name, created, context_length: window } = row;
  const { prompt, completion } = record(row["pricing"]);
  const isFree =
    typeof id === "string" &&
    ID.test(id) &&
    (id.endsWith(":free") || (Number(prompt) === 0 && Number(completion) === 0));
  if (!isFree || id === "openrouter/auto") return [];
  const title = (typeof name === "string" && plainLine(cut(name, 120))) || id;
  const inputs = record(row["architecture"])["input_modalities"];
  const supported = row["supported_parameters"];
  const longest = Number(record(row["top_provider"])["max_completion_tokens"]);
  return [
    {
      id,
      name: title,
      contextWindow: tokens(window),
      maxTokens: tokens(longest),
      params: sizeIn(`${id} ${title}`),
      ...(typeof created === "number" ? { ageDays: Math.max(0, Math.floor((now - created * 1000) / DAY_MS)) } : {}),
      takesImages: Array.isArray(inputs) && inputs.includes("image"),
      takesTools: Array.isArray(supported) && supported.includes("tools"),
    },
  ];
}

function tokens(value: unknown): number {
  return typeof value === "number" && value > 0 && value <= MOST_TOKENS ? Math.floor(value) : 0;
}

/** `llama-3.3-70b` → 70; the largest number before a `b`. */
function sizeIn(text: string): number {
  return Math.max(0, ...[...text.matchAll(/(\d{1,5}(?:\.\d{1,3})?)\s?b\b/gi)].map(([, size]) => Number(size)));
}
