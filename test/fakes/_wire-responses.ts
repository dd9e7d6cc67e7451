/** A fake model's answer as OpenAI's Responses API streams it, and what that API refuses to read. */
import { createHash } from "node:crypto";
import { DEFAULT_USAGE, named, pieces, stopOf } from "./_model-wire.ts";
import type { Answer, FakeCall, Wire } from "./_model-wire.ts";

export const responsesWire: Wire = {
  base: "/v1",
  contentType: "text/event-stream; charset=utf-8",
  events: responsesEvents,
  error: (type, message) => ({ error: { message, type, param: null, code: null } }),
  errorEvent: (type, message) => named({ type: "error", code: type, message, param: null, sequence_number: 90 }),
  unknown:
    named({ type: "response.output_item.added", output_index: 90, item: { id: "ho_1", type: "hologram", depth: 3 } }) +
    named({ type: "response.hologram.delta", item_id: "ho_1", output_index: 90, delta: "deep" }) +
    named({ type: "response.output_item.done", output_index: 90, item: { id: "ho_1", type: "hologram", depth: 4 } }),
  garbage: "data: hello\n\n",
  endless: "data: ",
  signs: true,
  documents: true,
  ids: true,
  pieces: true,
  cache: { read: true, write: true },
  refuses: responsesRefusal,
};

type Event = { readonly type: string; readonly [key: string]: unknown };
interface Item {
  readonly added: object;
  readonly deltas: readonly Event[];
  readonly done: object;
}

export function responsesEvents(answer: Answer, model: string): string[] {
  const usage = { ...DEFAULT_USAGE, ...answer.usage };
  const prompt = usage.input + usage.cacheRead + usage.cacheWrite;
  const why = { stop: null, length: "max_output_tokens", toolUse: null, refused: "content_filter" }[stopOf(answer)];
  /** Different answers have different ids. */
  const own = createHash("sha256").update(JSON.stringify(answer)).digest("hex").slice(0, 12);
  const items = [
    ...(answer.thinking ? [reasoningItem(answer.thinking, answer.signature ?? "gAAAA-fake", own)] : []),
    ...(answer.text ? [messageItem(answer.text, own)] : []),
    ...(answer.calls ?? []).map(callItem),
  ];
  const response = {
    id: "resp_fake_1",
    object: "response",
    created_at: 1_700_000_000,
    model,
    error: null,
    incomplete_details: null,
    parallel_tool_calls: true,
    store: false,
  };
  const begun = { ...response, status: "in_progress", output: [], usage: null };
  const ended = {
    ...response,
    status: why === null ? "completed" : "incomplete",
    incomplete_details: why === null ? null : { reason: why },
    output: items.map((item) => item.done),
    usage: {
      input_tokens: prompt,
      input_tokens_details: { cached_tokens: usage.cacheRead, cache_write_tokens: usage.cacheWrite },
      output_tokens: usage.output,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: prompt + usage.output,
    },
  };
  const events: Event[] = [
    { type: "response.created", response: begun },
    { type: "response.in_progress", response: begun },
    ...items.flatMap((item, output_index) => [
      { type: "response.output_item.added", output_index, item: item.added },
      ...item.deltas.map((delta) => ({ ...delta, output_index })),
      { type: "response.output_item.done", output_index, item: item.done },
    ]),
    { type: why !== null ? "response.incomplete" : "response.completed", response: ended },
  ];
  return events.map((event, sequence_number) => named({ ...event, sequence_number }));
}

function reasoningItem(deltas: readonly string[], encrypted_content: string, own: string): Item {
  const item = { id: `rs_${own}`, type: "reasoning" };
  const text = deltas.join("");
  const at = { item_id: item.id, summary_index: 0 };
  return {
    added: { ...item, summary: [], encrypted_content: encrypted_content.slice(0, 4) },
    deltas: [
      { type: "response.reasoning_summary_part.added", ...at, part: { type: "summary_text", text: "" } },
      ...deltas.map((delta) => ({ type: "response.reasoning_summary_text.delta", ...at, delta })),
      { type: "response.reasoning_summary_text.done", ...at, text },
      { type: "response.reasoning_summary_part.done", ...at, part: { type: "summary_text", text } },
    ],
    done: { ...item, summary: [{ type: "summary_text", text }], encrypted_content },
  };
}

