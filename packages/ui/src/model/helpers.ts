/** Helpers: sessions that the assistant started for a part of its work. Pure. */
import type { SessionRow } from "openclaw/client";
import type { ToolView } from "./tool-view.ts";

/** Helpers by the session that started them, oldest first. Those whose starter is not listed have none. */
export function helpersOf(rows: readonly SessionRow[]): ReadonlyMap<string, readonly SessionRow[]> {
  const keys = new Set(rows.map(({ key }) => key));
  const own = rows.filter(({ key, spawnedBy }) => spawnedBy !== undefined && spawnedBy !== key && keys.has(spawnedBy));
  return Map.groupBy(own.toReversed(), ({ spawnedBy }) => spawnedBy ?? "");
}

/** Whatever a session started, theirs included. */
export function below(
  key: string,
  helpers: ReadonlyMap<string, readonly SessionRow[]>,
  met: ReadonlySet<string> = new Set(),
): readonly SessionRow[] {
  if (met.has(key)) return [];
  return (helpers.get(key) ?? []).flatMap((row) => [row, ...below(row.key, helpers, new Set([...met, key]))]);
}

/** The session that a call started; undefined for any other call, or while it is not known. */
export function startedBy({ name, output }: ToolView): string | undefined {
  if (name !== "sessions_spawn") return undefined;
  return /"childSessionKey":\s*"([^"]+)"/.exec(output)?.[1];
}

export interface Report {
  readonly name: string;
  readonly status: string;
  readonly result: string;
}

/** What the report of a helper says to people; undefined when it is not one. */
export function readReport(text: string): Report | undefined {
  const head = /^A sub-agent that you started has ended: (.*)\n+Status: (\w+)/.exec(text);
  if (head === null) return undefined;
  const body = /\nResult:\n([\s\S]*?)\n\n(?:Notes|Stats): /.exec(text)?.[1] ?? "";
  const notes = /\n\nNotes: (.*)/.exec(text)?.[1];
  return { name: head[1] ?? "", status: head[2] ?? "", result: [inner(body), notes].filter(Boolean).join("\n\n") };
}

/** What stands between the marks that are put around words of others. */
function inner(text: string): string {
  const marked = /<<<[^\n]*>>>\n([\s\S]*?)\n<<<[^\n]*>>>/.exec(text)?.[1];
  if (marked === undefined) return text.trim();
  return (/\n---\n([\s\S]*)/.exec(`\n${marked}`)?.[1] ?? marked).trim();
}
