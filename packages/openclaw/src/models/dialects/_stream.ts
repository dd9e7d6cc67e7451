/** The course of every streamed call: open it, read events into a draft, end with exactly one `done` or `error`. */
import type { StopReason } from "../../contracts/message.ts";
import type { DialectIo, Endpoint, ModelEvent, ModelFailure, ModelRequest } from "../../contracts/model.ts";
import { errorText } from "../../base/errors.ts";
import { cut, plainLine } from "../../base/text.ts";
import { Draft } from "./_accumulate.ts";
import { CallFailed, openCall } from "./_call.ts";
import type { HttpCall } from "./_call.ts";
import { mask } from "./_failure.ts";
import { withParams } from "./_params.ts";

/** Understands the events of one protocol. */
export interface StreamReader {
  /** Takes the data of one event; what is to be shown goes to the end of `out`. May throw `CallFailed`. */
  read(data: string, out: ModelEvent[]): void;
  /** The server said that nothing follows. */
  readonly complete: boolean;
  /** Why the model stopped. Throws `CallFailed` when the stream broke off or the vendor says that it failed. */
  finish(): StopReason;
}

export interface Protocol {
  /** May wait for what it signs with. May throw `CallFailed`. */
  call(request: ModelRequest, io: DialectIo): HttpCall | Promise<HttpCall>;
  reader(draft: Draft, endpoint: Endpoint, now: number): StreamReader;
  /** A smaller request that may do where this one was refused; undefined where there is none. */
  less?(failure: ModelFailure, request: ModelRequest, io: DialectIo): ModelRequest | undefined;
}

export async function* streamOver(
  protocol: Protocol,
  asked: ModelRequest,
  io: DialectIo,
): AsyncGenerator<ModelEvent, void> {
  const request = withParams(asked);
  const now = io.clock.now();
  const draft = new Draft(request, now);
  try {
    const reader = protocol.reader(draft, request.endpoint, now);
    const answer = await openCall(request, io, await protocol.call(request, io));
    try {
      yield { type: "start" };
      const out: ModelEvent[] = [];
      for (let batch = await answer.read(); batch !== undefined; batch = await answer.read()) {
        for (const data of batch) {
          reader.read(data, out);
          for (const event of out) yield event;
          out.length = 0;
        }
        if (request.signal.aborted) throw new CallFailed({ class: "abort", message: "The call was stopped." });
        if (reader.complete) break;
      }
    } finally {
      answer.close();
    }
    yield draft.done(reader.finish());
  } catch (error) {
    const failure = error instanceof CallFailed ? error.failure : unexpected(error, request.endpoint);
    const less = draft.empty ? protocol.less?.(failure, asked, io) : undefined;
    if (less === undefined) yield draft.error(failure);
    else yield* streamOver(protocol, less, io);
  }
}

/** A mistake of ours or a stream nobody foresaw: still data, never an exception. */
function unexpected(error: unknown, endpoint: Endpoint): ModelFailure {
  const what = mask(cut(plainLine(errorText(error)), 200), endpoint);
  return { class: "unknown", message: `The model call failed unexpectedly: ${what}` };
}
