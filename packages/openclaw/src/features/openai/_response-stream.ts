/** The events of a streamed response, in the order that clients of the Responses API expect. */
import { uuid } from "../../base/ids.ts";
import type { RouteCall } from "../../contracts/route.ts";
import type { ClientCall, TurnResult } from "../../store/index.ts";
import { errorOf, failureOf } from "./_failure.ts";
import { callItem, messageItem, responseObject, textPart } from "./_response-object.ts";
import type { ResponseFacts } from "./_response-object.ts";
import { start } from "./_run.ts";
import type { Question } from "./_run.ts";
import { EventStream } from "./_sse.ts";

export async function streamResponse(call: RouteCall, question: Question, facts: ResponseFacts): Promise<void> {
  const events = new ResponseEvents(call, facts);
  const out = new EventStream(call, (text) => events.delta(text));
  const { ended } = await start(call, { ...question, onText: (delta) => out.text(delta) });
  out.open(events.begin());
  const result = await ended;
  if (call.signal.aborted) return;
  const failure = failureOf(result, question.ask);
  if (failure || !result) out.end(events.failed(failure ? errorOf(failure).message : "internal error"));
  else out.end(events.done(result));
}

class ResponseEvents {
  readonly #call: RouteCall;
  readonly #facts: ResponseFacts;
  readonly #messageId: string;
  #sequence = 0;
  #text = "";
  #opened = false;

  constructor(call: RouteCall, facts: ResponseFacts) {
    this.#call = call;
    this.#facts = facts;
    this.#messageId = this.#id("msg");
  }

  begin(): string {
    const response = responseObject(this.#facts, { status: "in_progress", output: [] });
    return this.#event("response.created", { response }) + this.#event("response.in_progress", { response });
  }

  delta(text: string): string {
    const before = this.#openMessage();
    this.#text += text;
    return before + this.#event("response.output_text.delta", { ...this.#place(), delta: text, logprobs: [] });
  }

  done(result: TurnResult): string {
    const { calls = [], stopReason, usage } = result;
    // What a reader of the stream has seen is what stands in the end.
    const missing = this.#text === "" ? result.texts.join("\n\n") : "";
    const status = stopReason === "length" ? "incomplete" : "completed";
    const phase = calls.length > 0 ? "commentary" : "final_answer";
    const text = missing === "" ? this.#openMessage() : this.delta(missing);
    const item = messageItem(this.#messageId, { status, phase, text: this.#text });
    const made = calls.map((one, at) => this.#callEvents(one, at + 1));
    const output = [item, ...made.map((one) => one.item)];
    const response = responseObject(this.#facts, { status, output, usage });
    return [
      text,
      this.#event("response.output_text.done", { ...this.#place(), text: this.#text, logprobs: [] }),
      this.#event("response.content_part.done", { ...this.#place(), part: textPart(this.#text) }),
      this.#event("response.output_item.done", { output_index: 0, item }),
      ...made.map((one) => one.events),
      this.#event(`response.${status}`, { response }),
      "data: [DONE]\n\n",
    ].join("");
  }

  failed(message: string): string {
    const output = this.#opened ? [messageItem(this.#messageId, { status: "incomplete", text: this.#text })] : [];
    const error = { code: "api_error", message };
    const response = responseObject(this.#facts, { status: "failed", output, error });
    return `${this.#event("response.failed", { response })}data: [DONE]\n\n`;
  }

  #openMessage(): string {
    if (this.#opened) return "";
    this.#opened = true;
    const item = messageItem(this.#messageId, { status: "in_progress" });
    return (
      this.#event("response.output_item.added", { output_index: 0, item }) +
      this.#event("response.content_part.added", { ...this.#place(), part: textPart("") })
    );
  }

  #callEvents(call: ClientCall, index: number): { item: object; events: string } {
    const id = this.#id("call");
    const item = callItem(id, call);
    const place = { item_id: id, output_index: index };
    const events = [
      this.#event("response.output_item.added", { output_index: index, item: callItem(id, call, "in_progress") }),
      this.#event("response.function_call_arguments.delta", { ...place, delta: call.arguments }),
      this.#event("response.function_call_arguments.done", { ...place, name: call.name, arguments: call.arguments }),
      this.#event("response.output_item.done", { output_index: index, item }),
    ].join("");
    return { item, events };
  }

  #place() {
    return { item_id: this.#messageId, output_index: 0, content_index: 0 };
  }

  #event(type: string, fields: object): string {
    const data = { type, sequence_number: this.#sequence, ...fields };
    this.#sequence += 1;
    return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
  }

  #id(kind: string): string {
    return `${kind}_${uuid(this.#call.platform.random)}`;
  }
}
