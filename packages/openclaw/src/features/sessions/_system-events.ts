/** Lines that a session is told with its next turn, and who may be told what. */
import { uuid } from "../../base/ids.ts";
import { cut } from "../../base/text.ts";
import { ROLE_ORDER } from "../../contracts/principal.ts";
import type { Principal } from "../../contracts/principal.ts";
import type { Platform } from "../../contracts/service.ts";
import type { SystemEventQueue, SystemEventRow } from "../../store/index.ts";
import { errors } from "./errors.ts";
import type { SystemEventsService } from "./index.ts";

const PER_SESSION = 20;
const MAX_TEXT = 8000;

export function createSystemEvents(
  queue: SystemEventQueue,
  { clock, random }: Pick<Platform, "clock" | "random">,
): SystemEventsService {
  return {
    async enqueue({ sessionKey, text, by }) {
      const paragraph = cut(onOneLine(text), MAX_TEXT);
      if (paragraph === "") throw errors.SYSTEM_EVENT_EMPTY();
      return queue.add({ id: uuid(random), sessionKey, text: paragraph, by, at: clock.now() }, PER_SESSION);
    },
    waiting: (sessionKey) => queue.waiting(sessionKey),
    told: (ids) => (ids.length === 0 ? Promise.resolve() : queue.remove(ids)),
  };
}

function onOneLine(text: string): string {
  const lines = text.split(/[\r\n\u0085\u2028\u2029]/).map((line) => line.trim());
  return lines.filter((line) => line !== "").join(" ");
}

/**
 * Whether a turn of `listener` may be told what `author` caused: only when it acts with no more authority
 * than the author has. The rest waits for a turn of its own.
 */
export function mayHear(listener: Principal, author: Principal): boolean {
  return ROLE_ORDER.indexOf(author.role) <= ROLE_ORDER.indexOf(listener.role);
}

/** What the model reads: `System: [2026-01-18 00:19 PST] text`, a line each. `zone` is an IANA name. */
export function systemLines(events: readonly Pick<SystemEventRow, "text" | "at">[], zone: string): string {
  return events.map(({ text, at }) => `System: [${stamp(at, zone)}] ${text}`).join("\n");
}

/** Whether a message that may begin with system lines tells this event. */
export function isTold(message: string, event: Pick<SystemEventRow, "text">): boolean {
  return message.split("\n").some((line) => line.startsWith("System: [") && line.endsWith(`] ${event.text}`));
}

/** To the minute; UTC in ISO form. */
export function stamp(at: number, zone: string): string {
  const date = new Date(at);
  if (zone === "UTC") return `${date.toISOString().slice(0, 16)}Z`;
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
  }).formatToParts(date);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((p) => p.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")} ${part("hour")}:${part("minute")} ${part("timeZoneName")}`;
}
