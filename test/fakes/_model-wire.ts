/** What a fake model says, and the same in the two wire formats. Written from the vendors' protocol pages. */

export interface FakeCall {
  readonly id: string;
  readonly name: string;
  /** The JSON text as the model wrote it, well-formed or not. */
  readonly arguments: string;
}

/** One answer of the fake model. Texts are lists of deltas. */
export interface Answer {
  readonly thinking?: readonly string[];
  /** Anthropic only. */
  readonly signature?: string;
  readonly text?: readonly string[];
  readonly calls?: readonly FakeCall[];
  readonly usage?: {
    readonly input: number;
    readonly output: number;
    readonly cacheRead?: number;
    readonly cacheWrite?: number;
  };
  readonly stop?: "stop" | "length" | "toolUse";
}

export type WireApi = "openai-completions" | "anthropic-messages";

/** One server-sent event, complete with its blank line. */
export function wireEvents(api: WireApi, answer: Answer, model: string): string[] {
  return api === "openai-completions" ? openaiEvents(answer, model) : anthropicEvents(answer, model);
}

const DEFAULT_USAGE = { input: 20, output: 7, cacheRead: 0, cacheWrite: 0 };

function openaiEvents(answer: Answer, model: string): string[] {
  const base = { id: "chatcmpl-fake-1", object: "chat.completion.chunk", created: 1_700_000_000, model };
  const chunk = (delta: object, finish_reason: string | null = null) =>
    data({ ...base, choices: [{ index: 0, delta, finish_reason }], usage: null });
  const usage = { ...DEFAULT_USAGE, ...answer.usage };
  const prompt = usage.input + usage.cacheRead + usage.cacheWrite;
  const calls = (answer.calls ?? []).flatMap((call, index) => [
    chunk({ tool_calls: [{ index, id: call.id, type: "function", function: { name: call.name, arguments: "" } }] }),
    ...pieces(call.arguments).map((piece) => chunk({ tool_calls: [{ index, function: { arguments: piece } }] })),
  ]);
  return [
    chunk({ role: "assistant", content: "" }),
    ...(answer.thinking ?? []).map((delta) => chunk({ reasoning_content: delta })),
    ...(answer.text ?? []).map((delta) => chunk({ content: delta })),
    ...calls,
    chunk({}, { stop: "stop", length: "length", toolUse: "tool_calls" }[stopOf(answer)]),
    data({
      ...base,
      choices: [],
      usage: {
        prompt_tokens: prompt,
        completion_tokens: usage.output,
        total_tokens: prompt + usage.output,
        prompt_tokens_details: { cached_tokens: usage.cacheRead, cache_write_tokens: usage.cacheWrite },
      },
    }),
    "data: [DONE]\n\n",
  ];
}

function anthropicEvents(answer: Answer, model: string): string[] {
  const usage = { ...DEFAULT_USAGE, ...answer.usage };
  const counts = {
    input_tokens: usage.input,
    cache_read_input_tokens: usage.cacheRead,
    cache_creation_input_tokens: usage.cacheWrite,
  };
  const blocks = [
    ...(answer.thinking ? [thinkingBlock(answer.thinking, answer.signature ?? "c2lnbmVk")] : []),
    ...(answer.text ? [textBlock(answer.text)] : []),
    ...(answer.calls ?? []).map(callBlock),
  ];
  const message = {
    id: "msg_fake_1",
    type: "message",
    role: "assistant",
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
  };
  return [
    named({ type: "message_start", message: { ...message, usage: { ...counts, output_tokens: 1 } } }),
    named({ type: "ping" }),
    ...blocks.flatMap((block, index) => [
      named({ type: "content_block_start", index, content_block: block.start }),
      ...block.deltas.map((delta) => named({ type: "content_block_delta", index, delta })),
      named({ type: "content_block_stop", index }),
    ]),
    named({
      type: "message_delta",
      delta: {
        stop_reason: { stop: "end_turn", length: "max_tokens", toolUse: "tool_use" }[stopOf(answer)],
        stop_sequence: null,
      },
      usage: { output_tokens: usage.output },
    }),
    named({ type: "message_stop" }),
  ];
}

function thinkingBlock(deltas: readonly string[], signature: string) {
  return {
    start: { type: "thinking", thinking: "", signature: "" },
    deltas: [
      ...deltas.map((thinking) => ({ type: "thinking_delta", thinking })),
      { type: "signature_delta", signature },
    ],
  };
}

function textBlock(deltas: readonly string[]) {
  return { start: { type: "text", text: "" }, deltas: deltas.map((text) => ({ type: "text_delta", text })) };
}

function callBlock(call: FakeCall) {
  return {
    start: { type: "tool_use", id: call.id, name: call.name, input: {} },
    deltas: ["", ...pieces(call.arguments)].map((partial_json) => ({ type: "input_json_delta", partial_json })),
  };
}

function stopOf(answer: Answer): NonNullable<Answer["stop"]> {
  return answer.stop ?? (answer.calls?.length ? "toolUse" : "stop");
}

/** JSON arrives cut anywhere. */
function pieces(text: string): string[] {
  return text.match(text.length > 100_000 ? /[\s\S]{1,16384}/g : /[\s\S]{1,7}/g) ?? [];
}

function data(value: object): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

function named(value: { readonly type: string; readonly [key: string]: unknown }): string {
  return `event: ${value.type}\n${data(value)}`;
}

/** How each vendor words an error over HTTP. */
export function wireError(api: WireApi, type: string, message: string): object {
  return api === "openai-completions"
    ? { error: { message, type, param: null, code: null } }
    : { type: "error", error: { type, message } };
}

/** How each vendor words an error in the middle of a stream. */
export function errorEvent(api: WireApi, type: string, message: string): string {
  const body = wireError(api, type, message);
  return api === "openai-completions" ? data(body) : named(body as { type: string });
}
