/** A database connection with its prepared statements. Synchronous; used by the writer and the ports only. */
import { DatabaseSync } from "node:sqlite";
import type { SQLInputValue, StatementSync } from "node:sqlite";
import { Parsed } from "./_parsed.ts";

export type Param = SQLInputValue;

/** How long SQLite waits for another process that holds the database. */
const BUSY_MS = 2000;

export class Connection {
  readonly path: string;
  /** Entries of sessions. */
  readonly entries = new Parsed();
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(path: string) {
    this.path = path;
    this.#db = new DatabaseSync(path, { timeout: BUSY_MS, enableForeignKeyConstraints: true });
  }

  /** Every commit is on disk when it returns. Changes the file: only after its version was checked. */
  makeDurable(): void {
    this.#db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 8388608");
  }

  exec(sql: string): void {
    this.#db.exec(sql);
  }

  all<T>(sql: string, ...params: Param[]): T[] {
    return this.#prepare(sql).all(...params) as T[];
  }

  get<T>(sql: string, ...params: Param[]): T | undefined {
    return this.#prepare(sql).get(...params) as T | undefined;
  }

  /** Rows changed. */
  run(sql: string, ...params: Param[]): number {
    return Number(this.#prepare(sql).run(...params).changes);
  }

  get inTransaction(): boolean {
    return this.#db.isTransaction;
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
