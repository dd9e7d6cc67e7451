/** The embedded store: one SQLite file, one writer. */
import { dirname } from "node:path";
import { ensureDir, info, makePrivateFile } from "../../base/files.ts";
import type { Log } from "../../base/log.ts";
import type { Clock } from "../../base/time.ts";
import type { Migration } from "../../contracts/migration.ts";
import type { Store, Turns } from "../ports/index.ts";
import type { Adapter } from "./_adapter.ts";
import { auditPort } from "./_audit.ts";
import { Connection } from "./_connection.ts";
import { devicesPort } from "./_devices.ts";
import { storeFailure } from "./_failure.ts";
import { inboxPort } from "./_inbox.ts";
import { kvPort } from "./_kv.ts";
import { appliedMigrations, migrate, refuseNewer } from "./_migrate.ts";
import { outboxPort } from "./_outbox.ts";
import { runEventsPort } from "./_run-events.ts";
import type { RunEventsPort } from "./_run-events.ts";
import { sessionGroupsPort } from "./_session-groups.ts";
import { sessionsPort } from "./_sessions.ts";
import { subagentsPort } from "./_subagents.ts";
import { systemEventsPort } from "./_system-events.ts";
import { turnsPort } from "./_turns.ts";
import { usagePort } from "./_usage.ts";
import { Writer } from "./_writer.ts";

export interface SqliteOptions {
  /** File of the database, or `:memory:`. */
  readonly path: string;
  readonly migrations: readonly Migration[];
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Opens the database and brings it up to date. Throws `STORE_NEWER`, `STORE_DAMAGED`,
 * `STORE_UNWRITABLE`, `DISK_FULL`, `STORE_BUSY` or `MIGRATION_FAILED`; the file is then as it was.
 */
export async function openSqliteStore(options: SqliteOptions): Promise<Store> {
  const { path, clock, log } = options;
  try {
    if (path !== ":memory:") {
      await ensureDir(dirname(path));
      await makePrivateFile(path);
    }
    const connection = openConnection(options);
    return storeOn({ connection, writer: new Writer(connection), clock, log });
  } catch (error) {
    throw storeFailure(error, path);
  }
}

function openConnection({ path, migrations, clock }: SqliteOptions): Connection {
  const connection = new Connection(path);
  try {
    const applied = appliedMigrations(connection);
    refuseNewer(path, applied, migrations);
    connection.makeDurable();
    migrate(connection, applied, migrations, clock.now());
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function storeOn(adapter: Adapter): Store {
  const { connection, writer } = adapter;
  const audit = auditPort(adapter);
  const runEvents = runEventsPort(adapter);
  let closing: Promise<void> | undefined;

  const close = async () => {
    void audit.flush();
    void runEvents.flush();
    writer.close();
    connection.close();
  };
  return {
    inbox: inboxPort(adapter),
    turns: withFacts(turnsPort(adapter), runEvents),
    outbox: outboxPort(adapter),
    sessions: sessionsPort(adapter),
    sessionGroups: sessionGroupsPort(adapter),
    subagents: subagentsPort(adapter),
    systemEvents: systemEventsPort(adapter),
    usage: usagePort(adapter),
    devices: devicesPort(adapter),
    kv: kvPort(adapter),
    audit,
    runEvents,
    async info() {
      const schema = await writer.read(() => appliedMigrations(connection).at(-1) ?? "none");
      const [file, wal] = await Promise.all([info(connection.path), info(`${connection.path}-wal`)]);
      return { path: connection.path, bytes: (file?.size ?? 0) + (wal?.size ?? 0), schema };
    },
    close: () => (closing ??= close()),
  };
}

/** What is known of a run is on disk when its turn is. */
function withFacts(turns: Turns, facts: RunEventsPort): Turns {
  return {
    ...turns,
    finish(id, end) {
      void facts.flush();
      return turns.finish(id, end);
    },
  };
}
