/** Calendar days of a time zone as spans of time. */

const DAY_MS = 86_400_000;

/** Minutes east of UTC that `UTC+2`, `UTC-5:30` mean; undefined for anything else. */
function offsetMinutes(text: string): number | undefined {
  const match = /^(?:UTC|GMT)?\s*([+-])(\d{1,2})(?::?(\d{2}))?$/i.exec(text.trim());
  if (!match) return /^(?:UTC|GMT|Z)$/i.test(text.trim()) ? 0 : undefined;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return minutes > 14 * 60 ? undefined : match[1] === "-" ? -minutes : minutes;
}

export type Zone = { readonly offset: number } | { readonly name: string };

export interface ZoneQuestion {
  /** `gateway` (this machine, the default), `utc`, or `specific` with one of the two. */
  readonly mode?: string | undefined;
  readonly utcOffset?: string | undefined;
  readonly timeZone?: string | undefined;
}

/** What makes no sense is the zone of this machine. */
export function zoneOf({ mode, utcOffset, timeZone }: ZoneQuestion): Zone {
  if (mode === "utc") return { offset: 0 };
  const offset = utcOffset === undefined ? undefined : offsetMinutes(utcOffset);
  if (mode === "specific" && offset !== undefined) return { offset };
  if (mode === "specific" && timeZone !== undefined && isZone(timeZone)) return { name: timeZone };
  return { name: Intl.DateTimeFormat().resolvedOptions().timeZone };
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en-CA", { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}

/** Tells the day (`YYYY-MM-DD`) of a moment. */
export function dayTeller(zone: Zone): (at: number) => string {
  if ("offset" in zone) return (at) => new Date(at + zone.offset * 60_000).toISOString().slice(0, 10);
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone.name,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  return (at) => format.format(at);
}

export interface Span {
  /** Every day of it, oldest first. */
  readonly days: readonly string[];
  /** Wide enough for all of them in any time zone. */
  readonly since: number;
  readonly until: number;
}

const MOST_DAYS = 1100;

/** From `startDate` to `endDate`, or the last `days` days up to today. */
export function spanOf(
  given: { readonly startDate?: string | undefined; readonly endDate?: string | undefined; readonly days: number },
  today: string,
): Span {
  const end = dayNumber(given.endDate) ?? dayNumber(today) ?? 0;
  const start = dayNumber(given.startDate) ?? end - Math.max(1, Math.floor(given.days)) + 1;
  const count = Math.min(Math.max(1, end - start + 1), MOST_DAYS);
  const first = end - count + 1;
  const days = Array.from({ length: count }, (_, i) => new Date((first + i) * DAY_MS).toISOString().slice(0, 10));
  return { days, since: (first - 1) * DAY_MS, until: (end + 2) * DAY_MS };
}

/** Days since 1970-01-01; undefined for what is no date. */
function dayNumber(date: string | undefined): number | undefined {
  if (date === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(date)) return undefined;
  const at = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(at) ? undefined : at / DAY_MS;
}
