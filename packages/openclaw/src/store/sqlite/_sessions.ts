import { errors } from "../errors.ts";
import type { SessionEntry, SessionFilter, SessionPatch, SessionRow, Sessions } from "../ports/index.ts";
import type { Adapter } from "./_adapter.ts";
import type { Connection, Param } from "./_connection.ts";
import { int, value } from "./_values.ts";

interface Row {
  key: string;
  agent_id: string;
  entry: string;
}

const COLUMNS = "key, agent_id, entry";

export function sessionsPort(adapter: Adapter): Sessions {
  const { connection, writer } = adapter;
  return {
    get: (key) => writer.read(() => findSession(connection, key)),
    ensure: (row) =>
      writer.write(() => {
        const known = findSession(connection, row.key);
        if (known) return { created: false, row: known };
        refuseTakenLabel(connection, row.agentId, row.key, row.entry.label);
        return { created: true, row: insert(connection, row) };
      }),
    patch: (key, patch) => writer.write(() => patchSession(adapter, key, patch)),
    list: (filter) =>
      writer.read(() => {
        const { where, params } = conditions(filter);
        const total =
          connection.get<{ total: number }>(`SELECT count(*) AS total FROM sessions ${where}`, ...params)?.total ?? 0;
        const rows = connection.all<Row>(
          `SELECT ${COLUMNS} FROM sessions ${where} ORDER BY ${order(filter)} DESC, key LIMIT ? OFFSET ?`,
          ...params,
          int(filter.limit),
          int(filter.offset),
        );
        return { rows: rows.map(decode), total };
      }),
    children: (keys) =>
      writer.read(() => {
        const rows = connection.all<{ key: string; parent: string }>(
          "SELECT key, json_extract(entry, '$.spawnedBy') AS parent FROM sessions WHERE instr(key, ':subagent:') > 0 " +
            "AND parent IN (SELECT value FROM json_each(?)) ORDER BY updated_at DESC, key",
          JSON.stringify(keys),
        );
        const byParent = Map.groupBy(rows, ({ parent }) => parent);
        return new Map([...byParent].map(([parent, those]) => [parent, those.map(({ key }) => key)]));
      }),
    delete: (key) =>
      writer.write(() => {
        const row = connection.get<Row>(`DELETE FROM sessions WHERE key = ? RETURNING ${COLUMNS}`, key);
        return row && decode(row);
      }),
  };
}

/** Inside an operation of the writer. `updatedAt` follows by itself unless the patch sets it. */
export function patchSession({ connection, clock }: Adapter, key: string, patch: SessionPatch): SessionRow | undefined {
  const row = findSession(connection, key);
  if (!row) return undefined;
  const fields = new Map<string, unknown>(Object.entries(row.entry));
  fields.set("updatedAt", clock.now());
  for (const [name, next] of Object.entries(patch.set)) {
    if (next === null) fields.delete(name);
    else if (next !== undefined) fields.set(name, next);
  }
  for (const [name, by] of Object.entries(patch.bump ?? {})) {
    const before = fields.get(name);
    fields.set(name, (typeof before === "number" ? before : 0) + by);
  }
  const entry = JSON.stringify(Object.fromEntries(fields));
  const next: SessionRow = { ...row, entry: connection.entries.of<SessionEntry>(key, entry) };
  if (next.entry.label !== row.entry.label) refuseTakenLabel(connection, row.agentId, key, next.entry.label);
  connection.run(
    "UPDATE sessions SET label = ?, updated_at = ?, archived = ?, search = ?, entry = ? WHERE key = ?",
    ...derived(key, next.entry),
    entry,
    key,
  );
  return next;
}

/** Inside an operation of the writer: a row that is not there yet, without its label where that is taken. */
export function insertSession(connection: Connection, row: SessionRow): void {
  if (findSession(connection, row.key)) return;
  const { label, ...unnamed } = row.entry;
  const taken = label !== undefined && labelTaken(connection, row.agentId, row.key, label);
  insert(connection, taken ? { ...row, entry: unnamed as SessionEntry } : row);
}

function insert(connection: Connection, row: SessionRow): SessionRow {
  const entry = JSON.stringify(row.entry);
  connection.run(
    "INSERT INTO sessions (key, agent_id, label, updated_at, archived, search, entry) VALUES (?, ?, ?, ?, ?, ?, ?)",
    row.key,
    row.agentId,
    ...derived(row.key, row.entry),
    entry,
  );
  return { ...row, entry: value<SessionEntry>(entry) };
}

/** Inside an operation of the writer. */
export function findSession(connection: Connection, key: string): SessionRow | undefined {
  const row = connection.get<Row>(`SELECT ${COLUMNS} FROM sessions WHERE key = ?`, key);
  return row && { key: row.key, agentId: row.agent_id, entry: connection.entries.of<SessionEntry>(key, row.entry) };
}

function decode(row: Row): SessionRow {
  return { key: row.key, agentId: row.agent_id, entry: value(row.entry) };
}

function refuseTakenLabel(connection: Connection, agentId: string, key: string, label: unknown): void {
  if (typeof label !== "string" || label === "") return;
  if (labelTaken(connection, agentId, key, label)) throw errors.LABEL_IN_USE({ label });
}

function labelTaken(connection: Connection, agentId: string, key: string, label: string): boolean {
  const sql = "SELECT 1 FROM sessions WHERE agent_id = ? AND label = ? AND key <> ?";
  return connection.get(sql, agentId, label, key) !== undefined;
}

/** Columns that queries need: label, updated_at, archived, search. */
function derived(key: string, entry: SessionEntry): [string | null, number, number, string] {
  const { label, updatedAt, archived, displayName, sessionId, subject } = entry;
  const search = [key, label, displayName, sessionId, subject]
    .filter((part) => typeof part === "string")
    .join("\n")
    .toLowerCase();
  return [typeof label === "string" && label !== "" ? label : null, int(updatedAt), archived === true ? 1 : 0, search];
}

function order({ sortBy }: SessionFilter): string {
  return sortBy === "createdAt" ? "coalesce(json_extract(entry, '$.createdAt'), updated_at)" : "updated_at";
}

function conditions(filter: SessionFilter): { where: string; params: Param[] } {
  const parts: string[] = [];
  const params: Param[] = [];
  const add = (sql: string, param: Param) => {
    parts.push(sql);
    params.push(param);
  };
  if (filter.agentId !== undefined) add("agent_id = ?", filter.agentId);
  if (filter.activeSince !== undefined) add("updated_at >= ?", int(filter.activeSince));
  if (filter.updatedBefore !== undefined) add("updated_at < ?", int(filter.updatedBefore));
  if (filter.label !== undefined) add("label = ?", filter.label);
  if (filter.search !== undefined && filter.search !== "") add("instr(search, ?) > 0", filter.search.toLowerCase());
  if (filter.archived !== "all") add("archived = ?", filter.archived === true ? 1 : 0);
  if (filter.agents !== undefined) add("agent_id IN (SELECT value FROM json_each(?))", JSON.stringify(filter.agents));
  if (filter.spawnedBy !== undefined) add("json_extract(entry, '$.spawnedBy') = ?", filter.spawnedBy);
  if (filter.pinned !== undefined) add("coalesce(json_extract(entry, '$.pinned'), 0) = ?", filter.pinned ? 1 : 0);
  for (const kind of filter.without ?? []) {
    if (kind === "subagents") add("instr(key, ?) = 0", ":subagent:");
    else add("key <> ?", kind);
  }
  return { where: parts.length === 0 ? "" : `WHERE ${parts.join(" AND ")}`, params };
}
