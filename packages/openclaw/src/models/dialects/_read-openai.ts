/** Chunks of a Chat Completions stream → the draft of a message and the events to show. */
import type { StopReason } from "../../contracts/message.ts";
import type { Endpoint, ModelEvent } from "../../contracts/model.ts";
import { isRecord } from "../../base/record.ts";
import { count, usageOf } from "./_accumulate.ts";
import type { CallBlock, Draft } from "./_accumulate.ts";
import { CallFailed } from "./_call.ts";
import { brokenOff, failureOfBody } from "./_failure.ts";
import { parseChunk } from "./_parse.ts";
import { ReasoningDetails, detailText } from "./_reasoning-details.ts";
import type { StreamReader } from "./_stream.ts";

interface ToolDelta {
  readonly index?: number;
  readonly id?: string | null;
  readonly function?: { readonly name?: string | null; readonly arguments?: string | null };
  readonly extra_content?: { readonly google?: { readonly thought_signature?: string } };
}
interface Delta {
  readonly content?: string | null;
  readonly refusal?: string | null;
  readonly reasoning_content?: string | null;
  readonly reasoning?: string | null;
  readonly reasoning_details?: readonly Readonly<Record<string, unknown>>[] | null;
  readonly tool_calls?: readonly ToolDelta[] | null;
}
interface Choice {
  readonly delta?: Delta | null;
  /** Servers that ignore `stream` answer with the whole message. */
  readonly message?: Delta | null;
  readonly finish_reason?: string | null;
  readonly usage?: WireUsage | null;
}
interface Chunk {
  readonly id?: string;
  readonly choices?: readonly Choice[];
  readonly usage?: WireUsage | null;
  readonly timings?: { readonly prompt_n?: number; readonly predicted_n?: number; readonly cache_n?: number };
  readonly error?: unknown;
}
interface WireUsage {
  readonly prompt_tokens?: number;
  readonly completion_tokens?: number;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number; readonly cache_write_tokens?: number } | null;
  readonly cached_tokens?: number;
  readonly prompt_cache_hit_tokens?: number;
}

export class OpenaiReader implements StreamReader {
  readonly #draft: Draft;
  readonly #endpoint: Endpoint;
  readonly #now: number;
  /** Calls by their `index` on the wire. */
  readonly #calls = new Map<number, CallBlock>();
  readonly #details = new ReasoningDetails();
  readonly #visible: readonly string[];
  #callCount = 0;
  #finish: string | undefined;
  #any = false;
  complete = false;

  constructor(draft: Draft, endpoint: Endpoint, now: number) {
    this.#draft = draft;
    this.#endpoint = endpoint;
    this.#now = now;
    this.#visible = endpoint.model.compat?.visibleReasoningDetailTypes ?? [];
  }

  read(data: string, out: ModelEvent[]): void {
    if (data === "[DONE]") {
      this.complete = true;
      return;
    }
    const chunk = parseChunk<Chunk>(data);
    if (chunk.error) throw new CallFailed(failureOfBody(data, this.#endpoint));
    this.#any = true;
    if (chunk.id) this.#draft.responseId ??= chunk.id;
    const choice = chunk.choices?.[0];
    const usage = chunk.usage ?? choice?.usage;
    if (usage) this.#countUsage(usage);
    else if (chunk.timings) this.#countTimings(chunk.timings);
    if (!choice) return;
    if (choice.finish_reason) this.#finish = choice.finish_reason;
    const delta = choice.delta ?? choice.message;
    if (delta) this.#readDelta(delta, out);
  }

  finish(): StopReason {
    this.#seal();
    const reason = this.#finish ?? (this.complete && !this.#draft.empty ? "stop" : undefined);
    if (reason === undefined) throw new CallFailed(brokenOff(this.#any));
    switch (reason) {
      case "length":
      case "max_tokens":
        return "length";
      case "network_error":
      case "abort":
        throw new CallFailed({ class: "timeout", code: reason, message: `The vendor lost its model (${reason}).` });
      case "error":
        throw new CallFailed({ class: "server_error", code: reason, message: "The vendor's model failed." });
      case "content_filter":
        if (this.#draft.empty)
          throw new CallFailed({
            class: "unknown",
            code: reason,
            message: "The vendor's content filter withheld the answer.",
          });
        return "stop";
      default:
        return this.#draft.hasCalls ? "toolUse" : "stop";
    }
  }

  /** Kinds of thoughts that the operator wants in the answer, and the others, which are kept to be sent back. */
  #sorted(details: readonly unknown[]): { thought: string; said: string } {
    const found = { thought: "", said: "" };
    for (const detail of details) {
      if (!isRecord(detail)) continue;
      if (this.#visible.includes(String(detail["type"]))) found.said += detailText(detail);
      else {
        this.#details.add(detail);
        found.thought += detailText(detail);
      }
    }
    return found;
  }

  /** Proofs stand with the first thought; where all thoughts were sealed, in its place. */
  #seal(): void {
    const signature = this.#details.signature();
    if (signature !== undefined) this.#draft.firstThinking().signature = signature;
  }

  #readDelta(delta: Delta, out: ModelEvent[]): void {
    const details = delta.reasoning_details?.length ? this.#sorted(delta.reasoning_details) : undefined;
    const thought = delta.reasoning_content || delta.reasoning || details?.thought;
    if (thought) {
      this.#draft.thinking().text += thought;
      out.push({ type: "thinking", delta: thought });
    }
    const said = delta.content || delta.refusal || details?.said;
    if (said) {
      this.#draft.text().text += said;
      out.push({ type: "text", delta: said });
    }
    delta.tool_calls?.forEach((part, position) => this.#readCall(part, part.index ?? position, out));
  }

  #readCall(part: ToolDelta, index: number, out: ModelEvent[]): void {
    let call = this.#calls.get(index);
    const name = part.function?.name;
    // Some servers give every call the index 0 and tell them apart by id.
    if (!call || (name && part.id && part.id !== call.id)) {
      if (!name) return;
      this.#callCount += 1;
      call = this.#draft.newCall(part.id || `call_${this.#now.toString(36)}_${this.#callCount}`, name);
      this.#calls.set(index, call);
      out.push({ type: "toolcall", id: call.id, name: call.name });
    }
    const piece = part.function?.arguments;
    if (piece) {
      call.text += piece;
      out.push({ type: "arguments", id: call.id, delta: piece });
    }
    const signature = part.extra_content?.google?.thought_signature;
    if (signature) call.signature = signature;
  }

  #countUsage(usage: WireUsage): void {
    const cacheRead = count(
      usage.prompt_tokens_details?.cached_tokens ?? usage.cached_tokens ?? usage.prompt_cache_hit_tokens,
    );
    const cacheWrite = count(usage.prompt_tokens_details?.cache_write_tokens);
    const input = Math.max(0, count(usage.prompt_tokens) - cacheRead - cacheWrite);
    this.#draft.usage = usageOf({ input, output: count(usage.completion_tokens), cacheRead, cacheWrite });
  }

  /** llama.cpp and LM Studio. */
  #countTimings({ prompt_n, predicted_n, cache_n }: NonNullable<Chunk["timings"]>): void {
    this.#draft.usage = usageOf({
      input: count(prompt_n),
      output: count(predicted_n),
      cacheRead: count(cache_n),
      cacheWrite: 0,
    });
  }
}
