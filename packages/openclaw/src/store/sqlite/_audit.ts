import type { Audit, AuditRow } from "../ports/index.ts";
import type { Adapter } from "./_adapter.ts";
import { Journal } from "./_journal.ts";
import { int, json, optional } from "./_values.ts";

interface Row {
  at: number;
  actor: string;
  action: string;
  target: string;
  verdict: AuditRow["verdict"];
  rule: string;
  data: string | null;
}

export interface AuditPort extends Audit {
  /** Hands every waiting row to the writer. */
  flush(): Promise<void>;
}

export function auditPort(adapter: Adapter): AuditPort {
  const { connection, writer } = adapter;
  const journal = new Journal<AuditRow>(adapter, "audit rows", (row) =>
    connection.run(
      "INSERT INTO audit (at, actor, action, target, verdict, rule, data) VALUES (?, ?, ?, ?, ?, ?, ?)",
      int(row.at),
      row.actor,
      row.action,
      row.target,
      row.verdict,
      row.rule,
      json(row.data),
    ),
  );

  return {
    flush: () => journal.flush(),
    record: (row) => journal.add(row),
    async recent(limit) {
      void journal.flush();
      return writer.read(() =>
        connection.all<Row>("SELECT * FROM audit ORDER BY id DESC LIMIT ?", int(limit)).map(decode),
      );
    },
    prune: (before, limit) =>
      writer.write(() =>
        connection.run(
          "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < ? ORDER BY id LIMIT ?)",
          int(before),
          int(limit),
        ),
      ),
  };
}

function decode({ at, actor, action, target, verdict, rule, data }: Row): AuditRow {
  return { at, actor, action, target, verdict, rule, ...optional("data", data) };
}
