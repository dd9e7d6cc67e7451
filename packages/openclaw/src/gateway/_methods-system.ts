/** The gateway about itself: restarting it, and lines that other machines report. */
import { LifecycleToken } from "../contracts/lifecycle.ts";
import type { Busy } from "../contracts/lifecycle.ts";
import { defineMethod } from "../contracts/method.ts";
import { Type, choice, closed } from "../contracts/schema.ts";
import { Agents } from "../features/agents/index.ts";
import { Config } from "../features/config/index.ts";
import { SystemEvents, keyOf, mainKey, sessionSection } from "../features/sessions/index.ts";
import { Presence } from "./_service-tokens.ts";

const Any = Type.Record(Type.String(), Type.Unknown());
const text = Type.Optional(Type.String({ maxLength: 512 }));
const texts = Type.Optional(Type.Array(Type.String({ maxLength: 512 }), { maxItems: 100 }));

export const systemMethods = [
  defineMethod({
    name: "gateway.restart.preflight",
    scope: "operator.read",
    summary: "Tells what a restart would interrupt.",
    params: closed({}),
    open: true,
    result: Any,
    run: async (call) => preflight(await (await call.use(LifecycleToken)).busy()),
  }),
  defineMethod({
    name: "gateway.restart.request",
    scope: "operator.admin",
    summary: "Restarts the gateway; work under way is given time to end.",
    params: closed({
      reason: text,
      delayMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 3_600_000 })),
    }),
    open: true,
    result: closed({
      ok: Type.Literal(true),
      status: choice(["scheduled", "deferred", "coalesced"]),
      preflight: Any,
      restart: Any,
    }),
    async run(call, { reason = "gateway.restart.request", delayMs }) {
      const lifecycle = await call.use(LifecycleToken);
      const busy = preflight(await lifecycle.busy());
      const restart = lifecycle.restart({ reason, ...(delayMs === undefined ? {} : { delayMs }) });
      const status: "scheduled" | "deferred" | "coalesced" = restart.coalesced
        ? "coalesced"
        : busy.safe
          ? "scheduled"
          : "deferred";
      return { ok: true as const, status, preflight: busy, restart: { ...restart } };
    },
  }),
  defineMethod({
    name: "system-event",
    scope: "operator.admin",
    summary: "Reports a line about a machine: its presence, or something that the main session is told.",
    params: closed({
      text: Type.String({ maxLength: 100_000 }),
      deviceId: text,
      instanceId: text,
      host: text,
      ip: text,
      mode: text,
      version: text,
      platform: text,
      deviceFamily: text,
      modelIdentifier: text,
      lastInputSeconds: Type.Optional(Type.Number({ minimum: 0 })),
      reason: text,
      roles: texts,
      scopes: texts,
      tags: texts,
      sessionKey: text,
      idempotencyKey: text,
    }),
    result: closed({ ok: Type.Literal(true) }),
    async run(call, { text: line, sessionKey: asked, idempotencyKey: _key, ...about }) {
      const [agents, config, events] = await Promise.all([call.use(Agents), call.use(Config), call.use(SystemEvents)]);
      const main = mainKey(agents.default().id, config.current().section(sessionSection).mainKey);
      // An empty line is refused whichever kind it is.
      if (!isPresence(line) || line.trim() === "") {
        const sessionKey = asked === undefined ? main : await keyOf(call, asked);
        await events.enqueue({ sessionKey, text: line, by: call.caller.principal });
      }
      (await call.use(Presence)).reported({ ...about, text: line.trim() });
      return { ok: true as const };
    },
  }),
];

/** `Node: kitchen (192.0.2.7) · app 2026.1.0 · …`: how a machine announces itself. */
function isPresence(line: string): boolean {
  return /^\s*Node:/i.test(line);
}

const NAMES: readonly (readonly [keyof Busy, string])[] = [
  ["embeddedRuns", "run"],
  ["pendingReplies", "reply to be sent"],
  ["cronRuns", "job"],
  ["backgroundExecSessions", "command in the background"],
  ["rootRequests", "request"],
  ["activeTasks", "task"],
];

function preflight(counts: Busy) {
  const blockers = NAMES.flatMap(([kind, what]) => {
    const count = counts[kind];
    return count === 0 ? [] : [{ kind, count, message: `${count} × ${what} under way` }];
  });
  const safe = counts.totalActive === 0;
  return { safe, counts: { ...counts }, blockers, summary: safe ? "safe to restart now" : summaryOf(blockers) };
}

function summaryOf(blockers: readonly { readonly message: string }[]): string {
  return `not safe to restart now: ${blockers.map(({ message }) => message).join(", ")}`;
}
