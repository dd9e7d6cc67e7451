/** One question to the first model that answers it: no tools, no conversation, nothing shown while it comes. */
import { errorText } from "../base/errors.ts";
import type { Clock } from "../base/time.ts";
import { textOf } from "../contracts/message.ts";
import type { Usage } from "../contracts/message.ts";
import type { Endpoint, FailureClass, ModelFailure, ModelRequest, Sampling } from "../contracts/model.ts";
import type { ModelsService } from "./index.ts";

export interface Answer {
  /** Not empty, without thoughts that the model wrote as text. */
  readonly text: string;
  readonly usage: Usage;
  /** `provider/model` that gave it. */
  readonly model: string;
}

/** What one of the models is asked. */
export interface Asked extends Pick<ModelRequest, "system" | "messages" | "thinking">, Sampling {
  readonly cacheKey?: string;
  /** Unless the endpoint says how long its pieces may take. */
  readonly idleMs?: number;
}

export interface Question {
  /** In the order in which they are asked. */
  readonly candidates: readonly Endpoint[];
  readonly asks: (endpoint: Endpoint) => Asked;
  readonly signal: AbortSignal;
  /** With it, a model that is busy is asked again after a while; without it, the next one is asked at once. */
  readonly clock?: Pick<Clock, "sleep">;
  /** A failure after which nobody else is asked. */
  readonly lastWord?: FailureClass;
}

const IDLE_MS = 120_000;
/** How often the same model is asked again. */
const RETRIES: Partial<Record<FailureClass, number>> = { rate_limit: 2, overloaded: 2, server_error: 1, timeout: 1 };
const LONGEST_WAIT_MS = 30_000;
const THOUGHT = /<(think|thinking|thought)>[\s\S]*?<\/\1>/gi;

type Models = Pick<ModelsService, "stream">;
type Outcome = Answer | { readonly failure: ModelFailure };

/** The answer, or what the last model said instead. Never throws. */
export async function answerOf(models: Models, question: Question): Promise<Outcome> {
  const { candidates, signal, lastWord } = question;
  let failure: ModelFailure = { class: "unknown", message: "there is no model to ask" };
  for (const endpoint of candidates) {
    const outcome = await patiently(question, () => ask(models, question, endpoint));
    if (!("failure" in outcome)) return outcome;
    failure = outcome.failure;
    if (signal.aborted || failure.class === lastWord) break;
  }
  return { failure };
}

async function patiently({ clock, signal, lastWord }: Question, ask: () => Promise<Outcome>): Promise<Outcome> {
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await ask();
    if (!("failure" in outcome) || !clock || signal.aborted) return outcome;
    const { class: kind, retryAfterMs = 1000 * 2 ** attempt } = outcome.failure;
    if (kind === lastWord || attempt >= (RETRIES[kind] ?? 0) || retryAfterMs > LONGEST_WAIT_MS) return outcome;
    try {
      await clock.sleep(retryAfterMs, signal);
    } catch {
      return outcome;
    }
  }
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
    endpoint,
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
