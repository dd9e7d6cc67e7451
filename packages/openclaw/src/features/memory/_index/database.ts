/**
 * The file of an index: one connection that writes, one that only reads. Everything in it can be made again from
 * the notes, so a file that is damaged or of another layout is put aside and a new one begun.
 */
import { DatabaseSync } from "node:sqlite";
import type { SQLInputValue, StatementSync } from "node:sqlite";
import { dirname } from "node:path";
import { ensureDir, exists, makePrivateFile, move, remove } from "../../../base/files.ts";
import { errorText } from "../../../base/errors.ts";
import { SCHEMA, LAYOUT, ftsTables } from "./schema.ts";
import { spread } from "./words.ts";
import type { Tokenizer } from "./words.ts";

/** Marks the file as ours (`PRAGMA application_id`). */
const APPLICATION = 0x4f_43_4d_49;
const BUSY_MS = 5000;
/** https://www.sqlite.org/rescode.html */
const CORRUPT = 11;
const NOTADB = 26;

export type Param = SQLInputValue;

export class Database {
  readonly path: string;
  readonly tokenizer: Tokenizer;
  readonly #writer: DatabaseSync;
  readonly #reader: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  /** In how many pieces words stand; until something is written. */
  readonly frequencies = new Map<string, number>();

  constructor(path: string, tokenizer: Tokenizer, connections: { writer: DatabaseSync; reader: DatabaseSync }) {
    this.path = path;
    this.tokenizer = tokenizer;
    this.#writer = connections.writer;
    this.#reader = connections.reader;
  }

  /** Rows, over the connection that cannot write. */
  all<T>(sql: string, ...params: Param[]): T[] {
    return this.#statement(this.#reader, `r ${sql}`, sql).all(...params) as T[];
  }

  get<T>(sql: string, ...params: Param[]): T | undefined {
    return this.#statement(this.#reader, `r ${sql}`, sql).get(...params) as T | undefined;
  }

  iterate<T>(sql: string, ...params: Param[]): Iterable<T> {
    return this.#statement(this.#reader, `r ${sql}`, sql).iterate(...params) as Iterable<T>;
  }

  /** Runs `work` in one transaction: all of it happens or nothing. */
  write<T>(work: (connection: Writing) => T): T {
    this.frequencies.clear();
    this.#writer.exec("BEGIN IMMEDIATE");
    try {
      const result = work(this.#writing);
      this.#writer.exec("COMMIT");
      return result;
    } catch (error) {
      if (this.#writer.isTransaction) this.#writer.exec("ROLLBACK");
      throw error;
    }
  }

  meta(key: string): string | undefined {
    return this.get<{ value: string }>("SELECT value FROM meta WHERE key = ?", key)?.value;
  }

  /** Changes whenever another process writes, not when this one does. */
  version(): number {
    return this.#writing.get<{ data_version: number }>("PRAGMA data_version")?.data_version ?? 0;
  }

  /** Gives a little of what was freed back to the disk. */
  tidy(): void {
    this.#writer.exec("PRAGMA incremental_vacuum(2000)");
  }

  close(): void {
    this.#statements.clear();
    this.#reader.close();
    this.#writer.close();
  }

  readonly #writing: Writing = {
    run: (sql, ...params) => this.#changing(sql).run(...params) as { lastInsertRowid: bigint; changes: bigint },
    all: <T>(sql: string, ...params: Param[]) => this.#statement(this.#writer, `w ${sql}`, sql).all(...params) as T[],
    get: <T>(sql: string, ...params: Param[]) =>
      this.#statement(this.#writer, `w ${sql}`, sql).get(...params) as T | undefined,
  };

  /** FTS5 leaves row numbers of its own behind that no JavaScript number can hold. */
  #changing(sql: string): StatementSync {
    const statement = this.#statement(this.#writer, `c ${sql}`, sql);
    statement.setReadBigInts(true);
    return statement;
  }

