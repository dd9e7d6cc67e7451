/** Putting the pieces of a file in the place of those that were there. Only what changed is touched. */
import { sha256 } from "../../../base/ids.ts";
import type { Chunk } from "./chunk.ts";
import type { Database, Writing } from "./database.ts";
import { followCodes } from "./codes.ts";
import { spread } from "./words.ts";

export type Source = "memory" | "sessions";

export interface FileRow {
  readonly path: string;
  readonly source: Source;
  readonly hash: string;
  readonly mtime: number;
  readonly size: number;
  /** How it was cut. */
  readonly rule: string;
  readonly cursor: string | null;
}

export interface Change {
  readonly added: number;
  readonly removed: number;
  /** Texts that came or went: what depends on them has to be looked at. */
  readonly hashes: readonly string[];
}

interface ChunkRow {
  readonly id: number;
  readonly key: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly hash: string;
}

/** In one transaction. With `grown` the pieces are added to those that are there. */
export function putFile(db: Database, file: FileRow, chunks: readonly Chunk[], grown = false): Change {
  return db.write((connection) => {
    const rows = connection.all<ChunkRow>(
      "SELECT id, key, start_line, end_line, hash FROM chunks WHERE path = ?",
      file.path,
    );
    const before = new Map(rows.map((row) => [row.key, row]));
    const wanted = keyed(file.path, chunks, grown ? rows.map(({ hash }) => hash) : []);
    const hashes: string[] = [];
    let added = 0;
    for (const [key, chunk] of wanted) {
      const old = before.get(key);
      if (old === undefined) {
        insert(connection, db, { file, key, chunk });
        hashes.push(chunk.hash);
        added += 1;
      } else if (old.start_line !== chunk.startLine || old.end_line !== chunk.endLine) {
        connection.run(
          "UPDATE chunks SET start_line = ?, end_line = ? WHERE id = ?",
          chunk.startLine,
          chunk.endLine,
          old.id,
        );
      }
    }
    const gone = grown ? [] : rows.filter(({ key }) => !wanted.has(key));
    for (const row of gone) {
      drop(connection, row.id);
      hashes.push(row.hash);
    }
    connection.run(
      "INSERT OR REPLACE INTO files (path, source, hash, mtime, size, rule, cursor) VALUES (?, ?, ?, ?, ?, ?, ?)",
      file.path,
      file.source,
      file.hash,
      file.mtime,
      file.size,
      file.rule,
      file.cursor,
    );
    followCodes(connection, hashes);
    return { added, removed: gone.length, hashes };
  });
}

export function dropFile(db: Database, path: string): Change {
  return db.write((connection) => {
    const rows = connection.all<ChunkRow>("SELECT id, hash FROM chunks WHERE path = ?", path);
    for (const { id } of rows) drop(connection, id);
    connection.run("DELETE FROM files WHERE path = ?", path);
    const hashes = rows.map(({ hash }) => hash);
    followCodes(connection, hashes);
    return { added: 0, removed: rows.length, hashes };
  });
}

function insert(
  connection: Writing,
  db: Database,
  { file, key, chunk }: { file: FileRow; key: string; chunk: Chunk },
): void {
  const { lastInsertRowid } = connection.run(
    "INSERT INTO chunks (key, path, source, start_line, end_line, hash, text) VALUES (?, ?, ?, ?, ?, ?, ?)",
    key,
    file.path,
    file.source,
    chunk.startLine,
    chunk.endLine,
    chunk.hash,
    chunk.text,
  );
  connection.run(
    "INSERT INTO chunks_fts (rowid, text) VALUES (?, ?)",
    lastInsertRowid,
    spread(chunk.text, db.tokenizer),
  );
}

function drop(connection: Writing, id: number): void {
  connection.run("DELETE FROM chunks_fts WHERE rowid = ?", id);
  connection.run("DELETE FROM chunks WHERE id = ?", id);
}

/** The same text twice in a file is told apart by counting. */
function keyed(path: string, chunks: readonly Chunk[], before: readonly string[]): Map<string, Chunk> {
  const seen = new Map<string, number>();
  for (const hash of before) seen.set(hash, (seen.get(hash) ?? 0) + 1);
  const keys = new Map<string, Chunk>();
  for (const chunk of chunks) {
    const nth = seen.get(chunk.hash) ?? 0;
    seen.set(chunk.hash, nth + 1);
    keys.set(sha256(`${path}\0${chunk.hash}\0${nth}`).slice(0, 40), chunk);
  }
  return keys;
}
