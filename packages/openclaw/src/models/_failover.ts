/** What follows a call of a model that failed, by the class of the failure. The one table of it. */
import { Fault, errorText } from "../base/errors.ts";
import type { Clock } from "../base/time.ts";
import type { Endpoint, FailureClass, ModelFailure } from "../contracts/model.ts";

export interface Course {
  /** Another model may do better. */
  readonly next: boolean;
  /** The same model is asked again this often before another one is, */
  readonly quick: number;
  /** and this often, with pauses, where it is the only one. */
  readonly patient: number;
}

const ENDS: Course = { next: false, quick: 0, patient: 0 };
const MOVES_ON: Course = { next: true, quick: 0, patient: 0 };

const COURSES: Readonly<Record<FailureClass, Course>> = {
  rate_limit: { next: true, quick: 0, patient: 2 },
  overloaded: { next: true, quick: 0, patient: 3 },
  timeout: { next: true, quick: 1, patient: 1 },
  server_error: { next: true, quick: 1, patient: 2 },
  auth: MOVES_ON,
  auth_permanent: MOVES_ON,
  billing: MOVES_ON,
  model_not_found: MOVES_ON,
  unknown: MOVES_ON,
  format: ENDS,
  context_overflow: ENDS,
  image_too_large: ENDS,
  abort: ENDS,
};

/** A stall was waited for long enough: who sent nothing for minutes is not asked again while others wait. */
const STALLS: ReadonlySet<string | undefined> = new Set(["idle", "deadline"]);

/** Ids of tool calls that one gateway of Google's refuses, and another provider takes. */
const FOREIGN_IDS = /cloud ?code ?assist/i;

export function courseOf({ class: kind, code, message }: ModelFailure): Course {
  const course = COURSES[kind];
  if (kind === "format" && FOREIGN_IDS.test(message)) return MOVES_ON;
  return kind === "timeout" && STALLS.has(code) ? { ...course, quick: 0 } : course;
}

/** Refused for a window that this login may not use: it says nothing else about the login. */
export function asksForLessWindow({ message }: ModelFailure): boolean {
  return /extra usage is required for long context|long context beta is not/i.test(message);
}

const QUICK_MS = 500;
const LONGEST_PAUSE_MS = 8000;

/** Before the `nth` repetition (from 0); undefined where others are there and the provider wants to be left alone. */
export function pauseBefore(failure: ModelFailure, nth: number, hasOthers: boolean): number | undefined {
  const { retryAfterMs } = failure;
  if (hasOthers) return retryAfterMs !== undefined && retryAfterMs > QUICK_MS ? undefined : QUICK_MS;
  return retryAfterMs ?? Math.min(QUICK_MS * 2 ** nth, LONGEST_PAUSE_MS);
}

/** Rounds over a chain whose models are all overloaded: 2.5 s, doubled to 30 s; undefined = given up. */
export function roundPause(nth: number): number | undefined {
  return nth < MOST_ROUNDS ? Math.min(2500 * 2 ** nth, 30_000) : undefined;
}

const MOST_ROUNDS = 6;

/** One way in which an answer was not had. */
export interface Attempt {
  readonly provider: string;
  readonly model: string;
  readonly profileId?: string;
  readonly reason: FailureClass | "cooldown";
  readonly status?: number;
  readonly code?: string;
  readonly message: string;
  readonly ms: number;
  /** Epoch ms: not before then. */
  readonly until?: number;
}

/** `rate_limit` → `rate limit`. */
export function reasonText({ reason, code }: Pick<Attempt, "reason" | "code">): string {
  return code === "MODEL_KEY_MISSING" ? "no API key" : reason.replaceAll("_", " ");
}

export function attemptOf({ provider, model, login }: Endpoint, failure: ModelFailure, times: Times): Attempt {
  const { class: reason, status, code, message, retryAfterMs } = failure;
  return {
    provider,
    model: model.id,
    ...(login === undefined ? {} : { profileId: login.id }),
    reason,
    ...(status === undefined ? {} : { status }),
    ...(code === undefined ? {} : { code }),
    message,
    ms: times.ms,
    ...(retryAfterMs === undefined ? {} : { until: times.now + retryAfterMs }),
  };
}

interface Times {
  readonly ms: number;
  readonly now: number;
}

const OF_CODE: Readonly<Record<string, Attempt["reason"]>> = {
  PROFILES_UNAVAILABLE: "cooldown",
  PROFILE_MISSING: "auth",
  PROFILE_EXPIRED: "auth",
  MODEL_KEY_UNUSABLE: "auth",
  MODEL_KEY_MISSING: "auth",
  OAUTH_REFRESH_FAILED: "auth",
  UNKNOWN_MODEL: "model_not_found",
  MODEL_NOT_ALLOWED: "model_not_found",
};

/** Of a model that could not even be called. */
export function refusalOf(ref: string, error: unknown, clock: Pick<Clock, "now">): Attempt {
  const slash = ref.indexOf("/");
  const fault = error instanceof Fault ? error : undefined;
  const until = untilOf(fault, clock.now());
  return {
    provider: slash < 0 ? "" : ref.slice(0, slash),
    model: ref.slice(slash + 1),
    reason: OF_CODE[fault?.code ?? ""] ?? "unknown",
    ...(fault === undefined ? {} : { code: fault.code }),
    message: errorText(error),
    ms: 0,
    ...(until === undefined ? {} : { until }),
  };
}

/** Until when the logins of a model pause, as opening it says. */
export function pausedUntil(error: unknown, now: number): number | undefined {
  return error instanceof Fault ? untilOf(error, now) : undefined;
}

function untilOf(fault: Fault | undefined, now: number): number | undefined {
  const until = fault?.details?.["until"];
  if (typeof until === "number") return until;
  return fault?.retryAfterMs === undefined ? undefined : now + fault.retryAfterMs;
}

/** The earliest time at which one of them can be tried again. */
export function soonest(attempts: readonly Attempt[]): number | undefined {
  const times = attempts.flatMap(({ until }) => (until === undefined ? [] : [until]));
  return times.length === 0 ? undefined : Math.min(...times);
}

/** `p/a: HTTP 503: … (overloaded) | p/b: …`: the last word of each, in the order of the chain. */
export function attemptsText(attempts: readonly Attempt[]): string {
  const last = new Map(attempts.map((one) => [`${one.provider}/${one.model}`, one]));
  return [...last]
    .map(([ref, attempt]) => `${ref}: ${attempt.message.replace(/\.$/, "")} (${reasonText(attempt)})`)
    .join(" | ");
}
