/** A request in the shape of Google's `generateContent`, the smallest that says everything. */
import type { Endpoint, ModelRequest } from "../../contracts/model.ts";
import { isRecord, record } from "../../base/record.ts";
import { compact } from "../../base/text.ts";
import { headersFor, joinUrl } from "./_call.ts";
import type { HttpCall } from "./_call.ts";
import { googleContents } from "./_messages-google.ts";
import { geminiSchema } from "./_schema-gemini.ts";
import { takesLevels, thinkingConfig } from "./_thinking-google.ts";
import { schemaFor } from "./_tool-schema.ts";

/** Most texts before which an answer ends. */
const MOST_STOPS = 5;

export function googleCall(request: ModelRequest): HttpCall {
  const { endpoint } = request;
  return {
    url: joinUrl(baseOf(endpoint.baseUrl), `${modelPath(endpoint)}:streamGenerateContent?alt=sse`),
    headers: headersFor(endpoint, googleCredential(endpoint)),
    body: JSON.stringify(googleBody(request)),
  };
}

/** People give the host alone, or the address where it speaks OpenAI's dialect; both mean the same place. */
function baseOf(baseUrl: string): string {
  const url = new URL(baseUrl);
  if (url.hostname !== "generativelanguage.googleapis.com") return baseUrl;
  const path = url.pathname.replace(/\/+$/, "").replace(/\/openai$/, "");
  return `${url.origin}${path || "/v1beta"}`;
}

/** `models/gemini-3-pro`; tuned models have a collection of their own. */
function modelPath({ model }: Endpoint): string {
  const id = model.wireId ?? model.id;
  const path = /^(?:models|tunedModels)\//.test(id) ? id : `models/${id}`;
  return path.split("/").map(encodeURIComponent).join("/");
}

/** Keys travel in the vendor's own header, tokens of a login as a bearer. */
export function googleCredential({ apiKey, login }: Endpoint): Record<string, string> {
  if (apiKey === undefined) return {};
  return login?.kind === "oauth" || login?.kind === "token"
    ? { authorization: `Bearer ${apiKey}` }
    : { "x-goog-api-key": apiKey };
}

/** Equal requests give equal bytes: the order of keys is fixed here. */
export function googleBody(request: ModelRequest): Record<string, unknown> {
  const { endpoint } = request;
  const cached = endpoint.params?.["cachedContent"];
  return {
    // What is kept with the vendor holds the system prompt and the tools; sent beside it they are refused.
    ...(typeof cached === "string" && cached !== ""
      ? { cachedContent: cached }
      : { ...systemField(request), ...toolFields(request) }),
    ...configField(request),
    contents: googleContents(request),
    ...endpoint.extraBody,
  };
}

function systemField({ system }: ModelRequest): Record<string, unknown> {
  const parts = system.filter(({ text }) => text.trim() !== "").map(({ text }) => ({ text }));
  return parts.length > 0 ? { systemInstruction: { parts } } : {};
}

function hasTools({ tools, endpoint }: ModelRequest): boolean {
  return tools.length > 0 && endpoint.model.compat?.supportsTools !== false;
}

function toolFields(request: ModelRequest): Record<string, unknown> {
  const { tools, toolChoice, endpoint } = request;
  if (!hasTools(request)) return {};
  const compat = { ...endpoint.model.compat, toolSchemaProfile: "gemini" } as const;
  const functionDeclarations = tools.map(({ name, description, parameters: schema }) => {
    const parameters = schemaFor(compat, schema);
    return { name, description, ...(hasProperties(parameters) && { parameters }) };
  });
  const mode = { mode: "ANY", ...(typeof toolChoice === "object" && { allowedFunctionNames: [toolChoice.name] }) };
  return {
    tools: [{ functionDeclarations }],
    ...(toolChoice !== undefined && { toolConfig: { functionCallingConfig: mode } }),
  };
}

/** A function whose object has no properties must be described as one without parameters. */
function hasProperties(schema: unknown): boolean {
  const { type, properties } = record(schema);
  return type !== "object" || Object.keys(record(properties)).length > 0;
}

function configField(request: ModelRequest): Record<string, unknown> {
  const { endpoint, maxTokens, temperature, topP, seed, frequencyPenalty, presencePenalty } = request;
  const bends = endpoint.model.compat?.supportsTemperature ?? true;
  const stops = request.stop?.filter((text) => text !== "").slice(0, MOST_STOPS) ?? [];
  const config = compact({
    maxOutputTokens: maxTokens === undefined ? undefined : Math.min(maxTokens, endpoint.model.maxTokens),
    ...(bends && { temperature, topP }),
    stopSequences: stops.length > 0 ? stops : undefined,
    seed,
    frequencyPenalty,
    presencePenalty,
    ...answerFields(request),
    ...thinkingConfig(request),
  });
  return Object.keys(config).length > 0 ? { generationConfig: config } : {};
}

/** `response_format` of Chat Completions. Before the third generation a model either calls functions or writes JSON. */
function answerFields(request: ModelRequest): Record<string, unknown> {
  const { endpoint, responseFormat } = request;
  const type = responseFormat?.["type"];
  if (type !== "json_schema" && type !== "json_object") return {};
  if (hasTools(request) && !takesLevels(endpoint.model.wireId ?? endpoint.model.id)) return {};
  const inner = responseFormat?.["json_schema"];
  const schema = isRecord(inner) ? geminiSchema(inner["schema"]) : undefined;
  return { responseMimeType: "application/json", ...(schema && { responseSchema: schema }) };
}
