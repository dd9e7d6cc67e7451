/**
 * Bringing the index up to date with the files, one file after another; searches are answered in between. What a
 * file says goes in at once, embeddings come later. Ended at any point, the rest is found again next time.
 */
import { errorText } from "../../../base/errors.ts";
import { sha256 } from "../../../base/ids.ts";
import { chunkLines, linesOf } from "./chunk.ts";
import type { ChunkRule } from "./chunk.ts";
import type { Database } from "./database.ts";
import { findNotes, readNote } from "./notes.ts";
import type { Note, NotePlace } from "./notes.ts";
import { dropFile, putFile } from "./pieces.ts";
import type { FileRow } from "./pieces.ts";
import { scanSessions } from "./sessions.ts";
import type { SessionPlace } from "./sessions.ts";

export interface ScanRequest {
  readonly notes?: NotePlace;
  readonly sessions?: SessionPlace;
  readonly rule: ChunkRule;
  /** Unix epoch milliseconds. */
  readonly now: number;
  /** Reads every file again. */
  readonly force: boolean;
}

export interface ScanReport {
  readonly files: number;
  /** Files of which something was taken in or thrown away. */
  readonly changed: number;
  /** Files that were being written: worth another look soon. */
  readonly unsettled: number;
  readonly skipped: readonly string[];
  readonly folders: readonly string[];
}

export interface Scanning {
  readonly db: Database;
  /** Called with the texts that came or went, after each file. */
  readonly touched: (hashes: readonly string[]) => void;
}

/** A file that was written so short a time before it was read may change again within the same tick of its clock. */
const SETTLED_MS = 2000;

export async function scan(scanning: Scanning, request: ScanRequest): Promise<ScanReport> {
  const { db, touched } = scanning;
  const rule = `1:${request.rule.tokens}:${request.rule.overlap}`;
  const known = new Map(db.all<FileRow>("SELECT * FROM files").map((row) => [row.path, row]));
  const found = request.notes ? await findNotes(request.notes) : { notes: [], folders: [], skipped: [] };
  const skipped = [...found.skipped];
  let changed = 0;
  let unsettled = 0;
  for (const note of found.notes) {
    const row = known.get(note.path);
    known.delete(note.path);
    if (!request.force && row && row.size === note.size && row.mtime === note.mtime && row.rule === rule) continue;
    try {
      const outcome = await take(db, { note, row, rule, request });
      if (outcome === "unsettled") unsettled += 1;
      else if (outcome === "no text") skipped.push(`${note.path}: no text`);
      else if (outcome.length > 0) {
        changed += 1;
        touched(outcome);
      }
    } catch (error) {
      if (isOfSqlite(error)) throw error;
      skipped.push(`${note.path}: ${errorText(error)}`);
    }
  }
  const sessions = request.sessions
    ? await scanSessions(scanning, { place: request.sessions, known, rule, request })
    : { files: 0, changed: 0 };
  for (const [path] of known) {
    const { hashes } = dropFile(db, path);
    changed += 1;
    touched(hashes);
  }
  return {
    files: found.notes.length + sessions.files,
    changed: changed + sessions.changed,
    unsettled,
    skipped: skipped.slice(0, 100),
    folders: found.folders,
  };
}

function isOfSqlite(error: unknown): boolean {
  return error !== null && typeof error === "object" && "errcode" in error;
}

async function take(
  db: Database,
  { note, row, rule, request }: { note: Note; row: FileRow | undefined; rule: string; request: ScanRequest },
): Promise<readonly string[] | "unsettled" | "no text"> {
  const read = await readNote(note);
  if (read === undefined) return "unsettled";
  if (read === "no text") {
    if (row) dropFile(db, note.path);
    return "no text";
  }
  const hash = sha256(read.text);
  const mtime = request.now - read.mtime < SETTLED_MS ? 0 : read.mtime;
  const file: FileRow = { path: note.path, source: "memory", hash, mtime, size: read.size, rule, cursor: null };
  if (!request.force && row?.hash === hash && row.rule === rule) {
    db.write((connection) =>
      connection.run("UPDATE files SET mtime = ?, size = ? WHERE path = ?", mtime, read.size, note.path),
    );
    return [];
  }
  return putFile(db, file, chunkLines(linesOf(read.text), request.rule)).hashes;
}
