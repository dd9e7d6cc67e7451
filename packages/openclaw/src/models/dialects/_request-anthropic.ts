/** A request in the shape of Anthropic's Messages API, the smallest that says everything. */
import type { Endpoint, ModelRequest } from "../../contracts/model.ts";
import { headersFor, joinUrl } from "./_call.ts";
import type { HttpCall } from "./_call.ts";
import { anthropicMessages } from "./_messages-anthropic.ts";
import { thinkingFields } from "./_thinking-anthropic.ts";

const VERSION = "2023-06-01";
const LONG_CACHE_BETA = "extended-cache-ttl-2025-04-11";
const OAUTH_BETA = "oauth-2025-04-20";

export function anthropicCall(request: ModelRequest): HttpCall {
  const { endpoint } = request;
  // The address is given without `/v1`; people who add it mean the same place.
  const base = endpoint.baseUrl.replace(/\/+$/, "").replace(/\/v1$/, "");
  return {
    url: joinUrl(base, "v1/messages"),
    headers: headersFor(endpoint, { "anthropic-version": VERSION, ...credential(endpoint), ...betas(request) }),
    body: JSON.stringify(anthropicBody(request)),
  };
}

/** Equal requests give equal bytes: the order of keys is fixed here. */
export function anthropicBody(request: ModelRequest): Record<string, unknown> {
  const { endpoint } = request;
  const thinking = thinkingFields(request, answerLimit(request));
  const thinks = "thinking" in thinking;
  return {
    model: endpoint.model.wireId ?? endpoint.model.id,
    max_tokens: answerLimit(request),
    stream: true,
    ...samplingFields(request, thinks),
    ...thinking,
    ...systemField(request),
    ...toolsField(request, thinks),
    messages: anthropicMessages(request, { thinks, mark: cacheMark(request) }),
    ...endpoint.extraBody,
  };
}

/** While it thinks, the vendor wants to choose words by itself; its newer models take only one of the two measures. */
function samplingFields({ temperature, topP, stop }: ModelRequest, thinks: boolean): Record<string, unknown> {
  const ends = stop?.filter((text) => text.trim() !== "") ?? [];
  return {
    ...(!thinks && (temperature === undefined ? topP !== undefined && { top_p: topP } : { temperature })),
    ...(ends.length > 0 && { stop_sequences: ends }),
  };
}

/** The vendor wants a limit. Unless told, a quarter of the window at most: the rest is for the conversation. */
function answerLimit({ endpoint: { model }, maxTokens }: ModelRequest): number {
  return Math.min(maxTokens ?? Math.max(1024, Math.floor(model.contextWindow / 4)), model.maxTokens);
}

/** Marks the end of a prefix that the vendor may keep. */
export type CacheMark = { readonly cache_control: { readonly type: "ephemeral"; readonly ttl?: "1h" } } | undefined;

function cacheMark({ cacheRetention }: ModelRequest): CacheMark {
  if (cacheRetention === "none") return undefined;
  return { cache_control: cacheRetention === "long" ? { type: "ephemeral", ttl: "1h" } : { type: "ephemeral" } };
}

function systemField(request: ModelRequest): Record<string, unknown> {
  const blocks = request.system.filter((block) => block.text.trim() !== "");
  if (blocks.length === 0) return {};
  const mark = cacheMark(request);
  // What changes from turn to turn stands behind the mark, or no turn would find the prefix again.
  const stable = blocks.findLastIndex((block) => block.stable);
  const marked = stable < 0 ? blocks.length - 1 : stable;
  return { system: blocks.map(({ text }, at) => ({ type: "text", text, ...(at === marked && mark) })) };
}

function toolsField(request: ModelRequest, thinks: boolean): Record<string, unknown> {
  const { tools, endpoint, toolChoice } = request;
  if (tools.length === 0 || endpoint.model.compat?.supportsTools === false) return {};
  const mark = cacheMark(request);
  return {
    tools: tools.map(({ name, description, parameters }, at) => ({
      name,
      description,
      input_schema: parameters,
      ...(at === tools.length - 1 && mark),
    })),
    // A model that thinks cannot be made to call.
    ...(toolChoice !== undefined &&
      !thinks && {
        tool_choice: toolChoice === "required" ? { type: "any" } : { type: "tool", name: toolChoice.name },
      }),
  };
}

/** Tokens of a subscription travel as a bearer; keys in the vendor's own header. */
function credential({ apiKey }: Endpoint): Record<string, string> {
  if (apiKey === undefined) return {};
  return isSubscriptionToken(apiKey) ? { authorization: `Bearer ${apiKey}` } : { "x-api-key": apiKey };
}

function isSubscriptionToken(key: string | undefined): boolean {
  return key?.startsWith("sk-ant-oat") ?? false;
}

/** Only the vendor's own host knows its betas. */
function betas({ endpoint, cacheRetention }: ModelRequest): Record<string, string> {
  if (!endpoint.native) return {};
  const wanted = [
    ...(cacheRetention === "long" ? [LONG_CACHE_BETA] : []),
    ...(isSubscriptionToken(endpoint.apiKey) ? [OAUTH_BETA] : []),
  ];
  return wanted.length === 0 ? {} : { "anthropic-beta": wanted.join(",") };
}
