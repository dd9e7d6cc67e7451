import type { RunEvents, RunFact, RunFactFilter, RunFactKind, RunFactRow } from "../ports/index.ts";
import type { Adapter } from "./_adapter.ts";
import { Journal } from "./_journal.ts";
import { int, value } from "./_values.ts";

interface Row {
  cursor: number;
  run_id: string;
  session_key: string;
  agent_id: string;
  kind: RunFactKind;
  at: number;
  data: string;
}

type Waiting = RunFactRow | { readonly hash: string; readonly text: string };

export interface RunEventsPort extends RunEvents {
  /** Hands every waiting row to the writer. */
  flush(): Promise<void>;
}

/** Hashes that are known to be kept, so that a prompt is not written on every turn; a day later it is said again. */
const KNOWN_BODIES = 256;
const KNOWN_FOR_MS = 86_400_000;

export function runEventsPort(adapter: Adapter): RunEventsPort {
  const { connection, writer, clock } = adapter;
  const known = new Map<string, number>();
  const followers = new Map<string | symbol, { listener: (fact: RunFactRow) => void; readonly leave: () => void }>();
  let newest: number | undefined;

  /** Microseconds, so that a cursor that was given out before a crash is never given out again. */
  const next = (): number => {
    newest ??= connection.get<{ c: number | null }>("SELECT max(cursor) AS c FROM run_events")?.c ?? 0;
    newest = Math.max(newest + 1, Math.floor(clock.now() * 1000));
    return newest;
  };

  const journal = new Journal<Waiting>(adapter, "facts of runs", (row) => {
    if ("hash" in row)
      connection.run(
        "INSERT INTO run_bodies (hash, body, at) VALUES (?, ?, ?) ON CONFLICT (hash) DO UPDATE SET at = excluded.at",
        row.hash,
        row.text,
        int(clock.now()),
      );
    else
      connection.run(
        "INSERT INTO run_events (cursor, run_id, session_key, agent_id, kind, at, data) VALUES (?, ?, ?, ?, ?, ?, ?)",
        row.cursor,
        row.runId,
        row.sessionKey,
        row.agentId,
        row.kind,
        int(row.at),
        JSON.stringify(row.data),
      );
  });

  const select = (where: string, order: "ASC" | "DESC", cursor: number, filter: RunFactFilter) => {
    void journal.flush();
    const { sql, values } = conditions(filter);
    return writer.read(() =>
      connection
        .all<Row>(
          `SELECT * FROM run_events WHERE cursor ${where} ?${sql} ORDER BY cursor ${order} LIMIT ?`,
          cursor,
          ...values,
          int(filter.limit),
        )
        .map(decode),
    );
  };

  return {
    flush: () => journal.flush(),
    record(fact: RunFact) {
      const row = { ...fact, cursor: next() };
      journal.add(row);
      for (const { listener } of followers.values()) listener(row);
      return row.cursor;
    },
    after: (cursor, filter) => select(">", "ASC", cursor, filter),
    before: (cursor, filter) => select("<", "DESC", cursor ?? Number.MAX_SAFE_INTEGER, filter),
    follow(listener, key: string | symbol = Symbol("follower")) {
      const known = followers.get(key);
      if (known) {
        known.listener = listener;
        return known.leave;
      }
      const leave = (): void => void followers.delete(key);
      followers.set(key, { listener, leave });
      return leave;
    },
    keepBody(hash, text) {
      const now = clock.now();
      if ((known.get(hash) ?? Number.NEGATIVE_INFINITY) > now - KNOWN_FOR_MS) return;
      if (known.size >= KNOWN_BODIES) known.clear();
      known.set(hash, now);
      journal.add({ hash, text });
    },
    body(hash) {
      void journal.flush();
      return writer.read(
        () => connection.get<{ body: string }>("SELECT body FROM run_bodies WHERE hash = ?", hash)?.body,
      );
    },
    prune: (before, limit) =>
      writer.write(() => {
        const removed = connection.run(
          "DELETE FROM run_events WHERE cursor IN (SELECT cursor FROM run_events WHERE cursor < ? ORDER BY cursor LIMIT ?)",
          int(before) * 1000,
          int(limit),
        );
        connection.run("DELETE FROM run_bodies WHERE at < ?", int(Math.min(before, clock.now() - 2 * KNOWN_FOR_MS)));
        return removed;
      }),
  };
}

const COLUMNS = [
  ["runId", "run_id = ?"],
  ["sessionKey", "session_key = ?"],
  ["agentId", "agent_id = ?"],
  ["kind", "kind = ?"],
  ["since", "at >= ?"],
  ["until", "at < ?"],
] as const;

function conditions(filter: RunFactFilter): { sql: string; values: (string | number)[] } {
  const given = COLUMNS.flatMap(([name, sql]) => {
    const wanted = filter[name];
    return wanted === undefined ? [] : [{ sql: ` AND ${sql}`, value: wanted }];
  });
  return { sql: given.map(({ sql }) => sql).join(""), values: given.map(({ value: wanted }) => wanted) };
}

function decode(row: Row): RunFactRow {
  return {
    cursor: row.cursor,
    runId: row.run_id,
    sessionKey: row.session_key,
    agentId: row.agent_id,
    kind: row.kind,
    at: row.at,
    data: value(row.data),
  };
}
