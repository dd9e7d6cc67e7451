/** The texts of a record, written by the first model that answers, patience included. */
import { Fault } from "../../../base/errors.ts";
import type { Clock } from "../../../base/time.ts";
import type { ConfigSnapshot } from "../../../contracts/config.ts";
import type { Endpoint } from "../../../contracts/model.ts";
import { answerOf } from "../../../models/index.ts";
import type { Answer, ModelsService } from "../../../models/index.ts";
import { errors } from "../errors.ts";

export interface Asked {
  readonly system: string;
  readonly text: string;
  readonly maxTokens: number;
}

/** The request did not fit: ask for less. */
export class TooLong extends Error {}

export class Writer {
  readonly #models: Pick<ModelsService, "stream">;
  readonly #clock: Clock;
  readonly #candidates: readonly Endpoint[];
  readonly #config: ConfigSnapshot | undefined;
  readonly #cacheKey: string;
  readonly #forOwner: boolean;
  readonly #signal: AbortSignal;
  readonly #spent: (answer: Answer) => Promise<void>;

  constructor(
    deps: { readonly models: Pick<ModelsService, "stream">; readonly clock: Clock },
    {
      candidates,
      config,
      cacheKey,
      forOwner = false,
      signal,
      spent = () => Promise.resolve(),
    }: {
      candidates: readonly Endpoint[];
      /** With it, other logins are tried, and those that fail pause. */
      config?: ConfigSnapshot;
      cacheKey: string;
      forOwner?: boolean | undefined;
      signal: AbortSignal;
      /** Told of every answer, whatever becomes of it. */
      spent?: (answer: Answer) => Promise<void>;
    },
  ) {
    this.#models = deps.models;
    this.#clock = deps.clock;
    this.#candidates = candidates;
    this.#config = config;
    this.#cacheKey = cacheKey;
    this.#forOwner = forOwner;
    this.#signal = signal;
    this.#spent = spent;
  }

  /** Somebody stopped it; running out of time is not that. */
  get cancelled(): boolean {
    const { aborted, reason } = this.#signal;
    return aborted && !(reason instanceof Fault && reason.code === "COMPACTION_TIMEOUT");
  }

  /** Throws `TooLong`, `COMPACTION_FAILED`, or the reason of the signal. */
  async write({ system, text, maxTokens }: Asked): Promise<Answer> {
    this.#signal.throwIfAborted();
    const outcome = await answerOf(this.#models, {
      candidates: this.#candidates,
      ...(this.#config === undefined ? {} : { config: this.#config }),
      asks: () => ({
        system: [{ text: system, stable: false }],
        messages: [{ role: "user", content: text, timestamp: this.#clock.now() }],
        maxTokens,
        thinking: "off",
        cacheKey: `${this.#cacheKey}:record`,
        forOwner: this.#forOwner,
      }),
      signal: this.#signal,
      clock: this.#clock,
      lastWord: "context_overflow",
    });
    if (!("failure" in outcome)) {
      await this.#spent(outcome);
      return outcome;
    }
    this.#signal.throwIfAborted();
    const { class: kind, message } = outcome.failure;
    if (kind === "context_overflow") throw new TooLong(message);
    throw errors.COMPACTION_FAILED({ reason: message });
  }
}
