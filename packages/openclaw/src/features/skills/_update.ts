/** Changes of `skills.entries.<key>` in the configuration file. */
import { formatPath, valueAt } from "../config/index.ts";
import type { ConfigService, Segment } from "../config/index.ts";
import { errors } from "./errors.ts";

interface EntryChange {
  readonly skillKey: string;
  readonly enabled?: boolean;
  /** Empty takes it away. */
  readonly apiKey?: string;
  /** By name; an empty value takes it away. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What stands for a hidden value in answers (`ConfigService.redact`). */
const MARK = "__OPENCLAW_REDACTED__";

/** Resolves with the entry as clients may see it, once the change is in force. Throws `SKILL_SECRET_ECHO`. */
export async function updateEntry(config: ConfigService, change: EntryChange): Promise<unknown> {
  const entry: readonly Segment[] = ["skills", "entries", change.skillKey];
  const wishes: [readonly Segment[], unknown][] = [
    ...(change.enabled === undefined ? [] : [[[...entry, "enabled"], change.enabled] as [Segment[], unknown]]),
    ...(change.apiKey === undefined ? [] : [[[...entry, "apiKey"], change.apiKey.trim()] as [Segment[], unknown]]),
    ...Object.entries(change.env ?? {}).map(([name, value]): [Segment[], unknown] => [[...entry, "env", name], value]),
  ];
  const echo = wishes.find(([, value]) => typeof value === "string" && value.includes(MARK));
  if (echo) throw errors.SKILL_SECRET_ECHO({ path: formatPath(echo[0]) });
  for (const [segments, value] of wishes) {
    const path = formatPath(segments);
    if (value !== "") await config.edit({ path, value });
    else if (valueAt((await config.read()).resolved, segments) !== undefined) await config.edit({ path, remove: true });
  }
  const stored = valueAt((await config.read()).resolved, entry) ?? {};
  return config.redact(stored, formatPath(entry));
}
