/** `usage.*`: quotas of providers, and what models cost by day. */
import { Type, closed } from "../../contracts/schema.ts";
import { defineMethod } from "../../contracts/method.ts";
import { StoreToken } from "../../store/index.ts";
import { dayTeller, spanOf, zoneOf } from "./_days.ts";
import { totalsOf } from "./_totals.ts";

const Open = Type.Record(Type.String(), Type.Unknown());
const text = (description?: string) =>
  Type.Optional(Type.String({ maxLength: 100, ...(description === undefined ? {} : { description }) }));
const count = Type.Number();
const Totals = {
  input: count,
  output: count,
  cacheRead: count,
  cacheWrite: count,
  totalTokens: count,
  totalCost: count,
  inputCost: count,
  outputCost: count,
  cacheReadCost: count,
  cacheWriteCost: count,
  missingCostEntries: count,
};

export const methods = [
  defineMethod({
    name: "usage.status",
    scope: "operator.read",
    summary: "Quotas of providers. This version asks none for them.",
    params: closed({}),
    open: true,
    result: closed({ updatedAt: Type.Integer(), providers: Type.Array(Open) }),
    run: (call) => ({ updatedAt: call.platform.clock.now(), providers: [] }),
  }),
  defineMethod({
    name: "usage.cost",
    scope: "operator.read",
    summary: "Tokens and US dollars by day; days without use are zero.",
    params: closed({
      days: Type.Optional(Type.Integer({ minimum: 1, maximum: 1100, description: "Default 30" })),
      startDate: text("YYYY-MM-DD"),
      endDate: text("YYYY-MM-DD, default today"),
      mode: text("Whose days: `gateway`, `utc` or `specific`"),
      utcOffset: text("`UTC+2`"),
      timeZone: text("IANA name"),
      agentId: text(),
      agentScope: text("`all` for every agent"),
    }),
    open: true,
    result: closed({
      updatedAt: Type.Integer(),
      days: Type.Integer(),
      daily: Type.Array(closed({ date: Type.String(), ...Totals })),
      totals: closed(Totals),
      cacheStatus: Open,
    }),
    async run(call, params) {
      const now = call.platform.clock.now();
      const dayOf = dayTeller(zoneOf(params));
      const { startDate, endDate, agentId } = params;
      const span = spanOf({ startDate, endDate, days: params.days ?? 30 }, dayOf(now));
      const books = (await call.use(StoreToken)).usage;
      const rows = await books.read({
        since: span.since,
        until: span.until,
        ...(agentId === undefined || params.agentScope === "all" ? {} : { agentId }),
      });
      const byDay = Map.groupBy(rows, ({ at }) => dayOf(at));
      const daily = span.days.map((date) => ({ date, ...totalsOf(byDay.get(date) ?? []) }));
      return {
        updatedAt: now,
        days: span.days.length,
        daily,
        totals: totalsOf(span.days.flatMap((date) => byDay.get(date) ?? [])),
        cacheStatus: { status: "fresh", cachedFiles: 0, pendingFiles: 0, staleFiles: 0 },
      };
    },
  }),
];
