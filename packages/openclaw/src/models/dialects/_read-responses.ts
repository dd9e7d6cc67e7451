/** Events of a Responses stream → the draft of a message and the events to show. */
import type { StopReason } from "../../contracts/message.ts";
import type { Endpoint, ModelEvent } from "../../contracts/model.ts";
import { count, usageOf } from "./_accumulate.ts";
import type { CallBlock, Draft, TextBlock, ThinkingBlock } from "./_accumulate.ts";
import { CallFailed } from "./_call.ts";
import { brokenOff, failureOfBody } from "./_failure.ts";
import { parseChunk } from "./_parse.ts";
import { failureOfWire, keptItem, keptMessage, withheld } from "./_responses-items.ts";
import type { WireItem, WireResponse } from "./_responses-items.ts";
import type { StreamReader } from "./_stream.ts";

interface WireEvent {
  readonly type?: string;
  readonly output_index?: number;
  readonly summary_index?: number;
  readonly delta?: unknown;
  readonly item?: WireItem;
  readonly response?: WireResponse;
  /** Of an answer that is no stream. */
  readonly object?: string;
}

/** Events that repeat what other events say; long ones, so they are not even parsed. */
const REPEATED = new Set([
  "response.in_progress",
  "response.queued",
  "response.content_part.added",
  "response.content_part.done",
  "response.output_text.done",
  "response.output_text.annotation.added",
  "response.refusal.done",
  "response.function_call_arguments.done",
  "response.reasoning_text.done",
  "response.reasoning_summary_part.done",
  "response.reasoning_summary_text.done",
  "keepalive",
]);

export class ResponsesReader implements StreamReader {
  readonly #draft: Draft;
  readonly #endpoint: Endpoint;
  /** Blocks of the draft by the `output_index` of their item. */
  readonly #open = new Map<number, TextBlock | ThinkingBlock | CallBlock>();
  #last: WireResponse | undefined;
  #any = false;
  /** A thought was kept that goes back: what belongs to it must keep its id. */
  #reasoned = false;
  complete = false;

  constructor(draft: Draft, endpoint: Endpoint) {
    this.#draft = draft;
    this.#endpoint = endpoint;
  }

