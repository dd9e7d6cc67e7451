/** Reading a `sessions.json` that others wrote: an installation that is taken over, or an edit while we were away. */
import { dirname, join } from "node:path";
import { Fault } from "../base/errors.ts";
import { exists, keepAs, readText } from "../base/files.ts";
import type { Log } from "../base/log.ts";
import type { SessionEntry, SessionRow, Store } from "./ports/index.ts";
import type { SessionFiles } from "./session-files.ts";
import { SAFE_NAME } from "./names.ts";

interface Deps {
  readonly store: Pick<Store, "sessions">;
  readonly files: SessionFiles;
  readonly log: Log;
}

const MAX_FILE = 64 * 1024 * 1024;

export function readIndex(path: string): Promise<string | undefined> {
  return readText(path, MAX_FILE);
}

/** Every entry of a file whose agent the database does not know. Returns how many. Throws for a broken file. */
export async function takeOver(deps: Deps, agentId: string, path: string): Promise<number> {
  const { rows, skipped } = await rowsIn(deps, agentId, path);
  for (const row of rows) {
    await nameTranscript(row, path);
    await add(deps.store, row);
  }
  if (rows.length + skipped > 0)
    deps.log.info("sessions were taken over from sessions.json", { path, sessions: rows.length, skipped });
  return rows.length;
}

/**
 * What somebody changed in the file while no gateway ran: new entries come in, entries that are newer than the row
 * replace it, rows that are gone from the file go. Transcripts stay where they are. Returns how many changed.
 */
export async function reconcile(deps: Deps, agentId: string, path: string): Promise<number> {
  const { rows } = await rowsIn(deps, agentId, path);
  const known = await deps.store.sessions.list({ agentId, archived: "all", limit: 1_000_000, offset: 0 });
  const inFile = new Map(rows.map((row) => [row.key, row]));
  const inStore = new Map(known.rows.map((row) => [row.key, row]));
  let changes = 0;
  for (const row of rows) {
    const ours = inStore.get(row.key);
    if (!ours) await add(deps.store, row);
    else if (!isEdited(ours.entry, row.entry)) continue;
    else {
      const gone = Object.keys(ours.entry).filter((name) => !(name in row.entry));
      await deps.store.sessions.patch(row.key, {
        set: { ...Object.fromEntries(gone.map((name) => [name, null])), ...row.entry },
      });
    }
    changes += 1;
  }
  for (const { key } of known.rows) {
    if (inFile.has(key)) continue;
    await deps.store.sessions.delete(key);
    changes += 1;
  }
  if (changes > 0) deps.log.info("sessions.json was edited; its changes were taken over", { path, changes });
  return changes;
}

function isEdited(ours: SessionEntry, theirs: SessionEntry): boolean {
  return theirs.updatedAt >= ours.updatedAt && JSON.stringify(ours) !== JSON.stringify(theirs);
}

async function add({ sessions }: Deps["store"], row: SessionRow): Promise<void> {
  await sessions.ensure(row).catch((error: unknown) => {
    if (!(error instanceof Fault) || error.code !== "LABEL_IN_USE") throw error;
    const { label: _, ...unlabelled } = row.entry;
    return sessions.ensure({ ...row, entry: unlabelled as SessionEntry });
  });
}

/** The rows of a file. Of several entries with the same key in canonical form the newest counts. */
async function rowsIn({ files }: Deps, agentId: string, path: string) {
  const text = await readIndex(path);
  const value: unknown = text === undefined ? {} : JSON.parse(text);
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw new Error("it is not an object of sessions");
  const rows = new Map<string, SessionRow>();
  let skipped = 0;
  for (const [written, entry] of Object.entries(value)) {
    const named = isEntry(entry) ? files.canonical(written, entry, agentId) : undefined;
    if (!isEntry(entry) || !named) {
      skipped += 1;
      continue;
    }
    const before = rows.get(named.key);
    if (before && before.entry.updatedAt > entry.updatedAt) skipped += 1;
    else rows.set(named.key, { ...named, entry });
  }
  return { rows: [...rows.values()], skipped };
}

/**
 * A transcript with a name of its own (`sessionFile`, or `<sessionId>-topic-<thread>.jsonl`) is given the usual name
 * as well: it is one file under two names.
 */
async function nameTranscript({ key, entry }: SessionRow, index: string): Promise<void> {
  const folder = dirname(index);
  const usual = join(folder, `${entry.sessionId}.jsonl`);
  if (await exists(usual)) return;
  const topic = /:(?:topic|thread):([^:/\\]+)$/.exec(key)?.[1];
  const explicit = entry["sessionFile"];
  const candidates = [
    ...(typeof explicit === "string" && dirname(explicit) === folder ? [explicit] : []),
    ...(topic === undefined ? [] : [join(folder, `${entry.sessionId}-topic-${topic}.jsonl`)]),
  ];
  for (const candidate of candidates) {
    if (!(await exists(candidate))) continue;
    await keepAs(candidate, usual);
    return;
  }
}

function isEntry(value: unknown): value is SessionEntry {
  if (value === null || typeof value !== "object") return false;
  const { sessionId, updatedAt } = value as Partial<SessionEntry>;
  return typeof sessionId === "string" && SAFE_NAME.test(sessionId) && Number.isFinite(updatedAt);
}
