/** Times as people read them. `now` and `at` are epoch ms. */
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "narrow" });
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });

export function exactTime(at: number): string {
  return exact.format(at);
}

/** `now`, `5 min ago`, `14:03` of today, `3 Jan` before that. */
export function shortTime(at: number, now: number): string {
  const age = now - at;
  if (age < MINUTE) return relative.format(0, "second");
  if (age < HOUR) return relative.format(-Math.floor(age / MINUTE), "minute");
  return startOfDay(at) === startOfDay(now) ? clock.format(at) : day.format(at);
}

/** `14:03` of today, else with its day: `22 Nov, 09:10`. */
export function shortMoment(at: number, now: number): string {
  const time = clock.format(at);
  return startOfDay(at) === startOfDay(now) ? time : `${day.format(at)}, ${time}`;
}

/** `40 ms`, `0.4 s`, `12 s`, `3 min 5 s`. */
export function spanText(ms: number): string {
  if (ms < 100) return `${Math.round(Math.max(ms, 0))} ms`;
  if (ms < 950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

export type Age = "today" | "yesterday" | "week" | "older";

export function ageOf(at: number, now: number): Age {
  const today = startOfDay(now);
  if (at >= today) return "today";
  if (at >= startOfDay(today - 1)) return "yesterday";
  return at >= today - 6 * DAY ? "week" : "older";
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
