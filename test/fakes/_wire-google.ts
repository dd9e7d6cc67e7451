/** A fake model's answer as Google's Gemini API streams it, and what that API refuses to read. */
import { DEFAULT_USAGE, data, stopOf } from "./_model-wire.ts";
import type { Answer, Wire } from "./_model-wire.ts";

export const googleWire: Wire = {
  base: "/v1beta",
  contentType: "text/event-stream",
  events: googleEvents,
  error: (status, message) => ({ error: { message, status } }),
  errorEvent: (status, message) => data({ error: { message, status } }),
  unknown: data({
    candidates: [{ index: 0, content: { role: "model", parts: [{ hologram: { depth: 3 } }] } }],
    dimension: 4,
  }),
  garbage: "data: hello\n\n",
  endless: "data: ",
  signs: true,
  documents: true,
  ids: true,
  pieces: false,
  cache: { read: true, write: false },
  refuses: (body) => googleRefusal(body),
};

/** The vendor sends arguments whole, and counts in every chunk. */
export function googleEvents(answer: Answer, model: string): string[] {
  const usage = { ...DEFAULT_USAGE, ...answer.usage };
  const prompt = usage.input + usage.cacheRead + usage.cacheWrite;
  const counts = {
    promptTokenCount: prompt,
    ...(usage.cacheRead > 0 && { cachedContentTokenCount: usage.cacheRead }),
  };
  const chunk = (parts: readonly object[], more: object = {}, usageMetadata: object = counts) =>
    data({
      candidates: [{ content: { role: "model", parts }, index: 0, ...more }],
      usageMetadata,
      modelVersion: model,
      responseId: "fake-response-1",
    });
  const signature = answer.signature === undefined ? {} : { thoughtSignature: answer.signature };
  const calls = (answer.calls ?? []).map((call, at) => ({
    functionCall: { id: call.id, name: call.name, args: argumentsOf(call.arguments) },
    ...(at === 0 && signature),
  }));
  const finishReason = { stop: "STOP", length: "MAX_TOKENS", toolUse: "STOP", refused: "SAFETY" }[stopOf(answer)];
  return [
    ...(answer.thinking ?? []).map((text) => chunk([{ text, thought: true }])),
    ...(answer.text ?? []).map((text) => chunk([{ text }])),
    ...calls.map((part) => chunk([part])),
    chunk(
      [{ text: "", ...(calls.length === 0 && signature) }],
      { finishReason },
      { ...counts, candidatesTokenCount: usage.output, totalTokenCount: prompt + usage.output },
    ),
  ];
}

/** An object; servers in front of the vendor have been seen to pass on what the model wrote instead. */
function argumentsOf(text: string): unknown {
  if (text === "") return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? value : text;
  } catch {
    return text;
  }
}

type Given = Readonly<Record<string, unknown>>;
interface Content {
  readonly role: string;
  readonly parts: readonly {
    readonly text?: string;
    readonly thoughtSignature?: string;
    readonly functionCall?: Given;
    readonly functionResponse?: Given;
  }[];
}

/** In the vendor's words; undefined for a request that it reads. */
export function googleRefusal(body: Given, model = "gemini-3"): string | undefined {
  const { tools = [], cachedContent } = body as { tools?: { functionDeclarations: Given[] }[]; cachedContent?: string };
  if (cachedContent !== undefined && (tools.length > 0 || "systemInstruction" in body))
    return "CachedContent can not be used with GenerateContent request setting system_instruction, tools or tool_config.";
  for (const [at, { parameters, name }] of tools.flatMap((tool) => tool.functionDeclarations).entries()) {
    const where = `tools[0].function_declarations[${at}].parameters`;
    if (!isName(name)) return `Invalid function name: ${String(name)}`;
    const refusal = parameters === undefined ? undefined : schemaRefusal(parameters as Given, where);
    if (refusal) return refusal;
  }
  const contents = (body["contents"] ?? []) as Content[];
  return refusedContents(contents) ?? (model.includes("gemini-3") ? unprovenCall(contents) : undefined);
}

const FIELDS = new Set(
  (
    "type format title description nullable enum items properties required anyOf minItems maxItems " +
    "minLength maxLength minimum maximum pattern default example"
  ).split(" "),
);

