/** A request in the shape of Bedrock's ConverseStream, the smallest that says everything. */
import type { DialectIo, Endpoint, ModelRequest } from "../../contracts/model.ts";
import { isRecord } from "../../base/record.ts";
import { compact } from "../../base/text.ts";
import { AwsDecoder } from "./_aws-frames.ts";
import { signed } from "./_aws-sign.ts";
import { headersFor, joinUrl } from "./_call.ts";
import type { HttpCall } from "./_call.ts";
import { effortOf } from "./_effort.ts";
import { bedrockMessages } from "./_messages-bedrock.ts";
import { thinkingFields } from "./_thinking-anthropic.ts";
import { schemaFor } from "./_tool-schema.ts";

export async function bedrockCall(request: ModelRequest, io: DialectIo): Promise<HttpCall> {
  const { endpoint } = request;
  const model = encodeURIComponent(endpoint.model.wireId ?? endpoint.model.id);
  const url = joinUrl(endpoint.baseUrl, `model/${model}/converse-stream`);
  const body = JSON.stringify(bedrockBody(request));
  const own = headersFor(endpoint, { accept: "application/vnd.amazon.eventstream" });
  const headers = await signed(request, io, { url: new URL(url), headers: own, body });
  return { url, headers, body, decoder: () => new AwsDecoder() };
}

/** Equal requests give equal bytes: the order of keys is fixed here. */
export function bedrockBody(request: ModelRequest): Record<string, unknown> {
  const { endpoint } = request;
  const more = modelFields(request);
  const thinks = "thinking" in more;
  const tools = toolConfig(request, thinks);
  const mark = cachePoint(request);
  return {
    ...systemField(request, mark),
    messages: bedrockMessages(request, { endpoint, tools: tools !== undefined, mark }),
    inferenceConfig: inference(request, thinks),
    ...compact({ toolConfig: tools, guardrailConfig: guardrail(endpoint) }),
    ...(Object.keys(more).length > 0 && { additionalModelRequestFields: more }),
    ...endpoint.extraBody,
  };
}

function isClaude({ model }: Endpoint): boolean {
  return /claude/i.test(model.wireId ?? model.id);
}

/** Unless told, a quarter of the window at most: the rest is for the conversation. */
function answerLimit({ endpoint: { model }, maxTokens }: ModelRequest): number {
  return Math.min(maxTokens ?? Math.max(1024, Math.floor(model.contextWindow / 4)), model.maxTokens);
}

/** Claude takes only one of the two measures, its newest none, and neither while it thinks. */
function inference(request: ModelRequest, thinks: boolean): Record<string, unknown> {
  const { endpoint, temperature, topP, stop } = request;
  const { model } = endpoint;
  const bends = model.compat?.supportsTemperature ?? !/opus-4-7/.test(model.wireId ?? model.id);
  const ends = stop?.filter((text) => text.trim() !== "") ?? [];
  return compact({
    maxTokens: answerLimit(request),
    temperature: bends && !thinks ? temperature : undefined,
    topP: bends && !thinks && (temperature === undefined || !isClaude(endpoint)) ? topP : undefined,
    stopSequences: ends.length > 0 ? ends : undefined,
  });
}

/** What the maker of a model knows beyond the common protocol. */
function modelFields(request: ModelRequest): Record<string, unknown> {
  const { endpoint, thinking } = request;
  const { model } = endpoint;
  const id = model.wireId ?? model.id;
  if (isClaude(endpoint)) {
    const { thinking: asked, ...rest } = thinkingFields(request, answerLimit(request));
    if (!isRecord(asked)) return {};
    const { display: _, ...told } = asked;
    return { thinking: told, ...rest };
  }
  if (!model.reasoning || thinking === "off") return {};
  const effort = effortOf(thinking, model.compat ?? {});
  if (/gpt-oss/.test(id)) return { reasoning_effort: effort };
  return /nova-2/.test(id) ? { reasoningConfig: { type: "enabled", maxReasoningEffort: effort } } : {};
}

/** Others than Claude refuse marks or keep their prefixes by themselves. */
function cachePoint({ endpoint, cacheRetention }: ModelRequest): { readonly cachePoint: object } | undefined {
  if (cacheRetention === "none" || !isClaude(endpoint)) return undefined;
  return { cachePoint: { type: "default", ...(cacheRetention === "long" && { ttl: "1h" }) } };
}

function systemField({ system }: ModelRequest, mark: object | undefined): Record<string, unknown> {
  const blocks = system.filter((block) => block.text.trim() !== "");
  if (blocks.length === 0) return {};
  // What changes from turn to turn stands behind the mark, or no turn would find the prefix again.
  const stable = blocks.findLastIndex((block) => block.stable);
  const marked = stable < 0 ? blocks.length - 1 : stable;
  return { system: blocks.flatMap(({ text }, at) => (at === marked && mark ? [{ text }, mark] : [{ text }])) };
}

function toolConfig(request: ModelRequest, thinks: boolean): object | undefined {
  const { tools, endpoint, toolChoice } = request;
  if (tools.length === 0 || endpoint.model.compat?.supportsTools === false) return undefined;
  const mark = cachePoint(request);
  const specs = tools.map(({ name, description, parameters }) => ({
    toolSpec: { name, description, inputSchema: { json: schemaFor(endpoint.model.compat, parameters) } },
  }));
  return {
    tools: mark ? [...specs, mark] : specs,
    // A model that thinks cannot be made to call.
    ...(toolChoice !== undefined &&
      !thinks && { toolChoice: toolChoice === "required" ? { any: {} } : { tool: { name: toolChoice.name } } }),
  };
}

/** `params.guardrail`: what the account lets through. */
function guardrail({ params }: Endpoint): object | undefined {
  const told = params?.["guardrail"];
  if (!isRecord(told)) return undefined;
  const id = told["guardrailIdentifier"] ?? told["id"];
  if (typeof id !== "string") return undefined;
  return compact({
    guardrailIdentifier: id,
    guardrailVersion: String(told["guardrailVersion"] ?? told["version"] ?? "DRAFT"),
    streamProcessingMode: told["streamProcessingMode"],
    trace: told["trace"],
  });
}
