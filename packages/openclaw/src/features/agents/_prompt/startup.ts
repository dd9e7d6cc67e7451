/** The newest daily notes, for the first run of a conversation that was begun anew. */
import { join } from "node:path";
import { openWithin } from "../../../base/open.ts";

export interface StartupLimits {
  readonly dailyMemoryDays: number;
  readonly maxFileBytes: number;
  readonly maxFileChars: number;
  readonly maxTotalChars: number;
}

/** Dates as the notes are named, the newest first: today and the days before it in this time zone. */
export function noteDays(now: number, timezone: string, days: number): readonly string[] {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone: timezone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  const dates = Array.from({ length: Math.min(days, 31) }, (_, at) => format.format(new Date(now - at * 86_400_000)));
  return [...new Set(dates)];
}

/** Notes under their names, the oldest first; empty when there are none. No link leads out of the workspace. */
export async function dailyNotes(workspace: string, days: readonly string[], limits: StartupLimits): Promise<string> {
  const texts: string[] = [];
  let left = limits.maxTotalChars;
  for (const day of days) {
    const name = `memory/${day}.md`;
    const room = Math.min(limits.maxFileChars, left);
    if (room <= 0) break;
    const text = ending(await newest(workspace, name, limits.maxFileBytes), room);
    if (text === "") continue;
    left -= text.length;
    texts.push(`${name}:\n${text}`);
  }
  return texts.toReversed().join("\n\n");
}

/** Whole lines from the end: what was written last is what matters. */
function ending(text: string, room: number): string {
  const trimmed = text.trim();
  if (trimmed.length <= room) return trimmed;
  const tail = trimmed.slice(trimmed.length - room);
  const line = tail.indexOf("\n");
  return `[…]\n${line === -1 || line > tail.length / 2 ? tail.replace(/^[\udc00-\udfff]/, "") : tail.slice(line + 1)}`;
}

/** The last bytes of a file; empty when it is not there, cannot be read or is not in the workspace. */
async function newest(root: string, name: string, maxBytes: number): Promise<string> {
  try {
    const file = await openWithin({ root, path: join(root, name) });
    try {
      const from = Math.max(0, file.size - maxBytes);
      const text = (await file.read(from, maxBytes)).toString("utf8");
      return from === 0 ? text : text.slice(text.indexOf("\n") + 1);
    } finally {
      await file.close();
    }
  } catch {
    return "";
  }
}
