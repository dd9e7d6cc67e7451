/** The work behind `sessions.usage*`. */
import type { MethodCall } from "../../../contracts/method.ts";
import { cut } from "../../../base/text.ts";
import { textOf } from "../../../contracts/message.ts";
import type { Message } from "../../../contracts/message.ts";
import { StoreToken, TranscriptsToken } from "../../../store/index.ts";
import type { UsageRow } from "../../../store/index.ts";
import { dayTeller, spanOf, totalsOf, zoneOf } from "../../usage/index.ts";
import { Sessions } from "../_service-tokens.ts";
import { keyOf } from "../_methods-params.ts";

interface Question {
  readonly key?: string;
  readonly limit?: number;
  readonly startDate?: string;
  readonly endDate?: string;
  readonly agentId?: string;
  readonly agentScope?: string;
  readonly mode?: string;
  readonly utcOffset?: string;
  readonly timeZone?: string;
  readonly includeContextWeight?: boolean;
}

const DAYS = 30;
const MOST_SESSIONS = 1000;

export async function usage(call: MethodCall, question: Question) {
  const now = call.platform.clock.now();
  const dayOf = dayTeller(zoneOf(question));
  const span = spanOf({ startDate: question.startDate, endDate: question.endDate, days: DAYS }, dayOf(now));
  const sessionKey = question.key === undefined ? undefined : await keyOf(call, question.key, question.agentId);
  const { agentId } = question;
  const days = new Set(span.days);
  const rows = (
    await (
      await call.use(StoreToken)
    ).usage.read({
      since: span.since,
      until: span.until,
      ...(agentId === undefined || question.agentScope === "all" ? {} : { agentId }),
      ...(sessionKey === undefined ? {} : { sessionKey }),
    })
  ).filter(({ at }) => days.has(dayOf(at)));
  return {
    updatedAt: now,
    startDate: span.days[0] ?? "",
    endDate: span.days.at(-1) ?? "",
    sessions: await bySession(call, rows, question),
    totals: { ...totalsOf(rows) },
    aggregates: aggregates(rows, span.days, dayOf),
  };
}

async function bySession(call: MethodCall, rows: readonly UsageRow[], question: Question) {
  const limit = Math.min(question.limit ?? 50, MOST_SESSIONS);
  const sessions = await call.use(Sessions);
  const groups = [...Map.groupBy(rows, ({ sessionKey, sessionId }) => `${sessionKey}\n${sessionId}`).values()];
  const newest = groups.sort((a, b) => (b.at(-1)?.at ?? 0) - (a.at(-1)?.at ?? 0)).slice(0, limit);
  return Promise.all(
    newest.map(async (those) => {
      const last = those.at(-1) as UsageRow;
      const row = await sessions.get(last.sessionKey);
      return {
        key: last.sessionKey,
        sessionId: last.sessionId,
        updatedAt: row?.entry.updatedAt ?? last.at,
        agentId: last.agentId,
        chatType: row?.entry.chatType ?? "direct",
        modelProvider: last.provider,
        model: last.model,
        usage: { ...totalsOf(those), messageCounts: messages(those), toolUsage: tools(those) },
        ...(question.includeContextWeight === true ? { contextWeight: row?.entry["systemPromptReport"] ?? null } : {}),
      };
    }),
  );
}

function aggregates(rows: readonly UsageRow[], days: readonly string[], dayOf: (at: number) => string) {
  const daily = Map.groupBy(rows, ({ at }) => dayOf(at));
  const grouped = (name: (row: UsageRow) => string) => [...Map.groupBy(rows, name).values()];
  return {
    sessionCount: new Set(rows.map(({ sessionKey, sessionId }) => `${sessionKey}\n${sessionId}`)).size,
    messages: messages(rows),
    tools: tools(rows),
    byModel: grouped(({ provider, model }) => `${provider}/${model}`).map((those) => ({
      provider: those[0]?.provider,
      model: those[0]?.model,
      count: turns(those),
      totals: totalsOf(those),
    })),
    byProvider: grouped(({ provider }) => provider).map((those) => ({
      provider: those[0]?.provider,
      count: turns(those),
      totals: totalsOf(those),
    })),
    byAgent: grouped(({ agentId }) => agentId).map((those) => ({
      agentId: those[0]?.agentId,
      totals: totalsOf(those),
    })),
    byChannel: grouped(({ channel }) => channel).map((those) => ({
      channel: those[0]?.channel,
      totals: totalsOf(those),
    })),
    daily: days.map((date) => ({ date, ...totalsOf(daily.get(date) ?? []) })),
  };
}

function turns(rows: readonly UsageRow[]): number {
  return rows.reduce((sum, row) => sum + row.turns, 0);
}

function messages(rows: readonly UsageRow[]) {
  const user = turns(rows);
  const assistant = rows.reduce((sum, row) => sum + row.assistant, 0);
  const calls = tools(rows).totalCalls;
  const errors = rows.reduce((sum, row) => sum + row.errors, 0);
  return { total: user + assistant + calls, user, assistant, toolCalls: calls, toolResults: calls, errors };
}

function tools(rows: readonly UsageRow[]) {
  const counts = new Map<string, number>();
  for (const row of rows)
    for (const [name, count] of Object.entries(row.tools)) counts.set(name, (counts.get(name) ?? 0) + count);
  const list = [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count);
  return { totalCalls: list.reduce((sum, { count }) => sum + count, 0), uniqueTools: list.length, tools: list };
}

interface Named {
  readonly key: string;
  readonly agentId?: string;
}

export async function timeseries(call: MethodCall, { key, agentId }: Named) {
  const sessionKey = await keyOf(call, key, agentId);
  const row = await (await call.use(Sessions)).get(sessionKey);
  const sessionId = row?.entry.sessionId ?? null;
  const all = await (await call.use(StoreToken)).usage.read({ since: 0, until: Number.MAX_SAFE_INTEGER, sessionKey });
  const quarters = Map.groupBy(
    all.filter((one) => one.sessionId === sessionId),
    ({ at }) => at,
  );
  let cumulativeTokens = 0;
  let cumulativeCost = 0;
  const points = [...quarters].map(([timestamp, those]) => {
    const { input, output, cacheRead, cacheWrite, totalTokens, totalCost } = totalsOf(those);
    cumulativeTokens += totalTokens;
    cumulativeCost += totalCost;
    const sums = { input, output, cacheRead, cacheWrite, totalTokens, cost: totalCost };
    return { timestamp, ...sums, cumulativeTokens, cumulativeCost };
  });
  return { sessionId, points };
}

const MAX_CONTENT = 2000;

export async function logs(call: MethodCall, { key, agentId, limit = 50 }: Named & { readonly limit?: number }) {
  const row = await (await call.use(Sessions)).get(await keyOf(call, key, agentId));
  if (!row) return { logs: [] };
  const ref = { agentId: row.agentId, sessionId: row.entry.sessionId };
  const limits = { maxEntries: Math.min(limit, 1000), maxBytes: 4 * 1024 * 1024 };
  const { entries } = await (await call.use(TranscriptsToken)).tail(ref, limits);
  return {
    logs: entries.flatMap((entry) => {
      if (entry.type !== "message") return [];
      const message = entry["message"] as Message;
      const used = message.role === "assistant" ? message.usage : undefined;
      return [
        {
          timestamp: Date.parse(entry.timestamp),
          role: message.role,
          content: cut(textOf(message), MAX_CONTENT),
          tokens: used?.totalTokens ?? null,
          cost: used?.cost?.total ?? null,
        },
      ];
    }),
  };
}
