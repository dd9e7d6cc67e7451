/** How the gateway is doing, its log, heartbeats, the machine. */
import { defineMethod } from "../../contracts/method.ts";
import { Type, closed } from "../../contracts/schema.ts";
import { systemMethods } from "./_methods-system.ts";
import { Health } from "./index.ts";

const Any = Type.Record(Type.String(), Type.Unknown());

export const methods = [
  defineMethod({
    name: "health",
    scope: "none",
    summary: "Tells how the gateway is doing.",
    params: closed({
      probe: Type.Optional(Type.Boolean({ description: "Look again instead of answering from memory." })),
    }),
    open: true,
    result: Any,
    async run(call, { probe }) {
      const health = await call.use(Health);
      const snapshot = health.cached();
      return {
        ...(probe === true || snapshot.agents.length === 0
          ? await health.refresh({ probe: probe ?? false })
          : snapshot),
      };
    },
  }),
  defineMethod({
    name: "status",
    scope: "operator.read",
    summary: "Tells about sessions, models and work under way.",
    params: closed({
      includeChannelSummary: Type.Optional(Type.Boolean()),
      includeCliProjection: Type.Optional(Type.Boolean()),
    }),
    open: true,
    result: Any,
    run: async (call, params) => (await import("./_status.ts")).status(call, params),
  }),
  defineMethod({
    name: "logs.tail",
    scope: "operator.read",
    summary: "Reads the end of the log, or what was added since a cursor.",
    params: closed({
      cursor: Type.Optional(Type.Integer({ minimum: 0 })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 5000 })),
      maxBytes: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    }),
    result: closed({
      file: Type.String(),
      cursor: Type.Integer(),
      size: Type.Integer(),
      lines: Type.Array(Type.String()),
      truncated: Type.Boolean(),
      reset: Type.Boolean(),
    }),
    run: async (call, params) => (await import("./_logs.ts")).tailLog(call, params),
  }),
  ...systemMethods,
];
