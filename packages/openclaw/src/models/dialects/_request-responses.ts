/** A request in the shape of OpenAI's Responses API, the smallest that says everything. */
import type { ModelRequest } from "../../contracts/model.ts";
import { sha256 } from "../../base/ids.ts";
import { isRecord } from "../../base/record.ts";
import { compact } from "../../base/text.ts";
import { headersFor, joinUrl } from "./_call.ts";
import type { HttpCall } from "./_call.ts";
import { effortOf } from "./_effort.ts";
import { responsesItems } from "./_messages-responses.ts";
import { schemaFor } from "./_tool-schema.ts";

/** Longest `prompt_cache_key` that OpenAI takes. */
const CACHE_KEY_LIMIT = 64;
/** Fewest tokens of an answer that OpenAI takes. */
const SMALLEST_LIMIT = 16;

export function responsesCall(request: ModelRequest): HttpCall {
  const { endpoint } = request;
  return {
    url: joinUrl(endpoint.baseUrl, "responses"),
    headers: headersFor(endpoint, endpoint.apiKey === undefined ? {} : { authorization: `Bearer ${endpoint.apiKey}` }),
    body: JSON.stringify(responsesBody(request)),
  };
}

/** Equal requests give equal bytes: the order of keys is fixed here. */
export function responsesBody(request: ModelRequest): Record<string, unknown> {
  const { endpoint } = request;
  return {
    model: endpoint.model.wireId ?? endpoint.model.id,
    stream: true,
    ...storeFields(request),
    ...cacheFields(request),
    ...limitField(request),
    ...samplingFields(request),
    ...reasoningField(request),
    ...textField(request),
    ...tierField(request),
    ...compactionField(request),
    ...toolFields(request),
    input: [...systemItems(request), ...responsesItems(request)],
    ...endpoint.extraBody,
  };
}

/** Nothing is left with the vendor; thoughts come sealed instead, so that they can be sent back. */
export function storeFields({ endpoint: { model, native } }: ModelRequest): Record<string, unknown> {
  if (!(model.compat?.supportsStore ?? native)) return {};
  return { store: false, ...(model.reasoning && { include: ["reasoning.encrypted_content"] }) };
}

export function cacheFields({ endpoint, cacheKey, cacheRetention }: ModelRequest): Record<string, unknown> {
  const compat = endpoint.model.compat ?? {};
  if (cacheRetention === "none" || !(compat.supportsPromptCacheKey ?? endpoint.native)) return {};
  const long = cacheRetention === "long" && (compat.supportsLongCacheRetention ?? endpoint.native);
  return {
    prompt_cache_key: cacheKey.length > CACHE_KEY_LIMIT ? sha256(cacheKey) : cacheKey,
    ...(long && { prompt_cache_retention: "24h" }),
  };
}

function limitField({ endpoint, maxTokens }: ModelRequest): Record<string, number> {
  if (maxTokens === undefined) return {};
  return { max_output_tokens: Math.max(SMALLEST_LIMIT, Math.min(maxTokens, endpoint.model.maxTokens)) };
}

/** OpenAI's reasoning models refuse what bends the choice of words. The protocol has no word for stops and seeds. */
function samplingFields({ endpoint, temperature, topP }: ModelRequest): Record<string, unknown> {
  const { compat, reasoning } = endpoint.model;
  if (!(compat?.supportsTemperature ?? !(endpoint.native && reasoning))) return {};
  return compact({ temperature, top_p: topP });
}

/** Only the vendor itself is asked for summaries of its thoughts. */
export function reasoningField({ endpoint, thinking }: ModelRequest): Record<string, unknown> {
  const { model, native } = endpoint;
  if (!model.reasoning || !(model.compat?.supportsReasoningEffort ?? native)) return {};
  const effort = effortOf(thinking, model.compat ?? {});
  if (effort === undefined) return {};
  return { reasoning: { effort, ...(native && thinking !== "off" && { summary: "auto" }) } };
}

/** `response_format` of Chat Completions, with its inner object unpacked; `params.textVerbosity` beside it. */
export function textField({ endpoint, responseFormat }: ModelRequest): Record<string, unknown> {
  const schema = responseFormat?.["json_schema"];
  const format = isRecord(schema) ? { type: "json_schema", ...schema } : responseFormat;
  const verbosity = endpoint.native ? endpoint.params?.["textVerbosity"] : undefined;
  const text = compact({ format, verbosity: typeof verbosity === "string" ? verbosity : undefined });
  return Object.keys(text).length > 0 ? { text } : {};
}

export function tierField({ endpoint: { native, params = {} } }: ModelRequest): Record<string, unknown> {
  const tier =
    params["serviceTier"] ?? params["service_tier"] ?? (params["fastMode"] === true ? "priority" : undefined);
  return native && typeof tier === "string" ? { service_tier: tier } : {};
}

/** The vendor shortens what grew too long, at the size that the operator gives or at seven tenths of the window. */
function compactionField({ endpoint: { native, params = {}, model } }: ModelRequest): Record<string, unknown> {
  if (!native || params["responsesServerCompaction"] !== true) return {};
  const told = params["responsesCompactThreshold"];
  const threshold = typeof told === "number" && told > 0 ? Math.floor(told) : Math.floor(model.contextWindow * 0.7);
  return { context_management: [{ type: "compaction", compact_threshold: threshold }] };
}

export function toolFields({ endpoint, tools, toolChoice }: ModelRequest): Record<string, unknown> {
  const { model, native, provider, params } = endpoint;
  if (tools.length === 0 || model.compat?.supportsTools === false) return {};
  // Unless told, the vendor reads every schema as a strict one, which ours are not.
  const strict = (model.compat?.supportsStrictMode ?? native) ? { strict: false } : {};
  return {
    tools: tools.map(({ name, description, parameters }) => ({
      type: "function",
      name,
      description,
      parameters: schemaFor(model.compat, parameters),
      ...strict,
    })),
    ...(toolChoice !== undefined && {
      tool_choice: toolChoice === "required" ? toolChoice : { type: "function", name: toolChoice.name },
    }),
    ...(provider === "xai" && params?.["tool_stream"] !== false && { tool_stream: true }),
  };
}

export function systemText({ system }: ModelRequest): string {
  return system
    .map((block) => block.text)
    .filter((text) => text.trim() !== "")
    .join("\n\n");
}

function systemItems(request: ModelRequest): unknown[] {
  const { compat, reasoning } = request.endpoint.model;
  const content = systemText(request);
  if (content === "") return [];
  const role = (compat?.supportsDeveloperRole ?? (request.endpoint.native && reasoning)) ? "developer" : "system";
  return [{ role, content }];
}
