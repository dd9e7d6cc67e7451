/** Lines of `/api/chat` → the draft of a message and the events to show. */
import type { StopReason } from "../../contracts/message.ts";
import type { Endpoint, ModelEvent } from "../../contracts/model.ts";
import { isRecord } from "../../base/record.ts";
import { count, usageOf } from "./_accumulate.ts";
import type { Draft } from "./_accumulate.ts";
import { CallFailed } from "./_call.ts";
import { brokenOff, failureOfBody } from "./_failure.ts";
import { parseChunk } from "./_parse.ts";
import type { StreamReader } from "./_stream.ts";

interface WireCall {
  readonly id?: string;
  readonly function?: { readonly name?: string; readonly arguments?: unknown };
}
interface Line {
  readonly message?: {
    readonly content?: string | null;
    readonly thinking?: string | null;
    readonly tool_calls?: readonly WireCall[] | null;
  };
  readonly done?: boolean;
  readonly done_reason?: string;
  readonly prompt_eval_count?: number;
  readonly eval_count?: number;
  readonly error?: unknown;
}

export class OllamaReader implements StreamReader {
  readonly #draft: Draft;
  readonly #endpoint: Endpoint;
  readonly #now: number;
  #callCount = 0;
  #reason: string | undefined;
  #any = false;
  complete = false;

  constructor(draft: Draft, endpoint: Endpoint, now: number) {
    this.#draft = draft;
    this.#endpoint = endpoint;
    this.#now = now;
  }

  read(data: string, out: ModelEvent[]): void {
    const line = parseChunk<Line>(data);
    if (line.error) throw new CallFailed(failureOfBody(data, this.#endpoint));
    this.#any = true;
    if (line.message) this.#readMessage(line.message, out);
    if (line.done !== true) return;
    this.complete = true;
    this.#reason = line.done_reason;
    this.#draft.usage = usageOf({
      input: count(line.prompt_eval_count),
      output: count(line.eval_count),
      cacheRead: 0,
      cacheWrite: 0,
    });
  }

  finish(): StopReason {
    if (!this.complete) throw new CallFailed(brokenOff(this.#any));
    if (this.#reason === "length") return "length";
    // Asked for nothing, the server loads or unloads the model and says so in place of an answer.
    if (this.#reason === "load" || this.#reason === "unload")
      throw new CallFailed({
        class: "overloaded",
        code: this.#reason,
        message: "The model's server was still loading the model.",
      });
    return this.#draft.hasCalls ? "toolUse" : "stop";
  }

  #readMessage({ content, thinking, tool_calls }: NonNullable<Line["message"]>, out: ModelEvent[]): void {
    if (thinking) {
      this.#draft.thinking().text += thinking;
      out.push({ type: "thinking", delta: thinking });
    }
    if (content) {
      this.#draft.text().text += content;
      out.push({ type: "text", delta: content });
    }
    for (const call of tool_calls ?? []) this.#readCall(call, out);
  }

  /** Calls come whole. Where they have no ids, one is made that no other call of the conversation has. */
  #readCall(wire: WireCall, out: ModelEvent[]): void {
    const { name, arguments: given } = wire.function ?? {};
    if (!name) return;
    this.#callCount += 1;
    const call = this.#draft.newCall(wire.id || `call_${this.#now.toString(36)}_${this.#callCount}`, name);
    call.text = typeof given === "string" ? given : given === undefined || given === null ? "" : JSON.stringify(given);
    out.push({ type: "toolcall", id: call.id, name: call.name });
    const empty = isRecord(given) && Object.keys(given).length === 0;
    if (call.text !== "" && !empty) out.push({ type: "arguments", id: call.id, delta: call.text });
  }
}