  #statement(connection: DatabaseSync, key: string, sql: string): StatementSync {
    let statement = this.#statements.get(key);
    if (statement === undefined) {
      statement = connection.prepare(sql);
      this.#statements.set(key, statement);
    }
    return statement;
  }
}

/** The connection inside a transaction. */
export interface Writing {
  run(sql: string, ...params: Param[]): { lastInsertRowid: bigint; changes: bigint };
  all<T>(sql: string, ...params: Param[]): T[];
  get<T>(sql: string, ...params: Param[]): T | undefined;
}

/** Opens or makes an index. `notes` receives what a person should know about it. Throws errors of SQLite. */
export async function openDatabase(path: string, tokenizer: Tokenizer, notes: string[]): Promise<Database> {
  await ensureDir(dirname(path));
  try {
    return await opened(path, tokenizer, notes);
  } catch (error) {
    if (!isDamaged(error)) throw error;
    await putAside(path, "damaged");
    notes.push(`The index ${path} was damaged (${errorText(error)}); it is made anew.`);
    return opened(path, tokenizer, notes);
  }
}

function isDamaged(error: unknown): boolean {
  if (error === null || typeof error !== "object" || !("errcode" in error)) return false;
  const code = Number(error.errcode) & 0xff;
  return code === CORRUPT || code === NOTADB;
}

async function opened(path: string, tokenizer: Tokenizer, notes: string[]): Promise<Database> {
  await makePrivateFile(path);
  const writer = new DatabaseSync(path, { timeout: BUSY_MS });
  try {
    if (isForeign(writer)) {
      writer.close();
      await putAside(path, "previous");
      notes.push(`${path} was an index of another version; it was put aside and a new one is made.`);
      return await opened(path, tokenizer, notes);
    }
    prepare(writer, tokenizer);
    const reader = new DatabaseSync(path, { readOnly: true, timeout: BUSY_MS });
    reader.exec("PRAGMA cache_size = -16000");
    return new Database(path, tokenizer, { writer, reader });
  } catch (error) {
    if (writer.isOpen) writer.close();
    throw error;
  }
}

function isForeign(db: DatabaseSync): boolean {
  const application = Number(db.prepare("PRAGMA application_id").get()?.["application_id"]);
  const layout = Number(db.prepare("PRAGMA user_version").get()?.["user_version"]);
  if (application === APPLICATION) return layout !== LAYOUT;
  return Number(db.prepare("SELECT count(*) AS n FROM sqlite_master").get()?.["n"]) > 0;
}

/** Makes the tables; makes those of the words anew when they are to be found in another way. */
function prepare(db: DatabaseSync, tokenizer: Tokenizer): void {
  db.exec(
    "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 8388608",
  );
  const has = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'meta'").get() !== undefined;
  const known = has ? db.prepare("SELECT value FROM meta WHERE key = 'tokenizer'").get()?.["value"] : undefined;
  if (Object.is(known, tokenizer)) return;
  db.exec("BEGIN IMMEDIATE");
  try {
    db.exec(SCHEMA);
    db.exec(ftsTables(tokenizer));
    const add = db.prepare("INSERT INTO chunks_fts (rowid, text) VALUES (?, ?)");
    add.setReadBigInts(true);
    for (const row of db.prepare("SELECT id, text FROM chunks").iterate())
      add.run(row["id"] as number, spread(row["text"] as string, tokenizer));
    db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('tokenizer', ?)").run(tokenizer);
    db.exec(`PRAGMA application_id = ${APPLICATION}; PRAGMA user_version = ${LAYOUT}`);
    db.exec("COMMIT");
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

async function putAside(path: string, why: string): Promise<void> {
  for (const end of ["", "-wal", "-shm"]) {
    await remove(`${path}.${why}${end}`);
    if (await exists(`${path}${end}`)) await move(`${path}${end}`, `${path}.${why}${end}`);
  }
}
