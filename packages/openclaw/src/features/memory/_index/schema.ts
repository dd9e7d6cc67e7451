/** Tables of an index. */
import { TOKENIZE } from "./words.ts";
import type { Tokenizer } from "./words.ts";

/** Number of this layout; a file with another is made anew. */
export const LAYOUT = 1;

/**
 * `files`: what was taken in, and how it looked then. `cursor` is where the next text of a growing file begins.
 * `chunks`: its pieces; `key` is path, text and occurrence, so it stays while the text stays.
 * `models`: who computed embeddings. `vectors`: embeddings by text, 32-bit floats of length 1; those that no piece
 * has any more are kept for a while. `codes`: short forms of those that pieces have, for the first look at many.
 */
export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    hash TEXT NOT NULL,
    mtime REAL NOT NULL,
    size INTEGER NOT NULL,
    rule TEXT NOT NULL,
    cursor TEXT
  ) STRICT;
  CREATE TABLE IF NOT EXISTS chunks (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    path TEXT NOT NULL,
    source TEXT NOT NULL,
    start_line INTEGER NOT NULL,
    end_line INTEGER NOT NULL,
    hash TEXT NOT NULL,
    text TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS chunks_path ON chunks (path);
  CREATE INDEX IF NOT EXISTS chunks_hash ON chunks (hash);
  CREATE TABLE IF NOT EXISTS models (
    id INTEGER PRIMARY KEY,
    fingerprint TEXT NOT NULL UNIQUE,
    label TEXT NOT NULL,
    dimensions INTEGER NOT NULL,
    centre BLOB
  ) STRICT;
  CREATE TABLE IF NOT EXISTS vectors (
    id INTEGER PRIMARY KEY,
    model INTEGER NOT NULL,
    hash TEXT NOT NULL,
    embedding BLOB NOT NULL,
    UNIQUE (model, hash)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS codes (id INTEGER PRIMARY KEY, model INTEGER NOT NULL, code BLOB NOT NULL) STRICT;
`;

/** The words of the pieces, without their text. */
export function ftsTables(tokenizer: Tokenizer): string {
  return `
    DROP TABLE IF EXISTS chunks_words;
    DROP TABLE IF EXISTS chunks_fts;
    CREATE VIRTUAL TABLE chunks_fts USING fts5 (
      text, content = '', contentless_delete = 1, tokenize = "${TOKENIZE[tokenizer]}"
    );
    CREATE VIRTUAL TABLE chunks_words USING fts5vocab (chunks_fts, row);
  `;
}
