/** `usage.*`: quotas of providers, and what models cost by day. */
import { Type, closed } from "../../contracts/schema.ts";
import { defineMethod } from "../../contracts/method.ts";
import { CurrentConfig } from "../../contracts/bus.ts";
import { ProviderQuotas } from "./_service-tokens.ts";
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

const Quota = closed({
  provider: Type.String(),
  displayName: Type.String(),
  windows: Type.Array(
    closed({ label: Type.String(), usedPercent: Type.Number(), resetAt: Type.Optional(Type.Integer()) }),
  ),
  plan: Type.Optional(Type.String()),
  error: Type.Optional(Type.String()),
});

export const methods = [
  defineMethod({
    name: "usage.status",
    scope: "operator.read",
    summary: "What is left of plans, as providers say; asked at most once a minute.",
    params: closed({}),
    open: true,
    result: closed({ updatedAt: Type.Integer(), providers: Type.Array(Quota) }),
    async run(call) {
      const [quotas, { current }] = await Promise.all([call.use(ProviderQuotas), call.use(CurrentConfig)]);
      const { updatedAt, providers } = await quotas.read(current());
      return { updatedAt, providers: providers.map((one) => ({ ...one, windows: [...one.windows] })) };
    },
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
