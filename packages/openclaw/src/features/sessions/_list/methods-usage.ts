/** `sessions.usage*`: what conversations used. Not announced. */
import { Type, closed } from "../../../contracts/schema.ts";
import { defineMethod } from "../../../contracts/method.ts";
import { AgentId, Flag, Key, Open } from "../_methods-params.ts";

const text = Type.Optional(Type.String({ maxLength: 512 }));
const count = Type.Optional(Type.Integer({ minimum: 1 }));

export const usageMethods = [
  defineMethod({
    name: "sessions.usage",
    scope: "operator.read",
    summary: "Tokens and US dollars of conversations, with sums by model, provider, agent and day.",
    hidden: true,
    params: closed({
      key: text,
      limit: count,
      startDate: text,
      endDate: text,
      agentId: AgentId,
      agentScope: text,
      mode: text,
      utcOffset: text,
      timeZone: text,
      includeContextWeight: Flag,
    }),
    result: Type.Object({
      updatedAt: Type.Integer(),
      startDate: Type.String(),
      endDate: Type.String(),
      sessions: Type.Array(Open),
      totals: Open,
      aggregates: Open,
    }),
    run: async (call, params) => (await import("./usage.ts")).usage(call, params),
  }),
  defineMethod({
    name: "sessions.usage.timeseries",
    scope: "operator.read",
    summary: "What one conversation used, a quarter of an hour each.",
    hidden: true,
    open: true,
    params: closed({ key: Key, agentId: AgentId }),
    result: Type.Object({ sessionId: Type.Union([Type.String(), Type.Null()]), points: Type.Array(Open) }),
    run: async (call, params) => (await import("./usage.ts")).timeseries(call, params),
  }),
  defineMethod({
    name: "sessions.usage.logs",
    scope: "operator.read",
    summary: "The newest messages of a conversation with their tokens and cost.",
    hidden: true,
    open: true,
    params: closed({ key: Key, agentId: AgentId, limit: count }),
    result: Type.Object({ logs: Type.Array(Open) }),
    run: async (call, params) => (await import("./usage.ts")).logs(call, params),
  }),
];