  read(data: string, out: ModelEvent[]): void {
    if (REPEATED.has(typeOf(data))) return;
    if (data === "[DONE]") return void (this.complete = true);
    const event = parseChunk<WireEvent>(data);
    const index = event.output_index ?? -1;
    switch (event.type) {
      case "response.output_text.delta":
      case "response.refusal.delta":
        return this.#say(this.#textAt(index), event.delta, out);
      case "response.reasoning_summary_text.delta":
      case "response.reasoning_text.delta":
        return this.#think(this.#thinkingAt(index), event.delta, out);
      case "response.reasoning_summary_part.added":
        if (event.summary_index) this.#think(this.#thinkingAt(index), "\n\n", out);
        return;
      case "response.function_call_arguments.delta":
        return this.#argue(this.#open.get(index), event.delta, out);
      case "response.output_item.added":
        if (event.item) this.#begin(index, event.item, out);
        return;
      case "response.output_item.done":
        if (event.item) this.#end(index, event.item, out);
        return;
      case "error":
        throw new CallFailed(failureOfBody(data, this.#endpoint));
      default:
        if (event.response) this.#about(event.type ?? "", event.response, out);
        else if (event.object === "response") this.#about("response.completed", event as WireResponse, out);
        else if (event.type === undefined && "error" in event) {
          throw new CallFailed(failureOfBody(data, this.#endpoint));
        }
    }
  }

  finish(): StopReason {
    const last = this.#last;
    if (last === undefined) throw new CallFailed(brokenOff(this.#any));
    if (last.status !== "incomplete") return this.#draft.hasCalls ? "toolUse" : "stop";
    if (last.incomplete_details?.reason !== "content_filter") return "length";
    if (this.#draft.empty) throw new CallFailed(withheld());
    return "stop";
  }

  /** The state of the whole answer. */
  #about(type: string, response: WireResponse, out: ModelEvent[]): void {
    this.#any = true;
    if (response.id) this.#draft.responseId = response.id;
    if (response.usage) this.#count(response.usage);
    if (type === "response.failed" || response.status === "failed" || response.status === "cancelled")
      throw new CallFailed(failureOfWire(response, this.#endpoint));
    if (type !== "response.completed" && type !== "response.incomplete" && type !== "response.done") return;
    if (this.#draft.empty) response.output?.forEach((item, at) => this.#whole(at, item, out));
    this.#last = response;
    this.complete = true;
  }

  #whole(index: number, item: WireItem, out: ModelEvent[]): void {
    this.#begin(index, item, out);
    this.#end(index, item, out);
  }

  #begin(index: number, item: WireItem, out: ModelEvent[]): void {
    this.#any = true;
    switch (item.type) {
      case "message":
        this.#open.set(index, this.#draft.newText());
        return;
      case "reasoning":
        this.#open.set(index, this.#draft.newThinking());
        return;
      case "function_call": {
        const call = this.#draft.newCall(item.call_id || item.id || `call_${index}`, item.name ?? "");
        this.#open.set(index, call);
        out.push({ type: "toolcall", id: call.id, name: call.name });
        return;
      }
      default: // Items of tools that the vendor runs itself; none are asked for.
    }
  }

  /** The item as a whole: what no piece brought, and what goes back with it. */
  #end(index: number, item: WireItem, out: ModelEvent[]): void {
    if (!this.#open.has(index)) this.#begin(index, item, out);
    const block = this.#open.get(index);
    switch (item.type) {
      case "compaction":
        this.#draft.newThinking().signature = keptItem(item) ?? "";
        return;
      case "reasoning":
        if (block?.type !== "thinking") return;
        if (block.text === "") this.#think(block, thoughtIn(item), out);
        block.signature = keptItem(item) ?? "";
        this.#reasoned ||= block.signature !== "";
        return;
      case "message":
        if (block?.type !== "text") return;
        if (block.text === "") this.#say(block, saidIn(item), out);
        block.signature = keptMessage(item, this.#reasoned) ?? "";
        return;
      case "function_call":
        if (block?.type !== "call") return;
        if (block.text === "") this.#argue(block, item.arguments, out);
        if (this.#reasoned && item.id) block.signature = item.id;
        return;
      default:
    }
  }

  #textAt(index: number): TextBlock {
    const block = this.#open.get(index);
    return block?.type === "text" ? block : this.#draft.text();
  }

  #thinkingAt(index: number): ThinkingBlock {
    const block = this.#open.get(index);
    return block?.type === "thinking" ? block : this.#draft.thinking();
  }

  #say(block: TextBlock, delta: unknown, out: ModelEvent[]): void {
    if (typeof delta !== "string" || delta === "") return;
    block.text += delta;
    out.push({ type: "text", delta });
  }

  #think(block: ThinkingBlock, delta: unknown, out: ModelEvent[]): void {
    if (typeof delta !== "string" || delta === "") return;
    block.text += delta;
    out.push({ type: "thinking", delta });
  }

  #argue(block: TextBlock | ThinkingBlock | CallBlock | undefined, delta: unknown, out: ModelEvent[]): void {
    if (block?.type !== "call" || typeof delta !== "string" || delta === "") return;
    block.text += delta;
    out.push({ type: "arguments", id: block.id, delta });
  }

  #count({ input_tokens, output_tokens, input_tokens_details: details }: NonNullable<WireResponse["usage"]>): void {
    const cacheRead = count(details?.cached_tokens);
    const cacheWrite = count(details?.cache_write_tokens);
    const input = Math.max(0, count(input_tokens) - cacheRead - cacheWrite);
    this.#draft.usage = usageOf({ input, output: count(output_tokens), cacheRead, cacheWrite });
  }
}

/** The type of an event without parsing it; empty where it does not come first. */
function typeOf(data: string): string {
  return data.startsWith('{"type":"') ? data.slice(9, data.indexOf('"', 9)) : "";
}

function thoughtIn(item: WireItem): string {
  const parts = item.summary?.length ? item.summary : item.content;
  return parts?.map((part) => part.text ?? "").join("\n\n") ?? "";
}

function saidIn(item: WireItem): string {
  return item.content?.map((part) => part.text ?? part.refusal ?? "").join("") ?? "";
}
