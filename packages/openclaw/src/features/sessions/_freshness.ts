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
  const { entry, now } = question;
  const policy = policyFor(config, question);
  const started = entry.sessionStartedAt ?? entry.createdAt ?? entry.updatedAt;
  const touched = entry.lastInteractionAt ?? started;
  if (policy.atHour !== undefined && started < lastOccurrence(now, policy.atHour)) return "daily";
  if (policy.idleMinutes !== undefined && now - touched > policy.idleMinutes * 60_000) return "idle";
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
