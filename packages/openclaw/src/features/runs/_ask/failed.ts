/** What people are told when no model answered. */
import type { Fault } from "../../../base/errors.ts";
import { formatDuration } from "../../../base/time.ts";
import type { FailureClass, ModelFailure } from "../../../contracts/model.ts";
import { attemptsText, soonest } from "../../../models/index.ts";
import type { Attempt } from "../../../models/index.ts";
import { errors } from "../errors.ts";

/** Of one model its own words; of several what each of them said. */
export function failedBy(failure: ModelFailure, attempts: readonly Attempt[], now: number): Fault {
  const several = allFailed(attempts, now);
  if (several !== undefined) return several.with({ details: { ...failure } });
  const { class: kind, message } = failure;
  return errors.MODEL_FAILED({ message, kind }).with({ details: { ...failure, attempts } });
}

/** Undefined unless there were several models. */
export function allFailed(attempts: readonly Attempt[], now: number): Fault | undefined {
  const count = new Set(attempts.map(({ provider, model }) => `${provider}/${model}`)).size;
  if (count < 2) return undefined;
  const until = soonest(attempts);
  const wait = until === undefined || until <= now ? undefined : formatDuration(until - now);
  const fault = errors.MODELS_FAILED({ count, what: attemptsText(attempts), ...(wait === undefined ? {} : { wait }) });
  return fault.with({
    details: { attempts, ...(until === undefined ? {} : { until }) },
    ...(until === undefined || until <= now ? {} : { retryAfterMs: until - now }),
  });
}

/** Where none of the models could even be called. */
export function noneOpened(attempts: readonly Attempt[], now: number): Fault {
  const [first] = attempts;
  const fault = allFailed(attempts, now);
  return fault ?? errors.MODEL_FAILED({ message: first?.message ?? "a run needs a model", kind: "unknown" });
}

/** A failure for those that have no attempt of a call: the first model's. */
export function failureOf(attempts: readonly Attempt[]): ModelFailure {
  const [first] = attempts;
  const kind: FailureClass =
    first === undefined ? "unknown" : first.reason === "cooldown" ? "rate_limit" : first.reason;
  return { class: kind, message: first?.message ?? "there is no model to ask" };
}
