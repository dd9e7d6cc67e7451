/**
 * One answer of the models to the conversation as it stands: the chosen one, or a fallback (`Chain`). The stream is
 * passed on as it comes; what is returned is a finished message or a failure as data.
 *
 * An answer that breaks off after people saw its beginning is gone on with by the next model: both parts are one
 * message, and nothing is said twice. Without another model it ends there.
 */
import type { Clock } from "../../../base/time.ts";
import { NO_USAGE, addUsage } from "../../../contracts/message.ts";
import type { AssistantMessage, Usage } from "../../../contracts/message.ts";
import type { Endpoint, ModelFailure, ModelRequest } from "../../../contracts/model.ts";
import { asksForLessWindow, thinkingAfter } from "../../../models/index.ts";
import type { Attempt, ModelsService, Tried, Wait } from "../../../models/index.ts";
import type { RunEmitter } from "../_record/emitter.ts";
import type { View } from "../../context/index.ts";
import type { RunSetup } from "../_setup/setup.ts";
import { continued, joined } from "./continued.ts";
import { failureOf } from "./failed.ts";
import { repaired } from "./repaired.ts";
import { firstSignMs, requestFor } from "./request.ts";
import { streamed } from "./stream.ts";
import type { Streamed } from "./stream.ts";

export type CallOutcome =
  | { readonly message: AssistantMessage }
  | {
      readonly failure: ModelFailure;
      readonly partial: AssistantMessage;
      /** People have seen some of it. */
      readonly shown?: boolean;
      /** Every call that was made, and every model that could not be called. */
      readonly attempts?: readonly Attempt[];
    };

export interface CallDeps {
  readonly models: ModelsService;
  readonly clock: Clock;
  readonly emitter: RunEmitter;
  readonly signal: AbortSignal;
  /** Of the time of the run. */
  readonly leftMs?: () => number;
  /** The same request with smaller pictures; undefined when it has none. */
  readonly smaller?: (request: ModelRequest) => Promise<ModelRequest | undefined>;
}

/** What of the conversation a model is shown. */
export type ViewFor = (endpoint: Endpoint) => Promise<View>;

export async function callModel(deps: CallDeps, setup: RunSetup, view: ViewFor): Promise<CallOutcome> {
  const { clock, emitter, signal } = deps;
  const giveUpAt = clock.monotonic() + setup.patienceMs;
  const answer = new Answer(deps, setup, view);
  const found = await setup.chain.answer<AssistantMessage>({
    clock,
    signal,
    longestWaitMs: setup.longestWaitMs,
    leftMs: () => Math.min(giveUpAt - clock.monotonic(), deps.leftMs?.() ?? Number.POSITIVE_INFINITY),
    ask: (endpoint, hasOthers) => answer.ask(endpoint, hasOthers),
    movesTo: (endpoint, attempts) => emitter.emit("lifecycle", step(endpoint, attempts)),
    waits: (wait) => emitter.emit("lifecycle", waiting(wait)),
    passed: (attempt) => emitter.facts.passed(attempt),
  });
  if ("value" in found) return { message: found.value };
  return answer.failed(found.failure ?? failureOf(found.attempts), found.attempts);
}

class Answer {
  readonly #deps: CallDeps;
  readonly #setup: RunSetup;
  readonly #view: ViewFor;
  /** What people have seen of it, of all models. */
  #said = "";
  #usage: Usage = NO_USAGE;
  #partial: AssistantMessage | undefined;
  #handedOver = false;

  constructor(deps: CallDeps, setup: RunSetup, view: ViewFor) {
    this.#deps = deps;
    this.#setup = setup;
    this.#view = view;
  }

