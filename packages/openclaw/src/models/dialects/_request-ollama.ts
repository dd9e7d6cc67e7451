/** A request in the shape of Ollama's own `/api/chat`, the smallest that says everything. */
import type { ModelRequest } from "../../contracts/model.ts";
import { isRecord } from "../../base/record.ts";
import { compact } from "../../base/text.ts";
import { headersFor, joinUrl } from "./_call.ts";
import type { HttpCall } from "./_call.ts";
import { ollamaMessages } from "./_messages-ollama.ts";
import { NdjsonDecoder } from "./_ndjson.ts";
import { schemaFor } from "./_tool-schema.ts";

/** Keys of `params` that go into `options` as they are. Source: https://docs.ollama.com/modelfile (parameters). */
const OPTIONS = [
  "num_ctx",
  "num_predict",
  "num_keep",
  "num_batch",
  "num_gpu",
  "num_thread",
  "main_gpu",
  "use_mmap",
  "temperature",
  "top_k",
  "top_p",
  "min_p",
  "typical_p",
  "repeat_last_n",
  "repeat_penalty",
  "presence_penalty",
  "frequency_penalty",
  "mirostat",
  "mirostat_eta",
  "mirostat_tau",
  "seed",
  "stop",
];
/** Its word for a level, for models that know levels. */
const LEVELS = { minimal: "low", low: "low", medium: "medium", high: "high", xhigh: "high" } as const;

export function ollamaCall(request: ModelRequest): HttpCall {
  const { endpoint } = request;
  const bearer = endpoint.apiKey === undefined ? {} : { authorization: `Bearer ${endpoint.apiKey}` };
  return {
    url: joinUrl(nativeBase(endpoint.baseUrl), "api/chat"),
    headers: headersFor(endpoint, { accept: "application/x-ndjson", ...bearer }),
    body: JSON.stringify(ollamaBody(request)),
    decoder: () => new NdjsonDecoder(),
  };
}

/** The address without the path of its other dialect, which people copy along. */
function nativeBase(url: string): string {
  return url.replace(/\/+$/, "").replace(/\/(?:v1|api)$/, "");
}

/** Equal requests give equal bytes: the order of keys is fixed here. */
export function ollamaBody(request: ModelRequest): Record<string, unknown> {
  const { endpoint } = request;
  const { options: extraOptions, ...extraBody } = endpoint.extraBody ?? {};
  const options = { ...optionsOf(request), ...(isRecord(extraOptions) ? extraOptions : {}) };
  return {
    model: endpoint.model.wireId ?? endpoint.model.id,
    stream: true,
    ...thinkField(request),
    ...compact({ keep_alive: endpoint.params?.["keep_alive"], format: formatOf(request) }),
    ...(Object.keys(options).length > 0 && { options }),
    ...toolsField(request),
    messages: [...systemMessage(request), ...ollamaMessages(request)],
    ...extraBody,
  };
}

/** What the request asks for over what the operator set for the model. */
function optionsOf({ endpoint: { params = {}, model }, ...request }: ModelRequest): Record<string, unknown> {
  const told = Object.fromEntries(OPTIONS.filter((key) => params[key] !== undefined).map((key) => [key, params[key]]));
  return {
    ...told,
    ...compact({
      num_predict: request.maxTokens === undefined ? undefined : Math.min(request.maxTokens, model.maxTokens),
      temperature: request.temperature,
      top_p: request.topP,
      stop: request.stop?.length ? request.stop : undefined,
      seed: request.seed,
      frequency_penalty: request.frequencyPenalty,
      presence_penalty: request.presencePenalty,
    }),
  };
}

/** A model that cannot think refuses the question. Only gpt-oss knows levels, and it always thinks. */
function thinkField({ endpoint: { model, params }, thinking }: ModelRequest): Record<string, unknown> {
  const told = params?.["think"];
  if (typeof told === "boolean" || typeof told === "string") return { think: told };
  if (!model.reasoning) return {};
  const levels = model.compat?.supportedReasoningEfforts ?? (/gpt-oss/i.test(model.id) ? ["low"] : []);
  if (thinking === "off") return { think: levels.length > 0 && !levels.includes("none") ? "low" : false };
  return { think: levels.length > 0 ? (model.compat?.reasoningEffortMap?.[thinking] ?? LEVELS[thinking]) : true };
}

/** `response_format` of Chat Completions: any JSON, or that of a schema. */
function formatOf({ responseFormat }: ModelRequest): unknown {
  if (responseFormat?.["type"] === "json_object") return "json";
  const named = responseFormat?.["json_schema"];
  return isRecord(named) ? named["schema"] : undefined;
}

function toolsField({ tools, endpoint: { model } }: ModelRequest): Record<string, unknown> {
  if (tools.length === 0 || model.compat?.supportsTools === false) return {};
  return {
    tools: tools.map(({ name, description, parameters }) => ({
      type: "function",
      function: { name, description, parameters: schemaFor(model.compat, parameters) },
    })),
  };
}

function systemMessage({ system }: ModelRequest): object[] {
  const content = system
    .map((block) => block.text)
    .filter((text) => text.trim() !== "")
    .join("\n\n");
  return content === "" ? [] : [{ role: "system", content }];
}
