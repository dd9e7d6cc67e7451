import { errorText } from "../../base/errors.ts";
import type { Audit, AuditRow } from "../ports/index.ts";
import type { Adapter } from "./_adapter.ts";
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

/** Rows are durable within this time, or as soon as so many have come together. */
const WITHIN_MS = 500;
const AT_MOST = 200;

export interface AuditPort extends Audit {
  /** Hands every waiting row to the writer. */
  flush(): Promise<void>;
}

export function auditPort({ connection, writer, clock, log }: Adapter): AuditPort {
  let waiting: AuditRow[] = [];
  let cancel: (() => void) | undefined;

  const flush = async () => {
    cancel?.();
    cancel = undefined;
    const rows = waiting;
    waiting = [];
    if (rows.length === 0) return;
    const insert = "INSERT INTO audit (at, actor, action, target, verdict, rule, data) VALUES (?, ?, ?, ?, ?, ?, ?)";
    const work = () => {
      for (const row of rows)
        connection.run(insert, int(row.at), row.actor, row.action, row.target, row.verdict, row.rule, json(row.data));
    };
    await writer
      .write(work)
      .catch((error: unknown) =>
        log.error("audit rows were not written", { rows: rows.length, reason: errorText(error) }),
      );
  };

  return {
    flush,
    record(row) {
      waiting.push(row);
      if (waiting.length >= AT_MOST) void flush();
      else cancel ??= clock.timer(WITHIN_MS, () => void flush());
    },
    async recent(limit) {
      void flush();
      return writer.read(() =>
        connection.all<Row>("SELECT * FROM audit ORDER BY id DESC LIMIT ?", int(limit)).map(decode),
      );
    },
  };
}

function decode({ at, actor, action, target, verdict, rule, data }: Row): AuditRow {
  return { at, actor, action, target, verdict, rule, ...optional("data", data) };
}
