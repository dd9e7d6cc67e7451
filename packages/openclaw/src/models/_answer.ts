/** One question to the first model that answers it: no tools, no conversation, nothing shown while it comes. */
import { errorText } from "../base/errors.ts";
import type { Clock } from "../base/time.ts";
import { textOf } from "../contracts/message.ts";
import type { Usage } from "../contracts/message.ts";
import type { ConfigSnapshot } from "../contracts/config.ts";
import type { Endpoint, FailureClass, ModelFailure, ModelRequest, Sampling } from "../contracts/model.ts";
import { Chain } from "./_chain.ts";
import type { Candidate } from "./_chain.ts";
import { attemptsText } from "./_failover.ts";
import type { ModelsService } from "./index.ts";

export interface Answer {
  /** Not empty, without thoughts that the model wrote as text. */
  readonly text: string;
  readonly usage: Usage;
  /** `provider/model` that gave it. */
  readonly model: string;
}

/** What one of the models is asked. */
export interface Asked extends Pick<ModelRequest, "system" | "messages" | "thinking" | "forOwner">, Sampling {
  readonly cacheKey?: string;
  /** Unless the endpoint says how long its pieces may take. */
  readonly idleMs?: number;
}

export interface Question {
  /** In the order in which they are asked. */
  readonly candidates: readonly (Endpoint | Candidate)[];
  readonly asks: (endpoint: Endpoint) => Asked;
  readonly signal: AbortSignal;
  /** With it, the last model that is left is asked again after a while when it is busy. */
  readonly clock?: Pick<Clock, "now" | "monotonic" | "sleep">;
  /** With it, other logins of a provider are tried, and those that failed pause. */
  readonly config?: ConfigSnapshot;
  /** A failure after which nobody else is asked. */
  readonly lastWord?: FailureClass;
}

const IDLE_MS = 120_000;
/** Of a whole answer: a server may keep its connection alive without ever saying anything. */
const LONGEST_MS = 10 * 60_000;
const LONGEST_WAIT_MS = 30_000;
const THOUGHT = /<(think|thinking|thought)>[\s\S]*?<\/\1>/gi;

type Models = Pick<ModelsService, "stream"> & Partial<Pick<ModelsService, "after" | "worked">>;
type Outcome = Answer | { readonly failure: ModelFailure };

/** Without a clock nothing is waited for, and nothing is told that would have a time. */
const NO_CLOCK = { now: () => 0, monotonic: () => 0, sleep: () => Promise.resolve() };

/** The answer, or what the first model said instead. Never throws. */
export async function answerOf(models: Models, question: Question): Promise<Outcome> {
  const { candidates, signal, lastWord, clock, config } = question;
  const chain = new Chain(models, candidates.map(candidateOf), config);
  const found = await chain.answer<Answer>({
    clock: clock ?? NO_CLOCK,
    signal,
    longestWaitMs: clock ? LONGEST_WAIT_MS : 0,
    leftMs: () => Number.POSITIVE_INFINITY,
    async ask(endpoint) {
      const outcome = await ask(models, question, endpoint);
      if (!("failure" in outcome)) return { value: outcome };
      return { failure: outcome.failure, final: outcome.failure.class === lastWord };
    },
  });
  if ("value" in found) return found.value;
  return found.failure === undefined
    ? failed(attemptsText(found.attempts) || "there is no model to ask")
    : { failure: found.failure };
}

function candidateOf(one: Endpoint | Candidate): Candidate {
  return "open" in one ? one : { ref: `${one.provider}/${one.model.id}`, open: () => Promise.resolve(one) };
}

async function ask(models: Models, { asks, signal }: Question, endpoint: Endpoint): Promise<Outcome> {
  try {
    for await (const event of models.stream(requestFor(asks(endpoint), endpoint, signal))) {
      if (event.type === "error") return { failure: event.failure };
      if (event.type !== "done") continue;
      const text = textOf(event.message).replace(THOUGHT, "").trim();
      if (text === "") return failed("the model answered nothing");
      return { text, usage: event.message.usage, model: `${endpoint.provider}/${endpoint.model.id}` };
    }
  } catch (error) {
    return failed(errorText(error));
  }
  return failed("the model gave no outcome");
}

function requestFor(asked: Asked, endpoint: Endpoint, signal: AbortSignal): ModelRequest {
  const { cacheKey = "aside", idleMs = IDLE_MS } = asked;
  const limit = asked.maxTokens === undefined ? {} : { maxTokens: Math.min(asked.maxTokens, endpoint.model.maxTokens) };
  return {
    ...asked,
    ...limit,
    endpoint: { ...endpoint, timeoutMs: endpoint.timeoutMs ?? LONGEST_MS },
    tools: [],
    cacheRetention: "none",
    cacheKey,
    signal,
    idleMs: endpoint.timeoutMs ?? idleMs,
  };
}

function failed(message: string): { readonly failure: ModelFailure } {
  return { failure: { class: "unknown", message } };
}
