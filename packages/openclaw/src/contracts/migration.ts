/** Tables and their history. Migrations run once, in order of id, each in its own transaction. */

export interface Migration {
  /** `0001-inbox`: sortable, never changed once released. */
  readonly id: string;
  /** SQL statements (SQLite). */
  readonly up: string;
}

export function defineMigration(migration: Migration): Migration {
  return migration;
}
