/** A request in the shape of Anthropic's Messages API, the smallest that says everything. */
import { SETUP_TOKEN } from "../../contracts/model.ts";
import type { Endpoint, ModelRequest } from "../../contracts/model.ts";
import { isRecord } from "../../base/record.ts";
import { longWindow } from "../_long-window.ts";
import { headersFor, joinUrl } from "./_call.ts";
import type { HttpCall } from "./_call.ts";
import { anthropicMessages } from "./_messages-anthropic.ts";
import { jsonOf } from "./_remembered.ts";
import { schemaFor } from "./_tool-schema.ts";
import { thinkingFields } from "./_thinking-anthropic.ts";

const VERSION = "2023-06-01";
const LONG_CACHE_BETA = "extended-cache-ttl-2025-04-11";
const OAUTH_BETA = "oauth-2025-04-20";
const LONG_WINDOW_BETA = "context-1m-2025-08-07";

export function anthropicCall(request: ModelRequest): HttpCall {
  const { endpoint } = request;
  // The address is given without `/v1`; people who add it mean the same place.
  const base = endpoint.baseUrl.replace(/\/+$/, "").replace(/\/v1$/, "");
  return {
    url: joinUrl(base, "v1/messages"),
    headers: withBetas(
      headersFor(endpoint, { "anthropic-version": VERSION, ...credential(endpoint) }),
      betasOf(request),
    ),
    body: jsonOf(anthropicBody(request), { messages: { content: true } }),
  };
}

/** Equal requests give equal bytes: the order of keys is fixed here. */
export function anthropicBody(request: ModelRequest): Record<string, unknown> {
  const { endpoint } = request;
  const thinking = thinkingFields(request, answerLimit(request));
  const thinks = "thinking" in thinking && thinkingType(thinking) !== "disabled";
  return {
    model: endpoint.model.wireId ?? endpoint.model.id,
    max_tokens: answerLimit(request),
    stream: true,
    ...samplingFields(request, thinks),
    ...thinking,
    ...tierField(endpoint),
    ...systemField(request),
    ...toolsField(request, thinks),
    messages: anthropicMessages(request, { thinks, mark: cacheMark(request) }),
    ...endpoint.extraBody,
  };
}

function thinkingType({ thinking }: Record<string, unknown>): unknown {
  return isRecord(thinking) ? thinking["type"] : undefined;
}

/** Only the vendor itself sells faster service; it has no word for the absence of a wish but silence. */
function tierField({ native, params = {} }: Endpoint): Record<string, unknown> {
  const fast = params["fastMode"];
  const wished = typeof fast === "boolean" ? (fast ? "auto" : "standard_only") : undefined;
  const tier = params["serviceTier"] ?? params["service_tier"] ?? wished;
  return native && typeof tier === "string" ? { service_tier: tier } : {};
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
  const { compat } = endpoint.model;
  if (compat?.requiresOpenAiAnthropicToolPayload) return openaiTools(request, thinks);
  const mark = cacheMark(request);
  return {
    tools: tools.map(({ name, description, parameters }, at) => ({
      name,
      description,
      input_schema: schemaFor(compat, parameters),
      ...(at === tools.length - 1 && mark),
    })),
    // A model that thinks cannot be made to call.
    ...(toolChoice !== undefined &&
      !thinks && {
        tool_choice: toolChoice === "required" ? { type: "any" } : { type: "tool", name: toolChoice.name },
      }),
  };
}

/** Some servers took over this protocol and left the tools in OpenAI's form. */
function openaiTools({ tools, endpoint, toolChoice }: ModelRequest, thinks: boolean): Record<string, unknown> {
  return {
    tools: tools.map(({ name, description, parameters }) => ({
      type: "function",
      function: { name, description, parameters: schemaFor(endpoint.model.compat, parameters) },
    })),
    ...(toolChoice !== undefined &&
      !thinks && {
        tool_choice: toolChoice === "required" ? "required" : { type: "function", function: { name: toolChoice.name } },
      }),
  };
}

/** Tokens of a subscription travel as a bearer; keys in the vendor's own header. */
function credential({ apiKey }: Endpoint): Record<string, string> {
  if (apiKey === undefined) return {};
  return isSubscriptionToken(apiKey) ? { authorization: `Bearer ${apiKey}` } : { "x-api-key": apiKey };
}

function isSubscriptionToken(key: string | undefined): boolean {
  return key?.startsWith(SETUP_TOKEN) ?? false;
}

/** Only the vendor's own host knows its betas; on others the operator names what is wanted. */
function betasOf({ endpoint, cacheRetention }: ModelRequest): string[] {
  if (!endpoint.native) return [];
  return [
    ...(cacheRetention === "long" ? [LONG_CACHE_BETA] : []),
    ...(longWindow(endpoint) === "asked" ? [LONG_WINDOW_BETA] : []),
    ...(isSubscriptionToken(endpoint.apiKey) ? [OAUTH_BETA] : []),
  ];
}

/** The operator's betas stand beside ours. */
function withBetas(headers: Record<string, string>, own: readonly string[]): Record<string, string> {
  const told = (headers["anthropic-beta"] ?? "").split(",").map((beta) => beta.trim());
  const all = [...new Set([...own, ...told])].filter((beta) => beta !== "");
  return all.length === 0 ? headers : { ...headers, "anthropic-beta": all.join(",") };
}
