/** One stream of a model, passed on as it comes. What is returned is a finished message or a failure, as data. */
import { formatDuration } from "../../../base/time.ts";
import type { Clock } from "../../../base/time.ts";
import type { AssistantMessage } from "../../../contracts/message.ts";
import type { ModelFailure, ModelRequest } from "../../../contracts/model.ts";
import type { ModelsService } from "../../../models/index.ts";
import type { RunEmitter } from "../_record/emitter.ts";
import { VisibleStream } from "../_reply/visible.ts";
import { ClientCalls } from "./client-calls.ts";
import { Seam } from "./seam.ts";

export interface StreamDeps {
  readonly models: Pick<ModelsService, "stream">;
  readonly clock: Clock;
  readonly emitter: RunEmitter;
}

export interface Streaming {
  readonly request: ModelRequest;
  /** What an earlier model showed of this answer. */
  readonly said: string;
  readonly clientTools: ReadonlySet<string>;
  /** Until the first sign of life. */
  readonly firstMs: number;
}

export interface Streamed {
  readonly outcome: { readonly message: AssistantMessage } | Failed;
  /** What of it was shown. */
  readonly text: string;
  /** A call of the caller's own tool was shown. */
  readonly handedOver: boolean;
  readonly firstAt: number | undefined;
}

export interface Failed {
  readonly failure: ModelFailure;
  readonly partial: AssistantMessage;
}

export async function streamed({ models, clock, emitter }: StreamDeps, streaming: Streaming): Promise<Streamed> {
  const { said, clientTools } = streaming;
  const { request, alive, isLate } = impatient(streaming, clock);
  const visible = new VisibleStream();
  const seam = new Seam(said);
  const calls = new ClientCalls(emitter, clientTools);
  let firstAt: number | undefined;
  let text = "";
  let thinking = "";
  let handedOver = false;
  const show = (delta: string): void => {
    if (delta === "") return;
    text += delta;
    emitter.text(delta);
  };
  const end = (): void => show(seam.push(visible.end()) + seam.end());
  if (said === "") emitter.newMessage();
  emitter.emit("lifecycle", { phase: "model", provider: request.endpoint.provider, model: request.endpoint.model.id });
  for await (const event of models.stream(request)) {
    if (event.type !== "start" && firstAt === undefined) {
      firstAt = clock.now();
      alive();
    }
    if (event.type === "text") show(seam.push(visible.push(event.delta)));
    else if (event.type === "thinking") {
      thinking += event.delta;
      emitter.emit("thinking", { delta: event.delta, text: thinking });
    } else if (event.type === "toolcall") {
      emitter.textEnds();
      if (calls.begin(event)) handedOver = true;
    } else if (event.type === "arguments") {
      calls.extend(event);
    } else if (event.type === "done") {
      end();
      return { outcome: { message: event.message }, text, handedOver, firstAt };
    } else if (event.type === "error") {
      end();
      const failure = isLate() ? silence(streaming.firstMs) : event.failure;
      return { outcome: { failure, partial: event.partial }, text, handedOver, firstAt };
    }
  }
  throw new Error("the dialect ended without an outcome");
}

interface Impatient {
  readonly request: ModelRequest;
  /** Something came. */
  alive(): void;
  isLate(): boolean;
}

function impatient({ request, firstMs }: Streaming, clock: Clock): Impatient {
  if (firstMs >= request.idleMs) return { request, alive() {}, isLate: () => false };
  const late = new AbortController();
  const alive = clock.timer(firstMs, () => late.abort(new Error("the model sent nothing")));
  return {
    request: { ...request, signal: AbortSignal.any([request.signal, late.signal]) },
    alive,
    isLate: () => late.signal.aborted && !request.signal.aborted,
  };
}

function silence(ms: number): ModelFailure {
  return { class: "timeout", code: "idle", message: `The model sent nothing for ${formatDuration(ms)}.` };
}
