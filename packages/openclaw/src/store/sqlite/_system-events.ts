import type { SystemEventQueue, SystemEventRow } from "../ports/index.ts";
import type { Adapter } from "./_adapter.ts";
import { int, value } from "./_values.ts";

interface Row {
  id: string;
  session_key: string;
  text: string;
  by: string;
  at: number;
}

export function systemEventsPort({ connection, writer }: Adapter): SystemEventQueue {
  return {
    add: (row, cap) =>
      writer.write(() => {
        const newest = connection.get<Row>(
          "SELECT * FROM system_events WHERE session_key = ? ORDER BY seq DESC LIMIT 1",
          row.sessionKey,
        );
        if (newest?.text === row.text && decode(newest).by.role === row.by.role) return "coalesced";
        connection.run(
          "INSERT INTO system_events (id, session_key, text, by, at) VALUES (?, ?, ?, ?, ?)",
          row.id,
          row.sessionKey,
          row.text,
          JSON.stringify(row.by),
          int(row.at),
        );
        connection.run(
          `DELETE FROM system_events WHERE session_key = ? AND seq NOT IN
             (SELECT seq FROM system_events WHERE session_key = ? ORDER BY seq DESC LIMIT ?)`,
          row.sessionKey,
          row.sessionKey,
          int(cap),
        );
        return "queued";
      }),
    waiting: (sessionKey) =>
      writer.read(() => {
        const rows =
          sessionKey === undefined
            ? connection.all<Row>("SELECT * FROM system_events ORDER BY seq")
            : connection.all<Row>("SELECT * FROM system_events WHERE session_key = ? ORDER BY seq", sessionKey);
        return rows.map(decode);
      }),
    remove: (ids) =>
      writer.write(() => {
        for (const id of ids) connection.run("DELETE FROM system_events WHERE id = ?", id);
      }),
    drop: (sessionKey, before) =>
      writer.write(() => {
        connection.run("DELETE FROM system_events WHERE session_key = ? AND at < ?", sessionKey, int(before));
      }),
  };
}

function decode(row: Row): SystemEventRow {
  return { id: row.id, sessionKey: row.session_key, text: row.text, by: value(row.by), at: row.at };
}
