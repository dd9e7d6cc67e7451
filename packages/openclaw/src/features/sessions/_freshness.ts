/** When a session starts afresh. Evaluated when the next message arrives; there are no timers. */
import type { Static } from "../../contracts/schema.ts";
import type { SessionEntry } from "../../store/index.ts";
import type { sessionSection } from "./config.ts";

type SessionConfig = Static<typeof sessionSection.schema>;
type Policy = NonNullable<SessionConfig["reset"]>;

export interface FreshnessQuestion {
  readonly entry: SessionEntry;
  readonly kind: "direct" | "group" | "thread";
  readonly channel: string | undefined;
  readonly now: number;
}

/** Why the session is stale, or undefined while it is fresh. */
export function staleReason(config: SessionConfig, question: FreshnessQuestion): "daily" | "idle" | undefined {
  return staleness(config, question)?.reason;
}

/** The same with the moment since when it is: what came before belongs to the old session. */
export function staleness(
  config: SessionConfig,
  question: FreshnessQuestion,
): { readonly reason: "daily" | "idle"; readonly since: number } | undefined {
  const { entry, now } = question;
  const policy = policyFor(config, question);
  const started = entry.sessionStartedAt ?? entry.createdAt ?? entry.updatedAt;
  const touched = entry.lastInteractionAt ?? started;
  if (policy.atHour !== undefined) {
    const since = lastOccurrence(now, policy.atHour);
    if (started < since) return { reason: "daily", since };
  }
  if (policy.idleMinutes !== undefined) {
    const since = touched + policy.idleMinutes * 60_000;
    if (now > since) return { reason: "idle", since };
  }
  return undefined;
}

function policyFor(config: SessionConfig, question: FreshnessQuestion): { atHour?: number; idleMinutes?: number } {
  const byType =
    question.kind === "direct"
      ? (config.resetByType?.direct ?? config.resetByType?.dm)
      : config.resetByType?.[question.kind];
  const chosen: Policy | undefined =
    (question.channel === undefined ? undefined : config.resetByChannel?.[question.channel]) ?? byType ?? config.reset;
  if (!chosen && config.idleMinutes !== undefined) return { idleMinutes: config.idleMinutes };
  const mode = chosen?.mode ?? "daily";
  return {
    ...(mode === "daily" ? { atHour: chosen?.atHour ?? 4 } : {}),
    ...(mode === "idle"
      ? { idleMinutes: chosen?.idleMinutes ?? 60 }
      : chosen?.idleMinutes === undefined
        ? {}
        : { idleMinutes: chosen.idleMinutes }),
  };
}

/** The latest moment not after `now` at which the local clock showed `hour`:00. */
function lastOccurrence(now: number, hour: number): number {
  const day = new Date(now);
  const today = new Date(day.getFullYear(), day.getMonth(), day.getDate(), hour).getTime();
  if (today <= now) return today;
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() - 1, hour).getTime();
}
