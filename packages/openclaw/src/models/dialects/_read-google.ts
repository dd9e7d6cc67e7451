/** Chunks of a `streamGenerateContent` stream → the draft of a message and the events to show. */
import type { StopReason } from "../../contracts/message.ts";
import type { Endpoint, ModelEvent, ModelFailure } from "../../contracts/model.ts";
import { count, usageOf } from "./_accumulate.ts";
import type { Draft, TextBlock } from "./_accumulate.ts";
import { CallFailed } from "./_call.ts";
import { brokenOff, failureOfBody } from "./_failure.ts";
import { parseChunk } from "./_parse.ts";
import type { StreamReader } from "./_stream.ts";

interface WirePart {
  readonly text?: string;
  readonly thought?: boolean;
  readonly thoughtSignature?: string;
  readonly functionCall?: { readonly id?: string; readonly name?: string; readonly args?: unknown };
}
interface Chunk {
  readonly candidates?: readonly {
    readonly content?: { readonly parts?: readonly WirePart[] };
    readonly finishReason?: string;
    readonly finishMessage?: string;
  }[];
  readonly promptFeedback?: { readonly blockReason?: string; readonly blockReasonMessage?: string };
  readonly usageMetadata?: {
    readonly promptTokenCount?: number;
    readonly toolUsePromptTokenCount?: number;
    readonly cachedContentTokenCount?: number;
    readonly candidatesTokenCount?: number;
    readonly thoughtsTokenCount?: number;
  };
  readonly responseId?: string;
  readonly error?: unknown;
}

/** Ends where the model wrote something that is no answer: worth another try. */
const GARBLED = new Set([
  "MALFORMED_FUNCTION_CALL",
  "UNEXPECTED_TOOL_CALL",
  "TOO_MANY_TOOL_CALLS",
  "MALFORMED_RESPONSE",
  "MISSING_THOUGHT_SIGNATURE",
]);
/** Ends that the vendor's rules for content made. */
const WITHHELD = new Set([
  "SAFETY",
  "RECITATION",
  "LANGUAGE",
  "OTHER",
  "BLOCKLIST",
  "PROHIBITED_CONTENT",
  "SPII",
  "IMAGE_SAFETY",
  "IMAGE_PROHIBITED_CONTENT",
  "IMAGE_RECITATION",
  "IMAGE_OTHER",
  "NO_IMAGE",
]);

export class GoogleReader implements StreamReader {
  readonly #draft: Draft;
  readonly #endpoint: Endpoint;
  readonly #now: number;
  #callCount = 0;
  #text: TextBlock | undefined;
  #finish: string | undefined;
  #finishMessage = "";
  #any = false;
  /** The end is the end of the stream: the last chunk may bring only the counts. */
  readonly complete = false;

  constructor(draft: Draft, endpoint: Endpoint, now: number) {
    this.#draft = draft;
    this.#endpoint = endpoint;
    this.#now = now;
  }

  read(data: string, out: ModelEvent[]): void {
    if (data === "[DONE]") return;
    const parsed = parseChunk<Chunk | readonly Chunk[]>(data);
    // Without `alt=sse`, which some proxies drop, all chunks come as one list.
    if (Array.isArray(parsed)) for (const chunk of parsed as readonly Chunk[]) this.#readChunk(chunk, out);
    else this.#readChunk(parsed as Chunk, out);
  }

  finish(): StopReason {
    const reason = this.#finish;
    if (reason === undefined) throw new CallFailed(brokenOff(this.#any));
    if (reason === "MAX_TOKENS") return "length";
    if (GARBLED.has(reason))
      throw new CallFailed(this.#ended(reason, "server_error", "The model's answer was garbled"));
    if (!WITHHELD.has(reason)) return this.#draft.hasCalls ? "toolUse" : "stop";
    if (this.#draft.empty) throw new CallFailed(this.#ended(reason, "unknown", "The vendor withheld the answer"));
    return "stop";
  }

  #readChunk(chunk: Chunk, out: ModelEvent[]): void {
    if (chunk.error) throw new CallFailed(failureOfBody(JSON.stringify(chunk), this.#endpoint));
    this.#any = true;
    if (chunk.responseId) this.#draft.responseId = chunk.responseId;
    if (chunk.usageMetadata) this.#count(chunk.usageMetadata);
    const candidate = chunk.candidates?.[0];
    const blocked = chunk.promptFeedback?.blockReason;
    if (blocked && !candidate) throw new CallFailed(refusedPrompt(blocked, chunk.promptFeedback?.blockReasonMessage));
    if (!candidate) return;
    for (const part of candidate.content?.parts ?? []) this.#readPart(part, out);
    if (candidate.finishReason) this.#finish = candidate.finishReason;
    if (candidate.finishMessage) this.#finishMessage = candidate.finishMessage;
  }

  #readPart(part: WirePart, out: ModelEvent[]): void {
    const { text, thoughtSignature: signature } = part;
    if (part.functionCall) {
      this.#text = undefined;
      this.#readCall(part.functionCall, signature, out);
    } else if (part.thought) {
      this.#text = undefined;
      const block = this.#draft.thinking();
      if (signature) block.signature = signature;
      if (!text) return;
      block.text += text;
      out.push({ type: "thinking", delta: text });
    } else if (typeof text === "string") this.#readText(text, signature, out);
  }

  /** A proof belongs to the text up to it; often it comes after the last word, with an empty text. */
  #readText(text: string, signature: string | undefined, out: ModelEvent[]): void {
    if (text !== "") {
      this.#text ??= this.#draft.newText();
      this.#text.text += text;
      out.push({ type: "text", delta: text });
    }
    if (!signature || !this.#text) return;
    this.#text.signature = signature;
    this.#text = undefined;
  }

  #readCall(
    { id, name, args }: NonNullable<WirePart["functionCall"]>,
    signature: string | undefined,
    out: ModelEvent[],
  ): void {
    this.#callCount += 1;
    const call = this.#draft.newCall(id || `call${this.#now.toString(36)}x${this.#callCount}`, name ?? "");
    call.text = args === undefined || args === null ? "" : typeof args === "string" ? args : JSON.stringify(args);
    if (signature) call.signature = signature;
    out.push({ type: "toolcall", id: call.id, name: call.name });
    if (call.text !== "") out.push({ type: "arguments", id: call.id, delta: call.text });
  }

  #count(usage: NonNullable<Chunk["usageMetadata"]>): void {
    const cacheRead = count(usage.cachedContentTokenCount);
    const prompt = count(usage.promptTokenCount) + count(usage.toolUsePromptTokenCount);
    const output = count(usage.candidatesTokenCount) + count(usage.thoughtsTokenCount);
    this.#draft.usage = usageOf({ input: Math.max(0, prompt - cacheRead), output, cacheRead, cacheWrite: 0 });
  }

  #ended(code: string, kind: "server_error" | "unknown", what: string): ModelFailure {
    const why = this.#finishMessage.trim().slice(0, 200);
    return { class: kind, code, message: `${what} (${code})${why ? `: ${why}` : "."}` };
  }
}

function refusedPrompt(code: string, why = ""): ModelFailure {
  const more = why.trim().slice(0, 200);
  return {
    class: "unknown",
    code,
    message: `The vendor refused the conversation (${code})${more ? `: ${more}` : "."}`,
  };
}
