/** A request in the shape of OpenAI's Chat Completions API, the smallest that says everything. */
import type { Compat, Endpoint, ModelRequest, ToolSchema } from "../../contracts/model.ts";
import { sha256 } from "../../base/ids.ts";
import { compact } from "../../base/text.ts";
import { headersFor, joinUrl } from "./_call.ts";
import type { HttpCall } from "./_call.ts";
import { reasoningFields } from "./_effort.ts";
import { openaiMessages } from "./_messages-openai.ts";
import { jsonOf, wiresFor } from "./_remembered.ts";
import { schemaFor } from "./_tool-schema.ts";

/** Longest `prompt_cache_key` that OpenAI takes. */
const CACHE_KEY_LIMIT = 64;

export function openaiCall(request: ModelRequest): HttpCall {
  const { endpoint } = request;
  return {
    url: joinUrl(endpoint.baseUrl, "chat/completions"),
    headers: headersFor(endpoint, endpoint.apiKey === undefined ? {} : { authorization: `Bearer ${endpoint.apiKey}` }),
    body: jsonOf(openaiBody(request), { messages: true, tools: true }),
  };
}

/** Equal requests give equal bytes: the order of keys is fixed here. */
export function openaiBody(request: ModelRequest): Record<string, unknown> {
  const { endpoint, tools } = request;
  const compat = endpoint.model.compat ?? {};
  return {
    model: endpoint.model.wireId ?? endpoint.model.id,
    stream: true,
    ...(compat.supportsUsageInStreaming !== false && { stream_options: { include_usage: true } }),
    ...((compat.supportsStore ?? endpoint.native) && { store: false }),
    ...cacheFields(request),
    ...limitField(request),
    ...samplingFields(request),
    ...reasoningFields(request),
    ...tierField(endpoint),
    ...(tools.length > 0 && compat.supportsTools !== false && !compat.strictMessageKeys && toolFields(request)),
    messages: [...systemMessages(request), ...conversation(request)],
    ...endpoint.extraBody,
  };
}

function toolFields(request: ModelRequest): Record<string, unknown> {
  const { model, provider, params } = request.endpoint;
  const wireOf = wiresFor(request);
  // These write a call's arguments in pieces only when they are told to.
  const pieces = params?.["tool_stream"] ?? (provider === "zai" || provider === "xai");
  return {
    tools: request.tools.map((tool) => wireOf(tool, () => toolOf(tool, model.compat))),
    ...choiceField(request),
    ...(pieces === true && { tool_stream: true }),
  };
}

function toolOf({ name, description, parameters }: ToolSchema, compat: Compat | undefined) {
  return { type: "function", function: { name, description, parameters: schemaFor(compat, parameters) } };
}

/** Only the vendor itself sells faster service. */
function tierField({ native, params = {} }: Endpoint): Record<string, unknown> {
  const tier =
    params["serviceTier"] ?? params["service_tier"] ?? (params["fastMode"] === true ? "priority" : undefined);
  return native && typeof tier === "string" ? { service_tier: tier } : {};
}

function cacheFields({ endpoint, cacheKey, cacheRetention }: ModelRequest): Record<string, unknown> {
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
  const field = endpoint.model.compat?.maxTokensField ?? (endpoint.native ? "max_completion_tokens" : "max_tokens");
  return { [field]: Math.min(maxTokens, endpoint.model.maxTokens) };
}

/** OpenAI's reasoning models refuse a temperature and everything else that bends the choice of words. */
function samplingFields(request: ModelRequest): Record<string, unknown> {
  const { compat, reasoning } = request.endpoint.model;
  const bends = compat?.supportsTemperature ?? !(request.endpoint.native && reasoning);
  const bending = {
    temperature: request.temperature,
    top_p: request.topP,
    frequency_penalty: request.frequencyPenalty,
    presence_penalty: request.presencePenalty,
    stop: request.stop?.length ? request.stop : undefined,
  };
  return compact({ ...(bends && bending), seed: request.seed, response_format: request.responseFormat });
}

function choiceField({ toolChoice, thinking, endpoint: { model } }: ModelRequest): Record<string, unknown> {
  if (toolChoice === undefined) return {};
  // Kimi refuses to be made to call while it thinks.
  if (model.compat?.thinkingFormat === "moonshot" && model.reasoning && thinking !== "off") return {};
  return {
    tool_choice: toolChoice === "required" ? toolChoice : { type: "function", function: { name: toolChoice.name } },
  };
}

const CACHE_MARK = { cache_control: { type: "ephemeral" } };

/** OpenRouter hands Anthropic's cache marks on to Claude. */
function marksCache({ endpoint, cacheRetention }: ModelRequest): boolean {
  return cacheRetention !== "none" && endpoint.provider === "openrouter" && endpoint.model.id.startsWith("anthropic/");
}

function systemMessages(request: ModelRequest): unknown[] {
  const { endpoint } = request;
  const blocks = request.system.filter((block) => block.text.trim() !== "");
  if (blocks.length === 0) return [];
  const { compat, reasoning } = endpoint.model;
  const role = (compat?.supportsDeveloperRole ?? (endpoint.native && reasoning)) ? "developer" : "system";
  if (!marksCache(request)) return [{ role, content: blocks.map((block) => block.text).join("\n\n") }];
  const marked = blocks.findLastIndex((block) => block.stable);
  return [{ role, content: blocks.map(({ text }, at) => ({ type: "text", text, ...(at === marked && CACHE_MARK) })) }];
}

function conversation(request: ModelRequest): unknown[] {
  const messages = openaiMessages(request);
  if (!marksCache(request)) return messages;
  const last = messages.findLastIndex((message) => message.role === "user" && typeof message["content"] === "string");
  return messages.map((message, at) =>
    at === last ? { ...message, content: [{ type: "text", text: message["content"], ...CACHE_MARK }] } : message,
  );
}
