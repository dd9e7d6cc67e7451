/**
 * How a login that failed is paused, and for how long. Pure. The document holds wall-clock times; what decides is
 * how much time has really passed since they were read or written, so that a clock that is set does neither lock
 * anybody out nor free a login that was just refused.
 */
import type { FailureClass, ModelFailure } from "../../contracts/model.ts";
import type { UsageStats } from "./profile.ts";

/** One moment on both clocks, ms. */
export interface Moment {
  /** Epoch. */
  readonly wall: number;
  /** Of this process, never set. */
  readonly mono: number;
}

/** The stats of a login together with the moment at which their times were true. */
export interface Standing {
  readonly stats: UsageStats;
  readonly at: Moment;
}

export interface PauseRules {
  readonly billingMs: number;
  readonly billingMaxMs: number;
  readonly authPermanentMs: number;
  readonly authPermanentMaxMs: number;
  /** Failures this long ago no longer count. */
  readonly windowMs: number;
}

export interface Pause {
  readonly kind: "cooldown" | "disabled";
  readonly reason: string;
  readonly remainingMs: number;
  /** The only model that is concerned. */
  readonly model?: string;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const COOLDOWNS = [MINUTE, 5 * MINUTE, 25 * MINUTE, HOUR] as const;
/** Longest pause that a provider can ask for. */
export const LONGEST_ASKED_MS = 24 * HOUR;
/** A leap of the wall clock beyond this is a clock that was set; below it the machine may have slept. */
const LEAP_MS = 7 * 24 * HOUR;
/** Clocks of two processes on one machine may differ by this much. */
const SLACK_MS = MINUTE;

type Paused = "cooldown" | "billing" | "auth_permanent";

const PAUSES: Partial<Record<FailureClass, Paused>> = {
  rate_limit: "cooldown",
  timeout: "cooldown",
  auth: "cooldown",
  billing: "billing",
  auth_permanent: "auth_permanent",
};

/** Whether a failure says something about the login with which the call was made. */
export function concernsLogin(failure: ModelFailure): boolean {
  return PAUSES[failure.class] !== undefined && !isAboutLongContext(failure);
}

/** A refusal of the large window alone: the login is as good as before. */
export function isAboutLongContext({ class: kind, message }: ModelFailure): boolean {
  return kind === "rate_limit" && /extra usage is required for long context/i.test(message);
}

/** Wall-clock ms since `at`, whatever was done to the clock meanwhile. */
function elapsed(at: Moment, now: Moment): number {
  const real = Math.max(0, now.mono - at.mono);
  const shown = now.wall - at.wall;
  return shown < real || shown > real + LEAP_MS ? real : shown;
}

/**
 * Stats as they stand in a document, made true for this moment: times that a clock ahead of ours has written, and
 * pauses longer than any rule gives, are cut to the longest that the rules allow.
 */
export function anchored(stats: UsageStats, now: Moment, rules: PauseRules): Standing {
  const failed = stats.lastFailureAt ?? 0;
  const fromFuture = failed > now.wall + SLACK_MS;
  const since = fromFuture || failed === 0 ? now.wall : failed;
  const limit = (until: number | undefined, longest: number) => {
    if (until === undefined || until <= 0) return until;
    const length = fromFuture ? until - failed : until - since;
    return since + Math.min(length, longest);
  };
  return {
    at: now,
    stats: {
      ...stats,
      ...present("cooldownUntil", limit(stats.cooldownUntil, LONGEST_ASKED_MS)),
      ...present("disabledUntil", limit(stats.disabledUntil, longestDisable(rules))),
      ...(fromFuture ? { lastFailureAt: now.wall } : {}),
      ...((stats.lastUsed ?? 0) > now.wall + SLACK_MS ? { lastUsed: now.wall } : {}),
    },
  };
}

function longestDisable({ billingMaxMs, authPermanentMaxMs }: PauseRules): number {
  return Math.max(billingMaxMs, authPermanentMaxMs);
}

/** The pause in force for a model, the longer of two; undefined when the login may be used. */
export function pauseOf({ stats, at }: Standing, now: Moment, model: string | undefined): Pause | undefined {
  const gone = elapsed(at, now);
  const left = (until: number | undefined) => (until ?? 0) - at.wall - gone;
  const disabled = left(stats.disabledUntil);
  const cooling = left(stats.cooldownUntil);
  if (disabled > 0) return { kind: "disabled", reason: stats.disabledReason ?? "unknown", remainingMs: disabled };
  const only = stats.cooldownModel ?? undefined;
  if (cooling <= 0 || (only !== undefined && model !== undefined && only !== model)) return undefined;
  return {
    kind: "cooldown",
    reason: stats.cooldownReason ?? "unknown",
    remainingMs: cooling,
    ...(only === undefined ? {} : { model: only }),
  };
}

export interface Failed {
  readonly failure: ModelFailure;
  readonly model: string;
  readonly now: Moment;
  readonly rules: PauseRules;
}

/** After a failure that concerns the login. One that falls into a pause of its kind does not count again. */
export function afterFailure(before: Standing | undefined, { failure, model, now, rules }: Failed): Standing {
  const old = moved(before, now, rules);
  const kind = PAUSES[failure.class] ?? "cooldown";
  const running = { cooldown: (old.cooldownUntil ?? 0) > now.wall, disabled: (old.disabledUntil ?? 0) > now.wall };
  const again = kind === "cooldown" ? running.cooldown : running.disabled && old.disabledReason === kind;
  const counts = { ...old.failureCounts };
  if (!again) counts[failure.class] = (counts[failure.class] ?? 0) + 1;
  const errorCount = (old.errorCount ?? 0) + (again ? 0 : 1);
  const stats = { ...old, errorCount: Math.max(1, errorCount), failureCounts: counts, lastFailureAt: now.wall };
  if (kind !== "cooldown") {
    const until = now.wall + disableMs(kind, counts[failure.class] ?? 1, rules);
    const kept = again ? Math.max(old.disabledUntil ?? 0, 0) : until;
    return { at: now, stats: { ...stats, disabledUntil: kept, disabledReason: kind } };
  }
  const step = COOLDOWNS[Math.min(stats.errorCount, COOLDOWNS.length) - 1] ?? HOUR;
  const asked = Math.min(failure.retryAfterMs ?? 0, LONGEST_ASKED_MS);
  const until = Math.max(again ? (old.cooldownUntil ?? 0) : now.wall + step, now.wall + asked);
  const scoped = failure.class === "rate_limit" && (!running.cooldown || old.cooldownModel === model);
  return {
    at: now,
    stats: { ...stats, cooldownUntil: until, cooldownModel: scoped ? model : null, cooldownReason: failure.class },
  };
}

function disableMs(kind: "billing" | "auth_permanent", count: number, rules: PauseRules): number {
  const [first, longest] =
    kind === "billing" ? [rules.billingMs, rules.billingMaxMs] : [rules.authPermanentMs, rules.authPermanentMaxMs];
  return Math.min(first * 2 ** Math.min(count - 1, 30), longest);
}

/** In good standing again. */
export function afterSuccess(before: Standing | undefined, now: Moment): Standing {
  const tag = before?.stats.fingerprint;
  return {
    at: now,
    stats: {
      lastUsed: now.wall,
      errorCount: 0,
      cooldownUntil: 0,
      cooldownModel: null,
      disabledUntil: 0,
      disabledReason: null,
      failureCounts: {},
      ...(tag === undefined ? {} : { fingerprint: tag }),
    },
  };
}

/** Whether a success changes more than the time of last use. */
export function hasFailures({ stats }: Standing): boolean {
  return (stats.errorCount ?? 0) > 0 || (stats.cooldownUntil ?? 0) > 0 || (stats.disabledUntil ?? 0) > 0;
}

/** The stats with their times moved to the wall clock of `now`; counters of long ago are dropped. */
export function moved(before: Standing | undefined, now: Moment, rules: PauseRules): UsageStats {
  if (!before) return {};
  const { stats, at } = before;
  const gone = elapsed(at, now);
  const shift = now.wall - at.wall - gone;
  const at2 = (time: number | undefined) => (time === undefined || time <= 0 ? time : time + shift);
  const failed = at2(stats.lastFailureAt);
  const old = failed !== undefined && failed > 0 && now.wall - failed > rules.windowMs;
  return {
    ...stats,
    ...present("lastUsed", at2(stats.lastUsed)),
    ...present("cooldownUntil", at2(stats.cooldownUntil)),
    ...present("disabledUntil", at2(stats.disabledUntil)),
    ...present("lastFailureAt", failed),
    ...(old ? { errorCount: 0, failureCounts: {} } : {}),
  };
}

/** Two processes have written about one login: what is newer counts, of two failures the longer pause. */
export function merged(theirs: UsageStats | undefined, ours: UsageStats): UsageStats {
  if (!theirs || theirs.fingerprint !== ours.fingerprint) return ours;
  const failedThere = theirs.lastFailureAt ?? 0;
  const lastUsed = Math.max(theirs.lastUsed ?? 0, ours.lastUsed ?? 0);
  if ((ours.lastFailureAt ?? 0) === 0)
    return failedThere > (ours.lastUsed ?? 0) ? { ...theirs, lastUsed } : { ...ours, lastUsed };
  if (failedThere === 0 && (theirs.lastUsed ?? 0) > (ours.lastFailureAt ?? 0)) return theirs;
  if (failedThere === 0 || failedThere < (ours.lastFailureAt ?? 0) - LEAP_MS) return { ...ours, lastUsed };
  const longer = (theirs.cooldownUntil ?? 0) > (ours.cooldownUntil ?? 0) ? theirs : ours;
  const disabled = (theirs.disabledUntil ?? 0) > (ours.disabledUntil ?? 0) ? theirs : ours;
  return {
    ...ours,
    lastUsed,
    errorCount: Math.max(theirs.errorCount ?? 0, ours.errorCount ?? 0),
    lastFailureAt: Math.max(failedThere, ours.lastFailureAt ?? 0),
    cooldownUntil: longer.cooldownUntil ?? 0,
    cooldownModel: longer.cooldownModel ?? null,
    cooldownReason: longer.cooldownReason ?? null,
    disabledUntil: disabled.disabledUntil ?? 0,
    disabledReason: disabled.disabledReason ?? null,
  };
}

function present(name: string, value: number | undefined): Readonly<Record<string, number>> {
  return value === undefined ? {} : { [name]: value };
}
