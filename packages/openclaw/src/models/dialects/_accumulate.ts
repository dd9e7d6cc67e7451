/** The message that grows out of the deltas of a stream. Text is appended, never parsed again. */
import type {
  AssistantMessage,
  StopReason,
  TextPart,
  ThinkingPart,
  ToolCallPart,
  Usage,
} from "../../contracts/message.ts";
import { NO_USAGE } from "../../contracts/message.ts";
import { priceOf, priced } from "../../contracts/model.ts";
import type { ModelEvent, ModelFailure, ModelRequest } from "../../contracts/model.ts";
import { cut, plainLine } from "../../base/text.ts";
import { parseArguments } from "./_arguments.ts";
import { CallFailed } from "./_call.ts";

export interface TextBlock {
  readonly type: "text";
  text: string;
  signature: string;
}
export interface ThinkingBlock {
  readonly type: "thinking";
  text: string;
  signature: string;
}
export interface CallBlock {
  readonly type: "call";
  readonly id: string;
  readonly name: string;
  /** JSON as it came, in pieces. */
  text: string;
  signature: string;
}
type Block = TextBlock | ThinkingBlock | CallBlock;

export class Draft {
  readonly #request: ModelRequest;
  readonly #timestamp: number;
  readonly #blocks: Block[] = [];
  #calls = 0;
  usage: Usage = NO_USAGE;
  responseId: string | undefined;

  constructor(request: ModelRequest, now: number) {
    this.#request = request;
    this.#timestamp = now;
  }

  get empty(): boolean {
    return this.#blocks.length === 0;
  }

  get hasCalls(): boolean {
    return this.#blocks.some((block) => block.type === "call");
  }

  /** The text block at the end, begun when there is none. */
  text(): TextBlock {
    const last = this.#blocks.at(-1);
    return last?.type === "text" ? last : this.newText();
  }

  /** The thinking block at the end, begun when there is none. */
  thinking(): ThinkingBlock {
    const last = this.#blocks.at(-1);
    return last?.type === "thinking" ? last : this.newThinking();
  }

  /** The first thinking block, put in front of everything when there is none. */
  firstThinking(): ThinkingBlock {
    const found = this.#blocks.find((block) => block.type === "thinking");
    if (found) return found;
    const made: ThinkingBlock = { type: "thinking", text: "", signature: "" };
    this.#blocks.unshift(made);
    return made;
  }

  newText(): TextBlock {
    return this.#add({ type: "text", text: "", signature: "" });
  }

  newThinking(): ThinkingBlock {
    return this.#add({ type: "thinking", text: "", signature: "" });
  }

  /** Id and name as they came from the wire: shown, stored and compared, so they are made short texts. Throws `CallFailed`. */
  newCall(id: unknown, name: unknown): CallBlock {
    this.#calls += 1;
    if (this.#calls > MOST_CALLS) throw new CallFailed(TOO_MANY);
    return this.#add({ type: "call", id: word(id, MAX_ID), name: word(name, MAX_NAME), text: "", signature: "" });
  }

  done(reason: StopReason): ModelEvent {
    const encoding = this.#request.endpoint.model.compat?.toolCallArgumentsEncoding;
    const content = this.#blocks.flatMap((block) => partOf(block, encoding));
    return { type: "done", reason, message: this.#message(content, reason) };
  }

  /** What had arrived, without tool calls: nobody knows whether their arguments are complete. */
  error(failure: ModelFailure): ModelEvent {
    const content = this.#blocks.filter((block) => block.type !== "call").flatMap((block) => partOf(block));
    const message = this.#message(content, failure.class === "abort" ? "aborted" : "error");
    return { type: "error", failure, partial: { ...message, errorMessage: failure.message } };
  }

  #add<B extends Block>(block: B): B {
    this.#blocks.push(block);
    return block;
  }

  #message(content: AssistantMessage["content"], stopReason: StopReason): AssistantMessage {
    const { provider, api, model } = this.#request.endpoint;
    return {
      role: "assistant",
      content,
      timestamp: this.#timestamp,
      api,
      provider,
      model: model.id,
      usage: priced(this.usage, priceOf(this.#request.endpoint)),
      stopReason,
      ...(this.responseId === undefined ? {} : { responseId: this.responseId }),
    };
  }
}

function partOf(block: Block, encoding?: string): (TextPart | ThinkingPart | ToolCallPart)[] {
  switch (block.type) {
    case "text":
      if (block.text === "") return [];
      return [
        { type: "text", text: block.text.toWellFormed(), ...(block.signature && { textSignature: block.signature }) },
      ];
    case "thinking":
      if (block.text === "" && block.signature === "") return [];
      return [
        {
          type: "thinking",
          thinking: block.text.toWellFormed(),
          ...(block.signature && { thinkingSignature: block.signature }),
        },
      ];
    case "call":
      return [callPart(block, encoding)];
  }
}

function callPart({ id, name, text, signature }: CallBlock, encoding: string | undefined): ToolCallPart {
  const parsed = parseArguments(text, encoding);
  return {
    type: "toolCall",
    id,
    name,
    arguments: parsed ?? {},
    ...(parsed === undefined && { malformed: text }),
    ...(signature && { thoughtSignature: signature }),
  };
}

/** In one answer: more is a model that runs wild. */
const MOST_CALLS = 256;
const TOO_MANY = {
  class: "server_error",
  code: "garbage",
  message: "The model asked for too many tools at once.",
} as const;

const MAX_ID = 2000;
const MAX_NAME = 128;

function word(value: unknown, max: number): string {
  return typeof value === "string" ? plainLine(cut(value, max)) : "";
}

/** `totalTokens` added up. */
export function usageOf(counts: Omit<Usage, "totalTokens" | "cost">): Usage {
  return { ...counts, totalTokens: counts.input + counts.output + counts.cacheRead + counts.cacheWrite };
}

/** More than any call can have: who says so does not count, and its word would spoil the books for good. */
const MOST_TOKENS = 100_000_000;

/** A token count from the wire; anything else counts as none. */
export function count(value: unknown): number {
  return typeof value === "number" && value > 0 && value <= MOST_TOKENS ? Math.floor(value) : 0;
}