function messageItem(deltas: readonly string[], own: string): Item {
  const item = { id: `msg_${own}`, type: "message", role: "assistant" };
  const text = deltas.join("");
  const at = { item_id: item.id, content_index: 0 };
  const part = (said: string) => ({ type: "output_text", annotations: [], logprobs: [], text: said });
  return {
    added: { ...item, status: "in_progress", content: [] },
    deltas: [
      { type: "response.content_part.added", ...at, part: part("") },
      ...deltas.map((delta) => ({ type: "response.output_text.delta", ...at, delta, logprobs: [] })),
      { type: "response.output_text.done", ...at, text, logprobs: [] },
      { type: "response.content_part.done", ...at, part: part(text) },
    ],
    done: { ...item, status: "completed", content: [part(text)] },
  };
}

function callItem({ id, name, arguments: text }: FakeCall): Item {
  const item = { id: `fc_${id}`, type: "function_call", call_id: id, name };
  const at = { item_id: item.id };
  return {
    added: { ...item, status: "in_progress", arguments: "" },
    deltas: [
      ...pieces(text).map((delta) => ({ type: "response.function_call_arguments.delta", ...at, delta })),
      { type: "response.function_call_arguments.done", ...at, name, arguments: text },
    ],
    done: { ...item, status: "completed", arguments: text },
  };
}

const PARAMETERS = new Set(
  (
    "model input instructions stream stream_options store include tools tool_choice prompt_cache_key " +
    "prompt_cache_retention max_output_tokens temperature top_p reasoning text service_tier " +
    "context_management parallel_tool_calls metadata truncation previous_response_id"
  ).split(" "),
);

type Given = Readonly<Record<string, unknown>>;

/** In the vendor's words; undefined for a request that it reads. */
export function responsesRefusal(body: Given): string | undefined {
  const unknown = Object.keys(body).find((name) => !PARAMETERS.has(name));
  if (unknown !== undefined) return `Unknown parameter: '${unknown}'.`;
  if (typeof body["max_output_tokens"] === "number" && body["max_output_tokens"] < 16)
    return "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16.";
  for (const tool of (body["tools"] ?? []) as Given[])
    if (typeof tool["name"] !== "string" || "function" in tool) return "Missing required parameter: 'tools[0].name'.";
  const input = body["input"];
  return Array.isArray(input) ? refusedItems(input as Given[]) : undefined;
}

/** Items that a model wrote. */
const isOutput = (item: Given | undefined) =>
  item !== undefined && (item["type"] === "function_call" || item["role"] === "assistant");

function refusedItems(items: readonly Given[]): string | undefined {
  const open = new Set<unknown>();
  const ids = new Set<unknown>();
  let reasoned = false;
  for (const [at, item] of items.entries()) {
    const { type = "message", id } = item;
    if (id !== undefined && ids.has(id)) return `Duplicate item found with id ${id}. Remove duplicate items and retry.`;
    ids.add(id);
    if (!isOutput(item) && type !== "reasoning") reasoned = false;
    if (type === "reasoning") {
      reasoned = true;
      if (!isOutput(items[at + 1]))
        return `Item '${id}' of type 'reasoning' was provided without its required following item.`;
    } else if (id !== undefined && type !== "compaction" && !reasoned) {
      return `Item '${id}' of type '${type}' was provided without its required 'reasoning' item: 'rs_fake'.`;
    }
    const refusal = refusedItem(item, type, open);
    if (refusal) return refusal;
  }
  const [missing] = open;
  return missing === undefined ? undefined : `No tool output found for function call ${missing}.`;
}

function refusedItem(item: Given, type: unknown, open: Set<unknown>): string | undefined {
  const callId = item["call_id"];
  if (typeof callId === "string" && (callId.length > 64 || callId === ""))
    return `Invalid 'input[0].call_id': string too long. Expected a string with maximum length 64.`;
  switch (type) {
    case "function_call":
      if (!/^[a-zA-Z0-9_-]{1,64}$/.test(String(item["name"])))
        return "Invalid 'input[0].name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.";
      if (typeof item["arguments"] !== "string") return "Invalid type for 'input[0].arguments': expected a string.";
      open.add(callId);
      return undefined;
    case "function_call_output":
      return open.delete(callId) ? undefined : `No tool call found for function call output with call_id ${callId}.`;
    case "message":
      if (open.size > 0 && item["role"] === "user") return `No tool output found for function call ${[...open][0]}.`;
      return emptyContent(item["content"]) ? "Invalid 'input[0].content': empty." : undefined;
    default:
      return type === "reasoning" || type === "compaction" ? undefined : `Invalid value: '${String(type)}'.`;
  }
}

function emptyContent(content: unknown): boolean {
  return content === undefined || ((typeof content === "string" || Array.isArray(content)) && content.length === 0);
}
