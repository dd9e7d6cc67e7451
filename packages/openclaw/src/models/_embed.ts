/**
 * Embeddings over the OpenAI protocol: `POST {baseUrl}/embeddings` `{model, input, encoding_format, dimensions?}`
 * → `{data: [{index, embedding}], usage: {prompt_tokens}}` (platform.openai.com/docs/api-reference/embeddings).
 */
import { Fault, systemCode } from "../base/errors.ts";
import type { Fetch } from "../base/fetch.ts";
import type { Endpoint } from "../contracts/model.ts";
import { errors } from "./errors.ts";
import type { Embedded, EmbedRequest } from "./index.ts";

const ANSWER_LIMIT = 64 * 1024 * 1024;
const CONNECT_MS = 60_000;

/** Where a server takes OpenAI's request for embeddings, whatever it chats in. */
const PATHS: Readonly<Record<string, string>> = {
  "openai-completions": "/embeddings",
  "openai-responses": "/embeddings",
  "google-generative-ai": "/openai/embeddings",
  ollama: "/v1/embeddings",
};

/** Throws `EMBEDDINGS_UNSUPPORTED` for other protocols, `EMBEDDINGS_LIMITED` or `EMBEDDINGS_FAILED`. */
export async function embed(
  { endpoint, input, dimensions, inputType, signal }: EmbedRequest,
  fetch: Fetch,
): Promise<Embedded> {
  const { provider, api, model } = endpoint;
  if (!(api in PATHS)) throw errors.EMBEDDINGS_UNSUPPORTED({ provider, api });
  const url = `${baseOf(endpoint)}${PATHS[api]}`;
  const fail = (reason: string) => errors.EMBEDDINGS_FAILED({ provider, reason });
  const wanted = {
    ...(dimensions === undefined ? {} : { dimensions }),
    ...(inputType === undefined ? {} : { input_type: inputType }),
  };
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: headersOf(endpoint),
      body: JSON.stringify({ model: model.id, input, encoding_format: "float", ...wanted }),
      signal,
      connectTimeoutMs: endpoint.timeoutMs ?? CONNECT_MS,
      maxBytes: ANSWER_LIMIT,
      egress: { origin: new URL(url).origin },
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw fail(reasonOf(error)).with({ cause: error });
  }
  if (!response.ok) {
    await response.body?.cancel();
    if (response.status === 429) throw errors.EMBEDDINGS_LIMITED({ provider });
    throw fail(`it answered ${response.status}`);
  }
  const answer: unknown = await response.json().catch(() => undefined);
  const vectors = vectorsOf(answer, input.length);
  if (vectors === undefined) throw fail("its answer holds no embeddings");
  return { vectors, tokens: tokensOf(answer), model: `${provider}/${model.id}` };
}

/** Google's address may be given with or without the part where it speaks OpenAI's protocol. */
function baseOf({ api, baseUrl }: Endpoint): string {
  const base = baseUrl.replace(/\/+$/, "");
  return api === "google-generative-ai" ? base.replace(/\/openai$/, "") : base;
}

/** As a part of a sentence. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Fault)) return systemCode(error) ?? "it cannot be reached";
  return error.message.replace(/^The request/, "the request").replace(/\.$/, "");
}

function headersOf({ apiKey, headers }: Endpoint): Record<string, string> {
  const own: Record<string, string> = { "content-type": "application/json", accept: "application/json" };
  if (apiKey !== undefined) own["authorization"] = `Bearer ${apiKey}`;
  for (const [name, value] of Object.entries(headers)) own[name.toLowerCase()] = value;
  return own;
}

/** One vector for each text, in the order of the texts; undefined when any is missing or is none. */
function vectorsOf(answer: unknown, count: number): number[][] | undefined {
  const rows = (answer as { data?: unknown } | null | undefined)?.data;
  if (!Array.isArray(rows) || rows.length !== count) return undefined;
  const vectors: number[][] = [];
  for (const [at, row] of rows.entries()) {
    const { index = at, embedding } = (row ?? {}) as { index?: unknown; embedding?: unknown };
    if (typeof index !== "number" || !isVector(embedding)) return undefined;
    vectors[index] = embedding;
  }
  return vectors.length === count && !vectors.includes(undefined as never) ? vectors : undefined;
}

function isVector(value: unknown): value is number[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => Number.isFinite(one));
}

function tokensOf(answer: unknown): number {
  const tokens = (answer as { usage?: { prompt_tokens?: unknown } }).usage?.prompt_tokens;
  return typeof tokens === "number" && tokens > 0 && tokens < 1e9 ? Math.floor(tokens) : 0;
}
