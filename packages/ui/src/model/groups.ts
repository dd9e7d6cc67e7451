/** The list of conversations in groups: other channels by name, the rest by recency. */
import type { SessionRow } from "openclaw/client";
import { t } from "../i18n/index.ts";
import { ageOf } from "../lib/time.ts";

export interface Group {
  readonly id: string;
  readonly title: string;
  readonly rows: readonly SessionRow[];
}

/** Channels whose conversations are held on this page. */
const HERE = ["webchat", "dashboard", "control-ui", "cli", ""];
const AGES = ["today", "yesterday", "week", "older"] as const;

/** The main conversation stands first, then recent ones, then one group for each channel. Order within is kept. */
export function groupSessions(rows: readonly SessionRow[], now: number): Group[] {
  const groups = new Map<string, SessionRow[]>();
  const put = (id: string, row: SessionRow) => groups.set(id, [...(groups.get(id) ?? []), row]);
  const keys = new Set(rows.map(({ key }) => key));
  for (const row of rows) {
    // Helpers stand beneath the conversation that started them.
    if (row.spawnedBy !== undefined && keys.has(row.spawnedBy)) continue;
    const channel = row.channel ?? "";
    if (row.isMain === true || HERE.includes(channel))
      put(row.isMain === true ? "today" : ageOf(row.updatedAt ?? now, now), row);
    else put(channel, row);
  }
  const recent = AGES.flatMap((age) => {
    const found = groups.get(age);
    return found === undefined ? [] : [{ id: age, title: t(`group.${age}`), rows: mainFirst(found) }];
  });
  const channels = [...groups.keys()].filter((id) => !AGES.some((age) => age === id)).toSorted();
  return [...recent, ...channels.map((id) => ({ id, title: capital(id), rows: groups.get(id) ?? [] }))];
}

function mainFirst(rows: readonly SessionRow[]): readonly SessionRow[] {
  return rows.toSorted((a, b) => Number(b.isMain === true) - Number(a.isMain === true));
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
