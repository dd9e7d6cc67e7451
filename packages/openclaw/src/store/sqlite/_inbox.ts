import type { Inbox, InboxOutcome, InboxRow } from "../ports/index.ts";
import type { Adapter } from "./_adapter.ts";
import { insertPosts } from "./_outbox.ts";
import { int, json, optional, value } from "./_values.ts";

interface Row {
  id: string;
  account: string;
  envelope: string;
  principal: string | null;
  options: string | null;
  state: InboxRow["state"];
  outcome: string | null;
  attempts: number;
  received_at: number;
}

export function inboxPort({ connection, writer }: Adapter): Inbox {
  return {
    accept: (row) =>
      writer.write(() => {
        const accepted = connection.run(
          `INSERT INTO inbox (id, account, native_id, envelope, principal, options, received_at) VALUES (?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (account, native_id) DO NOTHING`,
          row.id,
          row.account,
          row.envelope.nativeId,
          JSON.stringify(row.envelope),
          json(row.principal),
          json(row.options),
          int(row.receivedAt),
        );
        if (accepted === 1) return { accepted: true, id: row.id };
        const known = connection.get<{ id: string }>(
          "SELECT id FROM inbox WHERE account = ? AND native_id = ?",
          row.account,
          row.envelope.nativeId,
        );
        return { accepted: false, id: known?.id ?? row.id };
      }),
    get: (id) => writer.read(() => decode(connection.get<Row>("SELECT * FROM inbox WHERE id = ?", id))),
    pending: (limit) =>
      writer.read(() =>
        connection
          .all<Row>("SELECT * FROM inbox WHERE state = 'received' ORDER BY seq LIMIT ?", int(limit))
          .map((row) => decode(row)!),
      ),
    settle: (id, outcome, posts = []) =>
      writer.write(() => {
        if (settleInbox(connection, id, outcome)) insertPosts(connection, posts);
      }),
    counts: () =>
      writer.read(() => {
        const rows = connection.all<{ state: InboxRow["state"]; count: number }>(
          "SELECT state, count(*) AS count FROM inbox GROUP BY state",
        );
        return { received: 0, done: 0, dead: 0, ...Object.fromEntries(rows.map(({ state, count }) => [state, count])) };
      }),
    fail: (id, reason, maxAttempts) =>
      writer.write(() => {
        const row = connection.get<{ attempts: number }>(
          "UPDATE inbox SET attempts = attempts + 1 WHERE id = ? AND state = 'received' RETURNING attempts",
          id,
        );
        if (row !== undefined && row.attempts < maxAttempts) return "retry";
        settleInbox(connection, id, { kind: "dead", reason });
        return "dead";
      }),
  };
}

/** Whether the row was still waiting; one that is settled keeps its first outcome. */
export function settleInbox(connection: Adapter["connection"], id: string, outcome: InboxOutcome): boolean {
  const state = outcome.kind === "dead" ? "dead" : "done";
  return (
    connection.run(
      "UPDATE inbox SET state = ?, outcome = ? WHERE id = ? AND state = 'received'",
      state,
      JSON.stringify(outcome),
      id,
    ) === 1
  );
}

function decode(row: Row | undefined): InboxRow | undefined {
  if (row === undefined) return undefined;
  return {
    id: row.id,
    account: row.account,
    envelope: value(row.envelope),
    ...optional("principal", row.principal),
    ...optional("options", row.options),
    state: row.state,
    ...optional("outcome", row.outcome),
    attempts: row.attempts,
    receivedAt: row.received_at,
  };
}
