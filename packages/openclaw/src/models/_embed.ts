/**
 * Embeddings over the OpenAI protocol: `POST {baseUrl}/embeddings` `{model, input, encoding_format, dimensions?}`
 * → `{data: [{index, embedding}], usage: {prompt_tokens}}` (platform.openai.com/docs/api-reference/embeddings).
 */
import { Fault, systemCode } from "../base/errors.ts";
import type { Fetch } from "../base/fetch.ts";
import type { Clock } from "../base/time.ts";
import { NO_CHAT } from "../contracts/model.ts";
import type { Endpoint, ModelFailure } from "../contracts/model.ts";
import { failureOf } from "./_embed-failure.ts";
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
  [NO_CHAT]: "/embeddings",
};

/** Where a company's own words differ from OpenAI's. */
interface Accent {
  /** Its word for `dimensions`. */
  readonly dimensions?: string;
  /** Vectors come as numbers without being asked for. */
  readonly bare?: true;
  /** Its words for what a text is for. */
  readonly kinds?: { readonly query: string; readonly document: string };
}

/** docs.voyageai.com/reference/embeddings-api, docs.mistral.ai/api (embeddings). */
const ACCENTS: Readonly<Record<string, Accent>> = {
  voyage: { dimensions: "output_dimension", bare: true, kinds: { query: "query", document: "document" } },
  mistral: { dimensions: "output_dimension" },
};

export interface EmbedIo {
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** Told of what failed; an endpoint with the next login, if there is one. */
  readonly next: (endpoint: Endpoint, failure: ModelFailure) => Promise<Endpoint | undefined>;
  readonly worked: (endpoint: Endpoint) => void;
}

/** Logins that are tried for one request. */
const LOGINS = 4;

/**
 * Throws `EMBEDDINGS_UNSUPPORTED` for other protocols, `EMBEDDINGS_LIMITED`, `EMBEDDINGS_DENIED`, `EMBEDDINGS_REFUSED`
 * or `EMBEDDINGS_FAILED`.
 */
export async function embed(request: EmbedRequest, io: EmbedIo): Promise<Embedded> {
  let { endpoint } = request;
  for (let tried = 1; ; tried += 1) {
    const { answer, failure } = await ask({ ...request, endpoint }, io);
    if (failure === undefined) {
      io.worked(endpoint);
      return embeddedIn(answer, { ...request, endpoint });
    }
    const next = tried < LOGINS ? await io.next(endpoint, failure) : undefined;
    if (next === undefined) throw faultOf(failure, endpoint);
    endpoint = next;
  }
}

interface Asked {
  readonly answer?: unknown;
  readonly failure?: ModelFailure;
}

async function ask(request: EmbedRequest, { fetch, clock }: EmbedIo): Promise<Asked> {
  const { endpoint, signal } = request;
  const { provider, api } = endpoint;
  if (!(api in PATHS)) throw errors.EMBEDDINGS_UNSUPPORTED({ provider, api });
  const url = `${baseOf(endpoint)}${PATHS[api]}`;
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: headersOf(endpoint),
      body: JSON.stringify(bodyOf(request)),
      signal,
      connectTimeoutMs: endpoint.timeoutMs ?? CONNECT_MS,
      maxBytes: ANSWER_LIMIT,
      egress: { origin: new URL(url).origin },
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw errors.EMBEDDINGS_FAILED({ provider, reason: reasonOf(error) }).with({ cause: error });
  }
  if (response.ok) return { answer: await response.json().catch(() => undefined) };
  return { failure: await failureOf(response, endpoint, clock.now()) };
}

function bodyOf({ endpoint, input, dimensions, inputType, kind }: EmbedRequest): Readonly<Record<string, unknown>> {
  const accent = ACCENTS[endpoint.provider] ?? {};
  const type = inputType ?? (kind === undefined ? undefined : accent.kinds?.[kind]);
  return {
    model: endpoint.model.wireId ?? endpoint.model.id,
    input,
    ...(accent.bare ? {} : { encoding_format: "float" }),
    ...(dimensions === undefined ? {} : { [accent.dimensions ?? "dimensions"]: dimensions }),
    ...(type === undefined ? {} : { input_type: type }),
  };
}

function embeddedIn(answer: unknown, { endpoint, input }: EmbedRequest): Embedded {
  const { provider, model } = endpoint;
  const vectors = vectorsOf(answer, input.length);
  if (vectors === undefined) throw errors.EMBEDDINGS_FAILED({ provider, reason: "its answer holds no embeddings" });
  return { vectors, tokens: tokensOf(answer), model: `${provider}/${model.id}` };
}

/** What went wrong, so that whoever asked knows whether to wait, to ask with less, or to ask somebody else. */
function faultOf(failure: ModelFailure, { provider, model }: Endpoint): Fault {
  if (failure.class === "model_not_found") return errors.UNKNOWN_MODEL({ ref: `${provider}/${model.id}` });
  const reason = failure.message.replace(/\.+$/, "");
  const fault =
    failure.class === "rate_limit" ? errors.EMBEDDINGS_LIMITED({ provider }) : other(failure, { provider, reason });
  return failure.retryAfterMs === undefined ? fault : fault.with({ retryAfterMs: failure.retryAfterMs });
}

function other({ class: kind, status = 0 }: ModelFailure, about: { provider: string; reason: string }): Fault {
  if (kind === "auth" || kind === "auth_permanent" || kind === "billing") return errors.EMBEDDINGS_DENIED(about);
  return status >= 400 && status < 500 && status !== 408
    ? errors.EMBEDDINGS_REFUSED(about)
    : errors.EMBEDDINGS_FAILED(about);
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
  const usage = (answer as { usage?: { prompt_tokens?: unknown; total_tokens?: unknown } }).usage;
  const tokens = usage?.prompt_tokens ?? usage?.total_tokens;
  return typeof tokens === "number" && tokens > 0 && tokens < 1e9 ? Math.floor(tokens) : 0;
}
