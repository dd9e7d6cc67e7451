/** Events of ConverseStream → the draft of a message and the events to show. */
import type { StopReason } from "../../contracts/message.ts";
import type { Endpoint, ModelEvent } from "../../contracts/model.ts";
import { count, usageOf } from "./_accumulate.ts";
import type { CallBlock, Draft, TextBlock, ThinkingBlock } from "./_accumulate.ts";
import { CallFailed } from "./_call.ts";
import { brokenOff, failureOfBody } from "./_failure.ts";
import { REDACTED } from "./_messages-anthropic.ts";
import { parseChunk } from "./_parse.ts";
import type { StreamReader } from "./_stream.ts";

interface Delta {
  readonly text?: string;
  readonly toolUse?: { readonly input?: string };
  readonly reasoningContent?: {
    readonly text?: string;
    readonly signature?: string;
    /** Base64. */
    readonly redactedContent?: string;
  };
}
interface WireEvent {
  readonly exception?: string;
  readonly body?: string;
  readonly messageStart?: object;
  readonly contentBlockStart?: {
    readonly contentBlockIndex?: number;
    readonly start?: { readonly toolUse?: { readonly toolUseId?: string; readonly name?: string } };
  };
  readonly contentBlockDelta?: { readonly contentBlockIndex?: number; readonly delta?: Delta };
  readonly messageStop?: { readonly stopReason?: string };
  readonly metadata?: { readonly usage?: WireUsage };
}
interface WireUsage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly cacheReadInputTokens?: number;
  readonly cacheWriteInputTokens?: number;
}

/** The status that each exception of a stream has over HTTP (API reference, `ConverseStreamOutput`). */
const STATUS: Readonly<Record<string, number>> = {
  throttlingException: 429,
  validationException: 400,
  internalServerException: 500,
  modelStreamErrorException: 424,
  modelTimeoutException: 408,
  serviceUnavailableException: 503,
};

export class BedrockReader implements StreamReader {
  readonly #draft: Draft;
  readonly #endpoint: Endpoint;
  /** Blocks of the draft by their index on the wire. Texts and thoughts are not announced. */
  readonly #open = new Map<number, TextBlock | ThinkingBlock | CallBlock>();
  #stop: string | undefined;
  #any = false;
  complete = false;

  constructor(draft: Draft, endpoint: Endpoint) {
    this.#draft = draft;
    this.#endpoint = endpoint;
  }

  read(data: string, out: ModelEvent[]): void {
    const event = parseChunk<WireEvent>(data);
    if (event.exception !== undefined) throw new CallFailed(this.#failure(event.exception, event.body ?? ""));
    this.#any = true;
    if (event.contentBlockDelta) {
      const { contentBlockIndex = -1, delta = {} } = event.contentBlockDelta;
      this.#extend(contentBlockIndex, delta, out);
    } else if (event.contentBlockStart) this.#begin(event.contentBlockStart, out);
    else if (event.messageStop) this.#stop = event.messageStop.stopReason ?? "end_turn";
    else if (event.metadata) {
      this.#count(event.metadata.usage ?? {});
      this.complete = this.#stop !== undefined;
    }
  }

  finish(): StopReason {
    switch (this.#stop) {
      case undefined:
        throw new CallFailed(brokenOff(this.#any));
      case "max_tokens":
      case "model_context_window_exceeded":
        return "length";
      case "malformed_model_output":
      case "malformed_tool_use":
        throw new CallFailed({ class: "server_error", code: this.#stop, message: "The vendor's model failed." });
      case "guardrail_intervened":
      case "content_filtered":
        if (!this.#draft.empty) return "stop";
        throw new CallFailed({
          class: "unknown",
          code: this.#stop,
          message: "The vendor's content filter withheld the answer.",
        });
      default:
        return this.#draft.hasCalls ? "toolUse" : "stop";
    }
  }

  #failure(exception: string, body: string) {
    const name = exception.charAt(0).toUpperCase() + exception.slice(1);
    return failureOfBody(body, this.#endpoint, STATUS[exception.charAt(0).toLowerCase() + exception.slice(1)], name);
  }

  #begin({ contentBlockIndex = -1, start }: NonNullable<WireEvent["contentBlockStart"]>, out: ModelEvent[]): void {
    const use = start?.toolUse;
    if (!use) return;
    const call = this.#draft.newCall(use.toolUseId ?? `tooluse_${contentBlockIndex}`, use.name ?? "");
    this.#open.set(contentBlockIndex, call);
    out.push({ type: "toolcall", id: call.id, name: call.name });
  }

  #extend(index: number, { text, toolUse, reasoningContent }: Delta, out: ModelEvent[]): void {
    const block = this.#open.get(index);
    if (text) {
      const open = block?.type === "text" ? block : this.#opened(index, this.#draft.newText());
      open.text += text;
      out.push({ type: "text", delta: text });
    } else if (toolUse?.input) {
      if (block?.type !== "call") return;
      block.text += toolUse.input;
      out.push({ type: "arguments", id: block.id, delta: toolUse.input });
    } else if (reasoningContent) {
      const { text: thought, signature, redactedContent } = reasoningContent;
      const open = block?.type === "thinking" ? block : this.#opened(index, this.#draft.newThinking());
      if (redactedContent)
        open.signature = open.signature === "" ? REDACTED + redactedContent : open.signature + redactedContent;
      if (signature) open.signature += signature;
      if (!thought) return;
      open.text += thought;
      out.push({ type: "thinking", delta: thought });
    }
  }

  #opened<B extends TextBlock | ThinkingBlock>(index: number, block: B): B {
    this.#open.set(index, block);
    return block;
  }

  #count({ inputTokens, outputTokens, cacheReadInputTokens, cacheWriteInputTokens }: WireUsage): void {
    this.#draft.usage = usageOf({
      input: count(inputTokens),
      output: count(outputTokens),
      cacheRead: count(cacheReadInputTokens),
      cacheWrite: count(cacheWriteInputTokens),
    });
  }
}
