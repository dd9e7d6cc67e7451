/** What a fake model says, and the same in every wire format. Written from the vendors' protocol pages. */

export interface FakeCall {
  readonly id: string;
  readonly name: string;
  /** The JSON text as the model wrote it, well-formed or not. */
  readonly arguments: string;
}

/** One answer of the fake model. Texts are lists of deltas. */
export interface Answer {
  readonly thinking?: readonly string[];
  /** Where the protocol has one. */
  readonly signature?: string;
  readonly text?: readonly string[];
  readonly calls?: readonly FakeCall[];
  readonly usage?: {
    readonly input: number;
    readonly output: number;
    readonly cacheRead?: number;
    readonly cacheWrite?: number;
  };
  /** `refused`: the vendor's filter stepped in; where the protocol has a word for that. */
  readonly stop?: "stop" | "length" | "toolUse" | "refused";
}

/** One protocol, as its server speaks it. */
export interface Wire {
  /** After the origin, in `baseUrl`. */
  readonly base: string;
  readonly contentType: string;
  /** The events of an answer, each complete: text, or bytes where the protocol is binary. */
  readonly events: (answer: Answer, model: string) => (string | Uint8Array)[];
  /** How an error is worded over HTTP. */
  readonly error: (type: string, message: string) => object;
  /** How an error is worded in the middle of a stream. */
  readonly errorEvent: (type: string, message: string) => string | Uint8Array;
  /** An event that nobody defined, of a kind that may come any day. */
  readonly unknown: string | Uint8Array;
  /** A well-framed event that is no JSON. */
  readonly garbage: string | Uint8Array;
  /** How an event begins that never ends. */
  readonly endless: string | Uint8Array;
  /** Its results come with proofs of what was thought, to be sent back. */
  readonly signs: boolean;
  /** Takes PDF files. */
  readonly documents: boolean;
  /** Gives ids to tool calls; sends arguments in pieces; tells what came from a cache. */
  readonly ids: boolean;
  /** Gives ids to answers; absent = where it gives them to calls. */
  readonly answerIds?: boolean;
  readonly pieces: boolean;
  readonly cache: { readonly read: boolean; readonly write: boolean };
  /** Why a request would be refused (400), in the vendor's words; absent where nobody wrote that down. */
  readonly refuses?: (body: Readonly<Record<string, unknown>>) => string | undefined;
}

export const DEFAULT_USAGE = { input: 20, output: 7, cacheRead: 0, cacheWrite: 0 };

export function openaiEvents(answer: Answer, model: string): string[] {
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
    chunk({}, { stop: "stop", length: "length", toolUse: "tool_calls", refused: "content_filter" }[stopOf(answer)]),
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

export function anthropicEvents(answer: Answer, model: string): string[] {
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
        stop_reason: { stop: "end_turn", length: "max_tokens", toolUse: "tool_use", refused: "refusal" }[
          stopOf(answer)
        ],
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

export function stopOf(answer: Answer): NonNullable<Answer["stop"]> {
  return answer.stop ?? (answer.calls?.length ? "toolUse" : "stop");
}

/** JSON arrives cut anywhere. */
export function pieces(text: string): string[] {
  return text.match(text.length > 100_000 ? /[\s\S]{1,16384}/g : /[\s\S]{1,7}/g) ?? [];
}

export function data(value: object): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

export function named(value: { readonly type: string; readonly [key: string]: unknown }): string {
  return `event: ${value.type}\n${data(value)}`;
}
