import type { SubagentFilter, SubagentRun, Subagents } from "../ports/index.ts";
import type { Adapter } from "./_adapter.ts";
import type { Param } from "./_connection.ts";
import { insertSession } from "./_sessions.ts";
import { int, value } from "./_values.ts";

interface Row {
  run: string;
}

/** Ended long ago counts only when nobody is to be told and its session is away or stays. */
const UNFINISHED = "(state = 'open' OR announce = 'pending' OR (archive_at IS NOT NULL AND archived_at IS NULL))";

export function subagentsPort({ connection, writer }: Adapter): Subagents {
  const find = (id: string): SubagentRun | undefined => {
    const row = connection.get<Row>("SELECT run FROM subagent_runs WHERE id = ?", id);
    return row && value(row.run);
  };
  const put = (run: SubagentRun): SubagentRun => {
    connection.run(
      "UPDATE subagent_runs SET state = ?, announce = ?, ended_at = ?, archive_at = ?, archived_at = ?, run = ? WHERE id = ?",
      run.state,
      run.announce,
      moment(run.endedAt),
      moment(run.archiveAt),
      moment(run.archivedAt),
      JSON.stringify(run),
      run.id,
    );
    return run;
  };

  return {
    add: (run, session, maxOpen) =>
      writer.write(() => {
        if (find(run.id)) return "known";
        const { open } = connection.get<{ open: number }>(
          "SELECT count(*) AS open FROM subagent_runs WHERE requester_key = ? AND state = 'open'",
          run.requesterKey,
        ) ?? { open: 0 };
        if (open >= maxOpen) return "full";
        insertSession(connection, session);
        connection.run(
          "INSERT INTO subagent_runs (id, child_key, requester_key, state, announce, run) VALUES (?, ?, ?, ?, ?, ?)",
          run.id,
          run.childKey,
          run.requesterKey,
          run.state,
          run.announce,
          JSON.stringify(run),
        );
        return "added";
      }),
    get: (id) => writer.read(() => find(id)),
    ofSession: (childKey) =>
      writer.read(() => {
        const row = connection.get<Row>(
          "SELECT run FROM subagent_runs WHERE child_key = ? ORDER BY seq DESC LIMIT 1",
          childKey,
        );
        return row && value(row.run);
      }),
    list: (filter) =>
      writer.read(() => {
        const { where, params } = conditions(filter);
        return connection
          .all<Row>(`SELECT run FROM subagent_runs ${where} ORDER BY seq DESC LIMIT ?`, ...params, int(filter.limit))
          .map(({ run }) => value<SubagentRun>(run));
      }),
    end: (id, { at, outcome, announce, archiveAt }) =>
      writer.write(() => {
        const run = find(id);
        if (run?.state !== "open") return undefined;
        const ended = { ...run, state: "ended", endedAt: int(at), outcome, announce } as const;
        return put(archiveAt === undefined ? ended : { ...ended, archiveAt: int(archiveAt) });
      }),
    announced: (id, as) =>
      writer.write(() => {
        const run = find(id);
        if (run?.announce === "pending") put({ ...run, announce: as });
      }),
    gave: (id, turnId) =>
      writer.write(() => {
        const run = find(id);
        if (run) put({ ...run, lastTurn: turnId });
      }),
    archive: (id, when) =>
      writer.write(() => {
        const run = find(id);
        if (run) put("at" in when ? { ...run, archiveAt: int(when.at) } : { ...run, archivedAt: int(when.done) });
      }),
    prune: (before) =>
      writer.write(() =>
        connection.run(`DELETE FROM subagent_runs WHERE ended_at < ? AND NOT ${UNFINISHED}`, int(before)),
      ),
  };
}

function moment(at: number | undefined): number | null {
  return at === undefined ? null : int(at);
}

function conditions({ requesterKey, state, unfinished }: SubagentFilter): { where: string; params: Param[] } {
  const parts: string[] = [];
  const params: Param[] = [];
  if (requesterKey !== undefined) {
    parts.push("requester_key = ?");
    params.push(requesterKey);
  }
  if (state !== undefined) {
    parts.push("state = ?");
    params.push(state);
  }
  if (unfinished === true) parts.push(UNFINISHED);
  return { where: parts.length === 0 ? "" : `WHERE ${parts.join(" AND ")}`, params };
}
