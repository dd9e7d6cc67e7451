import type { SessionGroup, SessionGroupRow, SessionGroups, SessionRow } from "../ports/index.ts";
import type { Adapter } from "./_adapter.ts";
import type { Connection } from "./_connection.ts";
import { patchSession } from "./_sessions.ts";
import { int, value } from "./_values.ts";

const CATEGORY = "json_extract(entry, '$.category')";

export function sessionGroupsPort(adapter: Adapter): SessionGroups {
  const { connection, writer } = adapter;
  return {
    list: () => writer.read(() => listed(connection)),
    put: (group, position) =>
      writer.write(() => {
        const names = made(connection).map(({ name }) => name);
        const others = names.filter((name) => name !== group.name);
        const before = names.indexOf(group.name);
        const at = position ?? (before < 0 ? others.length : before);
        store(connection, group);
        arrange(connection, others.toSpliced(at, 0, group.name));
      }),
    rename: (from, to) =>
      writer.write(() => {
        if (isThere(connection, to)) return undefined;
        connection.run(
          "UPDATE session_groups SET name = ?, data = json_set(data, '$.name', ?) WHERE name = ?",
          to,
          to,
          from,
        );
        return moveSessions(adapter, from, to);
      }),
    remove: (name) =>
      writer.write(() => {
        connection.run("DELETE FROM session_groups WHERE name = ?", name);
        return moveSessions(adapter, name, null);
      }),
  };
}

function listed(connection: Connection): SessionGroupRow[] {
  const counted = connection.all<{ name: string; sessions: number }>(
    `SELECT ${CATEGORY} AS name, count(*) AS sessions FROM sessions
     WHERE json_type(entry, '$.category') = 'text' GROUP BY name ORDER BY name`,
  );
  const counts = new Map(counted.map(({ name, sessions }) => [name, sessions]));
  const groups = made(connection);
  const known = new Set(groups.map(({ name }) => name));
  return [
    ...groups.map((group) => ({ ...group, sessions: counts.get(group.name) ?? 0 })),
    ...counted.filter(({ name }) => !known.has(name)).map(({ name, sessions }) => ({ name, sessions })),
  ];
}

function made(connection: Connection): SessionGroup[] {
  return connection
    .all<{ data: string }>("SELECT data FROM session_groups ORDER BY position, name")
    .map(({ data }) => value<SessionGroup>(data));
}

function store(connection: Connection, group: SessionGroup): void {
  connection.run(
    `INSERT INTO session_groups (name, position, data) VALUES (?, 0, ?)
     ON CONFLICT (name) DO UPDATE SET data = excluded.data`,
    group.name,
    JSON.stringify(group),
  );
}

function arrange(connection: Connection, names: readonly string[]): void {
  for (const [position, name] of names.entries())
    connection.run("UPDATE session_groups SET position = ? WHERE name = ?", int(position), name);
}

function isThere(connection: Connection, name: string): boolean {
  return (
    connection.get("SELECT 1 FROM session_groups WHERE name = ?", name) !== undefined ||
    connection.get(`SELECT 1 FROM sessions WHERE ${CATEGORY} = ?`, name) !== undefined
  );
}

/** When they were last used stays as it is. */
function moveSessions(adapter: Adapter, from: string, to: string | null): SessionRow[] {
  const rows = adapter.connection.all<{ key: string; updated_at: number }>(
    `SELECT key, updated_at FROM sessions WHERE ${CATEGORY} = ?`,
    from,
  );
  return rows.flatMap(
    ({ key, updated_at }) => patchSession(adapter, key, { set: { category: to, updatedAt: updated_at } }) ?? [],
  );
}