function schemaRefusal(schema: Given, where: string): string | undefined {
  const unknown = Object.keys(schema).find((field) => !FIELDS.has(field));
  if (unknown !== undefined)
    return `Invalid JSON payload received. Unknown name "${unknown}" at '${where}': Cannot find field.`;
  if (schema["type"] === "array" && schema["items"] === undefined) return `${where}.items: missing field.`;
  if (schema["enum"] !== undefined && schema["type"] !== "string") return `${where}.enum: only allowed for STRING type`;
  const properties = (schema["properties"] ?? {}) as Record<string, Given>;
  if (schema["properties"] !== undefined && Object.keys(properties).length === 0)
    return `${where}.properties: should be non-empty for OBJECT type`;
  const orphan = ((schema["required"] ?? []) as string[]).find((name) => !Object.hasOwn(properties, name));
  if (orphan !== undefined) return `${where}.required: property is not defined: ${orphan}`;
  const inner = [
    ...Object.entries(properties).map(([name, one]) => [one, `${where}.properties[${name}]`] as const),
    ...((schema["anyOf"] ?? []) as Given[]).map((one, at) => [one, `${where}.any_of[${at}]`] as const),
    ...(schema["items"] === undefined ? [] : [[schema["items"] as Given, `${where}.items`] as const]),
  ];
  return inner.map(([one, at]) => schemaRefusal(one, at)).find((refusal) => refusal !== undefined);
}

const PLACEHOLDERS = ["skip_thought_signature_validator", "context_engineering_is_the_way_to_go"];
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

function refusedContents(contents: readonly Content[]): string | undefined {
  if (contents[0]?.role !== "user") return "Please ensure that multiturn requests start with a user turn.";
  for (const [at, { role, parts }] of contents.entries()) {
    const before = contents[at - 1];
    const misnamed = parts
      .map(({ functionCall }) => functionCall?.["name"])
      .find((name) => name !== undefined && !isName(name));
    if (misnamed !== undefined) return `Invalid function name: ${String(misnamed)}`;
    if (parts.length === 0) return "Unable to submit request because it must have a parts field.";
    if (parts.some((part) => part.text === "" && part.thoughtSignature === undefined))
      return "Unable to submit request because it must have a text parameter.";
    if (role === "model" && before?.role === "model") return "Please ensure that multiturn requests alternate roles.";
    const asked = before?.parts.filter((part) => part.functionCall) ?? [];
    const answers = parts.filter((part) => part.functionResponse);
    if (asked.length !== answers.length)
      return "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.";
    if (answers.length > 0 && answers.length < parts.length)
      return "Please ensure that a function response turn holds function responses only.";
    for (const [nth, { functionResponse }] of answers.entries()) {
      const call = asked[nth]?.functionCall;
      if (functionResponse?.["name"] !== call?.["name"] || functionResponse?.["id"] !== call?.["id"])
        return "Please ensure that function responses match the function calls of the turn before.";
    }
    const proof = parts.map((part) => part.thoughtSignature).find((one) => one !== undefined && !isProof(one));
    if (proof !== undefined)
      return "Invalid value at 'contents[0].parts[0].thought_signature' (TYPE_BYTES), Base64 decoding failed.";
  }
  return contents.at(-1)?.role === "model"
    ? "Please ensure that multiturn requests end with a user turn or a function response turn."
    : undefined;
}

/** Since the third generation the first call of every step of the current turn must be proven. */
function unprovenCall(contents: readonly Content[]): string | undefined {
  const begun = contents.findLastIndex(({ role, parts }) => role === "user" && parts.some((part) => part.text));
  for (const [at, { parts }] of contents.entries()) {
    const first = at > begun ? parts.find((part) => part.functionCall) : undefined;
    if (first && first.thoughtSignature === undefined)
      return `Function call is missing a thought_signature in functionCall parts. Position ${at}.`;
  }
  return undefined;
}

function isName(name: unknown): boolean {
  return /^[A-Za-z_][A-Za-z0-9_.:-]{0,63}$/.test(String(name));
}

function isProof(signature: string): boolean {
  return PLACEHOLDERS.includes(signature) || BASE64.test(signature);
}
