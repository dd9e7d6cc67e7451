import type { TurnResult, TurnRow, UsageBooks, UsageRow } from "../ports/index.ts";
import type { Adapter } from "./_adapter.ts";
import type { Connection } from "./_connection.ts";
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
  const fresh = rowOf(turn, end.at, result);
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

function rowOf(turn: TurnRow, at: number, { usage, counts, ...result }: TurnResult): Row {
  const { cost } = usage;
  return {
    at: Math.floor(int(at) / QUARTER_MS) * QUARTER_MS,
    agent_id: turn.agentId,
    session_key: turn.sessionKey,
    session_id: result.sessionId,
    provider: result.provider ?? "",
    model: result.model ?? "",
    channel: turn.replyTo?.address.channel ?? "",
    turns: 1,
    errors: result.status === "ok" ? 0 : 1,
    assistant: int(counts?.assistant ?? 0),
    tools: JSON.stringify(counts?.tools ?? {}),
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

export function usagePort({ connection, writer }: Adapter): UsageBooks {
  return {
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
