import type { TurnResult, TurnRow, UsageBooks, UsageCall, UsageRow } from "../ports/index.ts";
import type { Adapter } from "./_adapter.ts";
import type { Connection } from "./_connection.ts";
import { findSession, patchSession } from "./_sessions.ts";
import { int, value } from "./_values.ts";

interface Row {
  at: number;
  agent_id: string;
  session_key: string;
  session_id: string;
  provider: string;
  model: string;
  channel: string;
  turns: number;
  errors: number;
  assistant: number;
  tools: string;
  input: number;
  output: number;
  cache_read: number;
  cache_write: number;
  total: number;
  cost_input: number;
  cost_output: number;
  cost_cache_read: number;
  cost_cache_write: number;
  cost_total: number;
  unpriced: number;
}

const QUARTER_MS = 900_000;
const KEY = ["at", "session_key", "session_id", "provider", "model", "channel"] as const;
const SUMS = [
  "turns",
  "errors",
  "assistant",
  "input",
  "output",
  "cache_read",
  "cache_write",
  "total",
  "cost_input",
  "cost_output",
  "cost_cache_read",
  "cost_cache_write",
  "cost_total",
  "unpriced",
] as const;

/** Inside an operation of the writer. A turn that asked no model leaves nothing. */
export function bookUsage(connection: Connection, turn: TurnRow, end: { at: number; result: TurnResult }): void {
  const { result } = end;
  if (result.provider === undefined && result.usage.totalTokens === 0) return;
  book(connection, rowOf(turn, end.at, result));
}

function book(connection: Connection, fresh: Row): void {
  const known = connection.get<Row>(
    `SELECT * FROM usage WHERE ${KEY.map((name) => `${name} = ?`).join(" AND ")}`,
    ...KEY.map((name) => fresh[name]),
  );
  const row: Row = known === undefined ? fresh : { ...fresh, tools: added(known.tools, fresh.tools) };
  for (const name of SUMS) row[name] += known?.[name] ?? 0;
  const columns = Object.keys(row) as (keyof Row)[];
  connection.run(
    `INSERT OR REPLACE INTO usage (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
    ...columns.map((name) => row[name]),
  );
}

function rowOf({ agentId, sessionKey, replyTo }: TurnRow, at: number, { counts, ...result }: TurnResult): Row {
  const { sessionId, usage, provider = "", model = "" } = result;
  const channel = replyTo?.address.channel ?? "";
  return {
    ...rowOfCall({ at, agentId, sessionKey, sessionId, provider, model, channel, usage }),
    turns: 1,
    errors: result.status === "ok" ? 0 : 1,
    assistant: int(counts?.assistant ?? 0),
    tools: JSON.stringify(counts?.tools ?? {}),
  };
}

function rowOfCall({ at, usage, ...call }: UsageCall): Row {
  const { cost } = usage;
  return {
    at: Math.floor(int(at) / QUARTER_MS) * QUARTER_MS,
    agent_id: call.agentId,
    session_key: call.sessionKey,
    session_id: call.sessionId,
    provider: call.provider,
    model: call.model,
    channel: call.channel ?? "",
    turns: 0,
    errors: 0,
    assistant: 0,
    tools: "{}",
    input: int(usage.input),
    output: int(usage.output),
    cache_read: int(usage.cacheRead),
    cache_write: int(usage.cacheWrite),
    total: int(usage.totalTokens),
    cost_input: cost?.input ?? 0,
    cost_output: cost?.output ?? 0,
    cost_cache_read: cost?.cacheRead ?? 0,
    cost_cache_write: cost?.cacheWrite ?? 0,
    cost_total: cost?.total ?? 0,
    unpriced: cost === undefined && usage.totalTokens > 0 ? 1 : 0,
  };
}

function added(before: string, more: string): string {
  const sum = new Map<string, number>(Object.entries(value<Record<string, number>>(before)));
  for (const [name, count] of Object.entries(value<Record<string, number>>(more)))
    sum.set(name, (sum.get(name) ?? 0) + count);
  return JSON.stringify(Object.fromEntries(sum));
}

function countOnRow(adapter: Adapter, { sessionKey, sessionId, usage }: UsageCall): void {
  const row = findSession(adapter.connection, sessionKey);
  if (row?.entry.sessionId !== sessionId) return;
  const bump = {
    inputTokens: int(usage.input),
    outputTokens: int(usage.output),
    cacheRead: int(usage.cacheRead),
    cacheWrite: int(usage.cacheWrite),
    ...(usage.cost === undefined ? {} : { estimatedCostUsd: usage.cost.total }),
  };
  patchSession(adapter, sessionKey, { set: { updatedAt: row.entry.updatedAt }, bump });
}

export function usagePort(adapter: Adapter): UsageBooks {
  const { connection, writer } = adapter;
  return {
    add: (call) =>
      writer.write(() => {
        book(connection, rowOfCall(call));
        countOnRow(adapter, call);
      }),
    read: ({ since, until, agentId, sessionKey }) =>
      writer.read(() => {
        const more = [
          ...(agentId === undefined ? [] : [["agent_id = ?", agentId] as const]),
          ...(sessionKey === undefined ? [] : [["session_key = ?", sessionKey] as const]),
        ];
        const where = ["at >= ?", "at < ?", ...more.map(([sql]) => sql)].join(" AND ");
        const params = [int(since), int(until), ...more.map(([, param]) => param)];
        return connection.all<Row>(`SELECT * FROM usage WHERE ${where} ORDER BY at`, ...params).map(decode);
      }),
  };
}

function decode(row: Row): UsageRow {
  return {
    at: row.at,
    agentId: row.agent_id,
    sessionKey: row.session_key,
    sessionId: row.session_id,
    provider: row.provider,
    model: row.model,
    channel: row.channel,
    turns: row.turns,
    errors: row.errors,
    assistant: row.assistant,
    tools: value(row.tools),
    usage: {
      input: row.input,
      output: row.output,
      cacheRead: row.cache_read,
      cacheWrite: row.cache_write,
      totalTokens: row.total,
      cost: {
        input: row.cost_input,
        output: row.cost_output,
        cacheRead: row.cost_cache_read,
        cacheWrite: row.cost_cache_write,
        total: row.cost_total,
      },
    },
    unpriced: row.unpriced,
  };
}
