/**
 * Messages of a conversation, as stored in transcripts and shown to clients.
 * The shapes are those of the documented transcript and of the gateway protocol (`chat.history`).
 */

export interface TextPart {
  readonly type: "text";
  readonly text: string;
  /** Opaque proof of the vendor for this text; replayed verbatim to the same vendor. */
  readonly textSignature?: string;
}
export interface ThinkingPart {
  readonly type: "thinking";
  readonly thinking: string;
  /** Opaque proof of the vendor that must be replayed verbatim to the same vendor. */
  readonly thinkingSignature?: string;
}
export interface ToolCallPart {
  readonly type: "toolCall";
  readonly id: string;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** What the model sent when it was no JSON object; `arguments` is then empty and the call is not run. */
  readonly malformed?: string;
  /** Opaque proof of the vendor for this call; replayed verbatim to the same vendor. */
  readonly thoughtSignature?: string;
}
export interface ImagePart {
  readonly type: "image";
  /** Base64 without a prefix. */
  readonly data: string;
  readonly mimeType: string;
}
/** A file that a model reads itself. Sent only to an endpoint that says so (`Endpoint.documents`); never stored. */
export interface DocumentPart {
  readonly type: "document";
  /** Base64 without a prefix. */
  readonly data: string;
  readonly mimeType: string;
  readonly name?: string;
}
export type Part = TextPart | ThinkingPart | ToolCallPart | ImagePart | DocumentPart;

export interface Cost {
  /** US dollars. */
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly total: number;
}

/** Tokens of one model call. `input` excludes what was read from or written to a cache. */
export interface Usage {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly totalTokens: number;
  readonly cost?: Cost;
}

export type StopReason = "stop" | "length" | "toolUse" | "error" | "aborted";

export interface UserMessage {
  readonly role: "user";
  readonly content: string | readonly (TextPart | ImagePart | DocumentPart)[];
  /** Unix epoch milliseconds. */
  readonly timestamp: number;
  /** `<runId>:user`: a retry after a restart does not run the same turn twice. */
  readonly idempotencyKey?: string;
  /** Of a message from a chat network, for the model to read in front of the text: who, when. */
  readonly envelope?: string;
  /** Written by another session, not by a person. The model reads a note with it. */
  readonly provenance?: {
    readonly kind: "inter_session";
    readonly sourceSessionKey: string;
    readonly sourceChannel?: string;
    readonly sourceTool: string;
  };
}

export interface AssistantMessage {
  readonly role: "assistant";
  readonly content: readonly (TextPart | ThinkingPart | ToolCallPart)[];
  readonly timestamp: number;
  /** Dialect id, provider id and model id that produced it. */
  readonly api: string;
  readonly provider: string;
  readonly model: string;
  readonly usage: Usage;
  readonly stopReason: StopReason;
  readonly errorMessage?: string;
  readonly responseId?: string;
  readonly idempotencyKey?: string;
}

export interface ToolResultMessage {
  readonly role: "toolResult";
  readonly toolCallId: string;
  readonly toolName: string;
  readonly content: readonly (TextPart | ImagePart)[];
  /** Structured outcome for people and clients; never sent to a model. */
  readonly details?: unknown;
  readonly isError: boolean;
  readonly timestamp: number;
}

export type Message = UserMessage | AssistantMessage | ToolResultMessage;

/** `model` of what the gateway itself tells people in a conversation. Models are not shown it. */
export const NOTICE = "gateway-notice";

export const NO_USAGE: Usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, totalTokens: 0 };

/** Of two calls together. The cost is that of the calls whose price is known. */
export function addUsage(a: Usage, b: Usage): Usage {
  const cost = a.cost && b.cost ? addCost(a.cost, b.cost) : (a.cost ?? b.cost);
  return {
    input: a.input + b.input,
    output: a.output + b.output,
    cacheRead: a.cacheRead + b.cacheRead,
    cacheWrite: a.cacheWrite + b.cacheWrite,
    totalTokens: a.totalTokens + b.totalTokens,
    ...(cost === undefined ? {} : { cost }),
  };
}

function addCost(a: Cost, b: Cost): Cost {
  return {
    input: a.input + b.input,
    output: a.output + b.output,
    cacheRead: a.cacheRead + b.cacheRead,
    cacheWrite: a.cacheWrite + b.cacheWrite,
    total: a.total + b.total,
  };
}

/** Tokens of everything that the model read, whatever of it came from a cache or went into one. */
export function promptTokens({ input, cacheRead, cacheWrite }: Usage): number {
  return input + cacheRead + cacheWrite;
}

/** The visible text of a message: its text parts joined. */
export function textOf(message: Message): string {
  if (typeof message.content === "string") return message.content;
  return message.content
    .filter((part): part is TextPart => part.type === "text")
    .map((part) => part.text)
    .join(message.role === "assistant" ? "\n\n" : "\n");
}
