import { errorText } from "../../base/errors.ts";
import type { Migration } from "../../contracts/migration.ts";
import { errors } from "../errors.ts";
import type { Connection } from "./_connection.ts";
import { storeFailure } from "./_failure.ts";

/** Ids of the migrations a database has had; reads only. */
export function appliedMigrations(connection: Connection): string[] {
  const table = connection.get("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'");
  if (table === undefined) return [];
  return connection.all<{ id: string }>("SELECT id FROM schema_migrations ORDER BY id").map(({ id }) => id);
}

/**
 * Throws `STORE_NEWER` when the database has a migration later than every one known here. Unknown
 * ones in between belong to features that this build does not have; their tables are left alone.
 */
export function refuseNewer(path: string, applied: readonly string[], migrations: readonly Migration[]): void {
  const known = migrations.reduce((last, { id }) => (id > last ? id : last), "");
  const newer = applied.filter((id) => id > known);
  if (newer.length > 0)
    throw errors.STORE_NEWER({ path, found: newer.join(", "), known: known === "" ? "none" : known });
}

/** Runs what is missing, in order of id, each in a transaction of its own. */
export function migrate(
  connection: Connection,
  applied: readonly string[],
  migrations: readonly Migration[],
  now: number,
): void {
  const missing = migrations.filter(({ id }) => !applied.includes(id)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  if (missing.length === 0) return;
  connection.exec(
    "CREATE TABLE IF NOT EXISTS schema_migrations (id TEXT PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT",
  );
  for (const migration of missing) apply(connection, migration, now);
}

function apply(connection: Connection, { id, up }: Migration, now: number): void {
  connection.exec("BEGIN IMMEDIATE");
  try {
    connection.exec(up);
    connection.run("INSERT INTO schema_migrations (id, applied_at) VALUES (?, ?)", id, now);
    connection.exec("COMMIT");
  } catch (error) {
    if (connection.inTransaction) connection.exec("ROLLBACK");
    const failure = storeFailure(error, connection.path);
    throw failure === error
      ? errors.MIGRATION_FAILED({ path: connection.path, id, reason: errorText(error) }).with({ cause: error })
      : failure;
  }
}