  async ask(endpoint: Endpoint, hasOthers: boolean): Promise<Tried<AssistantMessage>> {
    const { signal, clock } = this.#deps;
    const fresh = requestFor(this.#setup, endpoint, await this.#view(endpoint), signal);
    let request = continued(fresh, this.#said, clock.now());
    const tried = new Set<string>();
    for (;;) {
      const begun = this.#said !== "";
      const { outcome, text, handedOver } = await this.#stream(request, hasOthers);
      this.#said += text;
      this.#handedOver ||= handedOver;
      if ("message" in outcome) return { value: this.#whole(outcome.message, begun) };
      const { failure, partial } = outcome;
      this.#partial = partial;
      this.#usage = addUsage(this.#usage, partial.usage);
      const shown = this.#said !== "";
      // What the caller was handed cannot be taken back.
      if (this.#handedOver || signal.aborted) return { failure, shown: true, final: true };
      const change = text === "" ? await this.#changed(request, failure, tried) : undefined;
      if (change === undefined) return { failure, shown };
      request = change;
    }
  }

  failed(failure: ModelFailure, attempts: readonly Attempt[]): CallOutcome {
    const partial = this.#partial ?? nothing(this.#setup.endpoint, this.#deps.clock.now());
    const shown = this.#said !== "" || this.#handedOver;
    const kept = this.#said === "" ? partial : { ...joined(partial, this.#said), usage: this.#usage };
    return { failure, partial: kept, shown, attempts };
  }

  async #stream(request: ModelRequest, hasOthers: boolean): Promise<Streamed> {
    const { clock, emitter } = this.#deps;
    const startedAt = clock.now();
    const firstMs = hasOthers ? firstSignMs(request) : request.idleMs;
    const streaming = { request, said: this.#said, clientTools: this.#setup.clientTools, firstMs };
    const result = await streamed(this.#deps, streaming);
    emitter.facts.model({ request, startedAt, firstAt: result.firstAt, outcome: result.outcome });
    return result;
  }

  /** The same request as its provider may take it. Each way once. */
  async #changed(request: ModelRequest, failure: ModelFailure, tried: Set<string>): Promise<ModelRequest | undefined> {
    if (failure.class !== "image_too_large") return changed(request, failure, tried);
    if (tried.has("pictures")) return undefined;
    tried.add("pictures");
    return this.#deps.smaller?.(request);
  }

  #whole(message: AssistantMessage, begun: boolean): AssistantMessage {
    return begun ? { ...joined(message, this.#said), usage: addUsage(this.#usage, message.usage) } : message;
  }
}

/** With less thought, less window, or in a plainer shape. */
function changed(request: ModelRequest, failure: ModelFailure, tried: Set<string>): ModelRequest | undefined {
  const once = (what: string, make: () => ModelRequest | undefined): ModelRequest | undefined => {
    const change = tried.has(what) ? undefined : make();
    if (change !== undefined) tried.add(what);
    return change;
  };
  return (
    once("thinking", () => {
      const level = thinkingAfter(failure, request.thinking);
      return level === undefined ? undefined : { ...request, thinking: level };
    }) ??
    once("window", () => (asksForLessWindow(failure) ? withUsualWindow(request) : undefined)) ??
    once("shape", () => repaired(request, failure))
  );
}

function withUsualWindow(request: ModelRequest): ModelRequest | undefined {
  const { params } = request.endpoint;
  if (params?.["context1m"] !== true) return undefined;
  return { ...request, endpoint: { ...request.endpoint, params: { ...params, context1m: false } } };
}

function nothing({ api, provider, model }: Endpoint, timestamp: number): AssistantMessage {
  const empty = { role: "assistant", content: [], usage: NO_USAGE, stopReason: "error" } as const;
  return { ...empty, timestamp, api, provider, model: model.id };
}

function step({ provider, model, login }: Endpoint, attempts: readonly Attempt[]): Record<string, unknown> {
  const last = attempts.at(-1);
  const isOther = last?.provider !== provider || last.model !== model.id;
  return {
    phase: isOther ? "fallback_step" : "login_step",
    provider,
    model: model.id,
    ...(login === undefined ? {} : { profileId: login.id }),
    ...(last === undefined ? {} : { reason: last.reason, from: { provider: last.provider, model: last.model } }),
    attempts,
  };
}

function waiting({ ms, endpoint, reason, message }: Wait): Record<string, unknown> {
  const { provider, model } = endpoint ?? {};
  return {
    phase: "retrying",
    ...(provider === undefined ? {} : { provider, model: model?.id }),
    reason,
    error: message,
    waitMs: ms,
  };
}
