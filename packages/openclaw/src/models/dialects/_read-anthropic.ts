/** Events of a Messages stream → the draft of a message and the events to show. */
import type { StopReason } from "../../contracts/message.ts";
import type { Endpoint, ModelEvent } from "../../contracts/model.ts";
import { count, usageOf } from "./_accumulate.ts";
import type { Draft } from "./_accumulate.ts";
import { CallFailed } from "./_call.ts";
import { brokenOff, failureOfBody } from "./_failure.ts";
import { REDACTED } from "./_messages-anthropic.ts";
import { parseChunk } from "./_parse.ts";
import type { StreamReader } from "./_stream.ts";

interface WireEvent {
  readonly type?: string;
  readonly index?: number;
  readonly message?: { readonly id?: string; readonly usage?: WireUsage };
  readonly content_block?: WireBlock;
  readonly delta?: WireDelta;
  readonly usage?: WireUsage;
}
interface WireBlock {
  readonly type?: string;
  readonly id?: string;
  readonly name?: string;
  readonly text?: string;
  readonly thinking?: string;
  readonly signature?: string;
  readonly data?: string;
  readonly input?: unknown;
}
interface WireDelta {
  readonly type?: string;
  readonly text?: string;
  readonly thinking?: string;
  readonly signature?: string;
  readonly partial_json?: string;
  readonly stop_reason?: string | null;
}
interface WireUsage {
  readonly input_tokens?: number | null;
  readonly output_tokens?: number | null;
  readonly cache_read_input_tokens?: number | null;
  readonly cache_creation_input_tokens?: number | null;
}

interface OpenBlock {
  text: string;
  signature?: string;
  /** Of a call. */
  readonly id?: string;
}

export class AnthropicReader implements StreamReader {
  readonly #draft: Draft;
  readonly #endpoint: Endpoint;
  /** Blocks of the draft by their `index` on the wire. */
  readonly #open: OpenBlock[] = [];
  #usage: WireUsage = {};
  #stop: string | undefined;
  #any = false;
  complete = false;

  constructor(draft: Draft, endpoint: Endpoint) {
    this.#draft = draft;
    this.#endpoint = endpoint;
  }

  read(data: string, out: ModelEvent[]): void {
    const event = parseChunk<WireEvent>(data);
    switch (event.type) {
      case "content_block_delta":
        this.#extend(event.index ?? -1, event.delta ?? {}, out);
        return;
      case "content_block_start":
        this.#any = true;
        this.#begin(event.index ?? this.#open.length, event.content_block ?? {}, out);
        return;
      case "message_start":
        this.#any = true;
        if (event.message?.id) this.#draft.responseId = event.message.id;
        this.#count(event.message?.usage);
        return;
      case "message_delta":
        if (event.delta?.stop_reason) this.#stop = event.delta.stop_reason;
        this.#count(event.usage);
        return;
      case "message_stop":
        this.complete = true;
        return;
      case "error":
        throw new CallFailed(failureOfBody(data, this.#endpoint));
      default: // `ping`, and what the vendor may add
    }
  }

  finish(): StopReason {
    switch (this.#stop) {
      case undefined:
        throw new CallFailed(brokenOff(this.#any));
      case "max_tokens":
      case "model_context_window_exceeded":
        return "length";
      case "refusal":
        if (!this.#draft.empty) return "stop";
        throw new CallFailed({
          class: "unknown",
          code: "refusal",
          message: "The vendor's safety filter withheld the answer.",
        });
      default:
        return this.#draft.hasCalls ? "toolUse" : "stop";
    }
  }

  #begin(index: number, block: WireBlock, out: ModelEvent[]): void {
    switch (block.type) {
      case "text":
        this.#open[index] = this.#draft.newText();
        this.#extend(index, { type: "text_delta", text: block.text ?? "" }, out);
        return;
      case "thinking":
        this.#open[index] = this.#draft.newThinking();
        this.#extend(index, { type: "signature_delta", signature: block.signature ?? "" }, out);
        this.#extend(index, { type: "thinking_delta", thinking: block.thinking ?? "" }, out);
        return;
      case "redacted_thinking":
        this.#draft.newThinking().signature = REDACTED + (block.data ?? "");
        return;
      case "tool_use": {
        const call = this.#draft.newCall(block.id ?? `toolu_${index}`, block.name ?? "");
        // Some gateways send the whole input here instead of in deltas.
        if (hasKeys(block.input)) call.text = JSON.stringify(block.input);
        this.#open[index] = call;
        out.push({ type: "toolcall", id: call.id, name: call.name });
        if (call.text !== "") out.push({ type: "arguments", id: call.id, delta: call.text });
        return;
      }
      default: // Blocks of tools that the vendor runs itself; none are asked for.
    }
  }

  #extend(index: number, delta: WireDelta, out: ModelEvent[]): void {
    const block = this.#open[index];
    if (!block) return;
    switch (delta.type) {
      case "text_delta":
        if (!delta.text) return;
        block.text += delta.text;
        out.push({ type: "text", delta: delta.text });
        return;
      case "thinking_delta":
        if (!delta.thinking) return;
        block.text += delta.thinking;
        out.push({ type: "thinking", delta: delta.thinking });
        return;
      case "input_json_delta":
        if (!delta.partial_json) return;
        block.text += delta.partial_json;
        if (block.id !== undefined) out.push({ type: "arguments", id: block.id, delta: delta.partial_json });
        return;
      case "signature_delta":
        block.signature = (block.signature ?? "") + (delta.signature ?? "");
        return;
      default: // citations
    }
  }

  /** Later counts replace earlier ones: the vendor sends running totals. */
  #count(usage: WireUsage | undefined): void {
    if (!usage) return;
    this.#usage = {
      ...this.#usage,
      ...Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== null)),
    };
    const { input_tokens, output_tokens, cache_read_input_tokens, cache_creation_input_tokens } = this.#usage;
    this.#draft.usage = usageOf({
      input: count(input_tokens),
      output: count(output_tokens),
      cacheRead: count(cache_read_input_tokens),
      cacheWrite: count(cache_creation_input_tokens),
    });
  }
}

function hasKeys(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}
