/** Asking a model for a text, aside from any run: the first that answers, patience included. */
import { Fault, errorText } from "../../../base/errors.ts";
import type { Clock } from "../../../base/time.ts";
import { NO_USAGE, textOf } from "../../../contracts/message.ts";
import type { Usage } from "../../../contracts/message.ts";
import type { Endpoint, FailureClass, ModelFailure, ModelRequest } from "../../../contracts/model.ts";
import type { ModelsService } from "../../../models/index.ts";
import { errors } from "../errors.ts";

export interface Asked {
  readonly system: string;
  readonly text: string;
  readonly maxTokens: number;
}

export interface Answered {
  readonly text: string;
  readonly usage: Usage;
  /** `provider/model`. */
  readonly model: string;
}

/** The request did not fit: ask for less. */
export class TooLong extends Error {}

const RETRIES: Partial<Record<FailureClass, number>> = { rate_limit: 2, overloaded: 2, server_error: 1, timeout: 1 };
const LONGEST_WAIT_MS = 30_000;
const IDLE_MS = 120_000;
const THOUGHT = /<(think|thinking|thought)>[\s\S]*?<\/\1>/gi;

export class Writer {
  readonly #models: Pick<ModelsService, "stream">;
  readonly #clock: Clock;
  readonly #candidates: readonly Endpoint[];
  readonly #cacheKey: string;
  readonly #signal: AbortSignal;

  constructor(
    deps: { readonly models: Pick<ModelsService, "stream">; readonly clock: Clock },
    { candidates, cacheKey, signal }: { candidates: readonly Endpoint[]; cacheKey: string; signal: AbortSignal },
  ) {
    this.#models = deps.models;
    this.#clock = deps.clock;
    this.#candidates = candidates;
    this.#cacheKey = cacheKey;
    this.#signal = signal;
  }

  /** Somebody stopped it; running out of time is not that. */
  get cancelled(): boolean {
    const { aborted, reason } = this.#signal;
    return aborted && !(reason instanceof Fault && reason.code === "COMPACTION_TIMEOUT");
  }

  /** Throws `TooLong`, `COMPACTION_FAILED`, or the reason of the signal. */
  async write(asked: Asked): Promise<Answered> {
    let failure: ModelFailure | undefined;
    for (const endpoint of this.#candidates) {
      for (let attempt = 0; ; attempt += 1) {
        this.#signal.throwIfAborted();
        const outcome = await this.#ask(endpoint, asked);
        if ("text" in outcome) return outcome;
        failure = outcome;
        this.#signal.throwIfAborted();
        if (failure.class === "context_overflow") throw new TooLong(failure.message);
        if (attempt >= (RETRIES[failure.class] ?? 0)) break;
        const wait = failure.retryAfterMs ?? 1000 * 2 ** attempt;
        if (wait > LONGEST_WAIT_MS) break;
        await this.#clock.sleep(wait, this.#signal);
      }
    }
    throw errors.COMPACTION_FAILED({ reason: failure?.message ?? "there is no model to ask" });
  }

  async #ask(endpoint: Endpoint, asked: Asked): Promise<Answered | ModelFailure> {
    try {
      for await (const event of this.#models.stream(this.#request(endpoint, asked))) {
        if (event.type === "error") return event.failure;
        if (event.type !== "done") continue;
        const text = textOf(event.message).replace(THOUGHT, "").trim();
        if (text === "") return { class: "unknown", message: "the model answered nothing" };
        return { text, usage: event.message.usage, model: `${endpoint.provider}/${endpoint.model.id}` };
      }
    } catch (error) {
      return { class: "unknown", message: errorText(error) };
    }
    return { class: "unknown", message: "the model gave no outcome" };
  }

  #request(endpoint: Endpoint, { system, text, maxTokens }: Asked): ModelRequest {
    return {
      endpoint,
      system: [{ text: system, stable: false }],
      messages: [{ role: "user", content: text, timestamp: this.#clock.now() }],
      tools: [],
      maxTokens: Math.min(maxTokens, endpoint.model.maxTokens),
      thinking: "off",
      cacheRetention: "none",
      cacheKey: `${this.#cacheKey}:record`,
      signal: this.#signal,
      idleMs: endpoint.timeoutMs ?? IDLE_MS,
    };
  }
}

export function addUsage(a: Usage, b: Usage): Usage {
  const cost =
    a.cost === undefined || b.cost === undefined
      ? (b.cost ?? a.cost)
      : {
          input: a.cost.input + b.cost.input,
          output: a.cost.output + b.cost.output,
          cacheRead: a.cost.cacheRead + b.cost.cacheRead,
          cacheWrite: a.cost.cacheWrite + b.cost.cacheWrite,
          total: a.cost.total + b.cost.total,
        };
  return {
    input: a.input + b.input,
    output: a.output + b.output,
    cacheRead: a.cacheRead + b.cacheRead,
    cacheWrite: a.cacheWrite + b.cacheWrite,
    totalTokens: a.totalTokens + b.totalTokens,
    ...(cost === undefined ? {} : { cost }),
  };
}

export { NO_USAGE };
