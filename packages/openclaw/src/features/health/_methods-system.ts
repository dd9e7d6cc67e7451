/** Heartbeats, wake-ups, the machine, and what happened lately. */
import { defineMethod } from "../../contracts/method.ts";
import { Type, choice, closed } from "../../contracts/schema.ts";
import { Agents } from "../agents/index.ts";
import { Config } from "../config/index.ts";
import { Lanes, SystemEvents, mainKey, sessionSection } from "../sessions/index.ts";
import { StabilityToken } from "./_service-tokens.ts";
import { errors } from "./errors.ts";
import { Heartbeats } from "./index.ts";

const Any = Type.Record(Type.String(), Type.Unknown());

export const systemMethods = [
  defineMethod({
    name: "last-heartbeat",
    scope: "operator.read",
    summary: "Tells what the last heartbeat did; null when there was none.",
    params: closed({}),
    open: true,
    result: Type.Union([Any, Type.Null()]),
    async run(call) {
      const last = (await call.use(Heartbeats)).last();
      return last === undefined ? null : { ...last };
    },
  }),
  defineMethod({
    name: "set-heartbeats",
    scope: "operator.admin",
    summary: "Switches heartbeats on or off for the whole gateway.",
    params: closed({ enabled: Type.Optional(Type.Boolean()) }),
    open: true,
    result: closed({ ok: Type.Literal(true), enabled: Type.Boolean() }),
    async run(call, { enabled }) {
      if (enabled === undefined) throw errors.HEARTBEATS_SWITCH_MISSING();
      await (await call.use(Heartbeats)).set(enabled);
      return { ok: true as const, enabled };
    },
  }),
  defineMethod({
    name: "wake",
    scope: "operator.write",
    summary: "Tells the main session something: with its next turn, or in one that begins now.",
    params: closed({
      mode: Type.Optional(choice(["now", "next-heartbeat"], { description: "Default next-heartbeat" })),
      text: Type.Optional(Type.String({ maxLength: 100_000 })),
    }),
    open: true,
    result: closed({ ok: Type.Literal(true) }),
    async run(call, { mode = "next-heartbeat", text = "" }) {
      const [agents, config, events] = await Promise.all([call.use(Agents), call.use(Config), call.use(SystemEvents)]);
      const sessionKey = mainKey(agents.default().id, config.current().section(sessionSection).mainKey);
      await events.enqueue({ sessionKey, text, by: call.caller.principal });
      if (mode === "now") call.after(async () => (await call.use(Heartbeats)).beat(sessionKey));
      return { ok: true as const };
    },
  }),
  defineMethod({
    name: "system.info",
    scope: "operator.read",
    summary: "The machine and the process of the gateway.",
    params: closed({}),
    result: Any,
    run: async (call) => (await import("./_system-info.ts")).systemInfo(call),
  }),
  defineMethod({
    name: "diagnostics.stability",
    scope: "operator.read",
    summary: "What happened lately, without any content.",
    params: closed({
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
      type: Type.Optional(Type.String({ maxLength: 200 })),
      sinceSeq: Type.Optional(Type.Integer({ minimum: 0 })),
    }),
    open: true,
    result: Type.Object({
      generatedAt: Type.String(),
      capacity: Type.Integer(),
      count: Type.Integer(),
      dropped: Type.Integer(),
      firstSeq: Type.Optional(Type.Integer()),
      lastSeq: Type.Optional(Type.Integer()),
      events: Type.Array(Any),
      summary: Any,
    }),
    run: async (call, params) => {
      const { events, ...rest } = (await call.use(StabilityToken)).report(params);
      return { ...rest, events: events.map((event) => ({ ...event })) };
    },
  }),
  defineMethod({
    name: "diagnostics.lanes",
    scope: "operator.read",
    summary: "Work that runs and waits.",
    hidden: true,
    open: true,
    params: closed({}),
    result: Any,
    async run(call) {
      const [lanes, config] = await Promise.all([call.use(Lanes), call.use(Config)]);
      const { running, queued } = lanes.counts();
      const maxConcurrent = Number(config.current().at("agents.defaults.maxConcurrent") ?? 1);
      return {
        ts: call.platform.clock.now(),
        lanes: [{ lane: "main", queuedCount: queued, activeCount: running, maxConcurrent }],
        dynamic: null,
      };
    },
  }),
];
