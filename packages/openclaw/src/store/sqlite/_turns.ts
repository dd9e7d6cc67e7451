import type { TurnResult, TurnRow, Turns } from "../ports/index.ts";
import type { Adapter } from "./_adapter.ts";
import { settleInbox } from "./_inbox.ts";
import { insertPosts } from "./_outbox.ts";
import { patchSession } from "./_sessions.ts";
import { bookUsage } from "./_usage.ts";
import { int, json, optional, present, value } from "./_values.ts";

interface Row {
  id: string;
  agent_id: string;
  session_key: string;
  principal: string;
  text: string;
  images: string | null;
  reply_to: string | null;
  options: string;
  state: TurnRow["state"];
  attempts: number;
  created_at: number;
  started_at: number | null;
  ended_at: number | null;
  result: string | null;
}

/** A client may repeat a request for this long and is told what became of it. */
const KEEP_IDS_MS = 600_000;

/** Options without what only the run itself needed, and what may be large. */
const SLIM = "json_remove(options, '$.conversation', '$.clientTools', '$.extraSystemPrompt')";

const OPEN = "state IN ('queued', 'running')";

export function turnsPort(adapter: Adapter): Turns {
  const { connection, writer } = adapter;
  const find = (id: string) => connection.get<Row>("SELECT * FROM turns WHERE id = ?", id);

  return {
    submit: (turn, inboxIds, startedAt) =>
      writer.write(() => {
        const created = connection.get<Row>(
          `INSERT INTO turns (id, agent_id, session_key, principal, text, images, reply_to, options, created_at, state, attempts, started_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (id) DO NOTHING RETURNING *`,
          turn.id,
          turn.agentId,
          turn.sessionKey,
          JSON.stringify(turn.principal),
          turn.text,
          json(turn.images),
          json(turn.replyTo),
          JSON.stringify(turn.options),
          int(turn.createdAt),
          startedAt === undefined ? "queued" : "running",
          startedAt === undefined ? 0 : 1,
          startedAt === undefined ? null : int(startedAt),
        );
        for (const id of inboxIds) settleInbox(connection, id, { kind: "turn", reason: "turn", turnId: turn.id });
        return { created: created !== undefined, turn: decode(created ?? find(turn.id)!) };
      }),
    get: (id) =>
      writer.read(() => {
        const row = find(id);
        return row && decode(row);
      }),
    open: (sessionKey) =>
      writer.read(() => {
        const rows =
          sessionKey === undefined
            ? connection.all<Row>(`SELECT * FROM turns WHERE ${OPEN} ORDER BY seq`)
            : connection.all<Row>(`SELECT * FROM turns WHERE ${OPEN} AND session_key = ? ORDER BY seq`, sessionKey);
        return rows.map(decode);
      }),
    begin: (id, at) =>
      writer.write(() => {
        const row = connection.get<Row>(
          `UPDATE turns SET state = 'running', attempts = attempts + 1, started_at = ? WHERE id = ? AND ${OPEN} RETURNING *`,
          int(at),
          id,
        );
        return row && decode(row);
      }),
    merge: (id, { at, text, images, takes, result }) =>
      writer.write(() => {
        const row = connection.get<Row>(
          `UPDATE turns SET state = 'running', attempts = attempts + 1, started_at = ?, text = ?, images = ? WHERE id = ? AND ${OPEN} RETURNING *`,
          int(at),
          text,
          images.length === 0 ? null : JSON.stringify(images),
          id,
        );
        if (row === undefined) return undefined;
        for (const taken of takes) end(connection, taken, { state: "done", at, result });
        return decode(row);
      }),
    settle: (ids, how) => writer.write(() => ids.filter((id) => end(connection, id, how) !== undefined)),
    requeue: (ids, mode) =>
      writer.write(() => {
        for (const id of ids)
          connection.run(
            `UPDATE turns SET options = json_set(options, '$.queue', ?) WHERE id = ? AND state = 'queued'`,
            mode,
            id,
          );
      }),
    finish: (id, how) =>
      writer.write(() => {
        const row = end(connection, id, how);
        if (row === undefined) return undefined;
        insertPosts(connection, how.posts);
        bookUsage(connection, decode(row), how);
        return how.session && patchSession(adapter, row.session_key, how.session);
      }),
    prune: (before, limit) =>
      writer.write(() => {
        const until = Math.min(int(before), adapter.clock.now() - KEEP_IDS_MS);
        const remove = (sql: string) => connection.run(sql, until, int(limit));
        remove(
          "DELETE FROM inbox WHERE seq IN (SELECT seq FROM inbox WHERE state = 'done' AND received_at < ? ORDER BY received_at LIMIT ?)",
        );
        remove(
          "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE state = 'sent' AND at < ? ORDER BY at LIMIT ?)",
        );
        return remove(
          "DELETE FROM turns WHERE seq IN (SELECT seq FROM turns WHERE ended_at < ? ORDER BY ended_at LIMIT ?)",
        );
      }),
  };
}

/** Ends an open turn; undefined when it is not open any more. */
function end(
  connection: Adapter["connection"],
  id: string,
  how: { readonly state: TurnRow["state"]; readonly at: number; readonly result: TurnResult },
): Row | undefined {
  return connection.get<Row>(
    `UPDATE turns SET state = ?, ended_at = ?, result = ?, images = NULL, options = ${SLIM} WHERE id = ? AND ${OPEN} RETURNING *`,
    how.state,
    int(how.at),
    JSON.stringify(how.result),
    id,
  );
}

function decode(row: Row): TurnRow {
  return {
    id: row.id,
    agentId: row.agent_id,
    sessionKey: row.session_key,
    principal: value(row.principal),
    text: row.text,
    ...optional("images", row.images),
    ...optional("replyTo", row.reply_to),
    options: value(row.options),
    state: row.state,
    attempts: row.attempts,
    createdAt: row.created_at,
    ...present("startedAt", row.started_at),
    ...present("endedAt", row.ended_at),
    ...optional("result", row.result),
  };
}
