/** Events that the gateway itself sends or carries. */
import { defineEvent } from "../contracts/method.ts";
import { Type, choice } from "../contracts/schema.ts";

const text = Type.Optional(Type.String());
const count = Type.Optional(Type.Integer());
const anything = Type.Optional(Type.Unknown());
const Run = { runId: Type.String(), sessionKey: text, agentId: text, seq: Type.Integer() };

/** States and streams whose next event says it all again. */
const isDelta = (payload: Readonly<Record<string, unknown>>) => payload["state"] === "delta";
const isGrowing = ({ stream, data }: Readonly<Record<string, unknown>>) =>
  stream === "assistant" ||
  stream === "thinking" ||
  stream === "usage" ||
  (data as { phase?: unknown } | undefined)?.phase === "update";

export const events = [
  defineEvent({
    name: "tick",
    summary: "The gateway is alive; sent every 30 seconds.",
    scope: "all",
    droppable: true,
    payload: Type.Object({ ts: Type.Integer() }),
  }),
  defineEvent({
    name: "health",
    summary: "A new health snapshot.",
    scope: "all",
    droppable: true,
    payload: Type.Record(Type.String(), Type.Unknown()),
  }),
  defineEvent({
    name: "presence",
    summary: "Who is connected, as a full list.",
    scope: "operator.read",
    droppable: true,
    payload: Type.Object({ presence: Type.Array(Type.Unknown()) }),
  }),
  defineEvent({
    name: "shutdown",
    summary: "The gateway stops or restarts; sockets close with 1012 right after.",
    scope: "all",
    payload: Type.Object({ reason: Type.String(), restartExpectedMs: count }),
  }),
  defineEvent({
    name: "chat",
    summary: "The answer of a run as it grows, then exactly one end.",
    scope: "operator.read",
    droppable: isDelta,
    payload: Type.Object({
      ...Run,
      state: choice(["delta", "final", "aborted", "error", "status"]),
      message: anything,
      deltaText: text,
      replace: Type.Optional(Type.Boolean()),
      stopReason: text,
      usage: anything,
      errorMessage: text,
      errorDetail: anything,
    }),
  }),
  defineEvent({
    name: "agent",
    summary:
      "What a run does: lifecycle, text, thinking, tools. Stream `tool` goes to the connection that started the run.",
    scope: "operator.read",
    droppable: isGrowing,
    payload: Type.Object({
      ...Run,
      stream: Type.String(),
      ts: Type.Integer(),
      data: Type.Record(Type.String(), Type.Unknown()),
    }),
  }),
  defineEvent({
    name: "session.message",
    summary: "A message was written to the transcript of a session.",
    scope: "operator.read",
    subscription: "messages",
    payload: Type.Object({
      sessionKey: Type.String(),
      agentId: text,
      message: Type.Unknown(),
      messageId: text,
      messageSeq: count,
    }),
  }),
  defineEvent({
    name: "session.tool",
    summary: "A tool call of a session, for subscribers that did not start the run.",
    scope: "operator.read",
    subscription: "messages",
    droppable: isGrowing,
    payload: Type.Object({
      ...Run,
      stream: Type.String(),
      ts: Type.Integer(),
      data: Type.Record(Type.String(), Type.Unknown()),
    }),
  }),
  defineEvent({
    name: "sessions.changed",
    summary: "A session was made, changed, removed, or began or ended a run.",
    scope: "operator.read",
    subscription: "sessions",
    payload: Type.Object({
      sessionKey: Type.String(),
      agentId: text,
      ts: count,
      reason: text,
      phase: text,
      runId: text,
      session: anything,
    }),
  }),
  defineEvent({
    name: "config.changed",
    summary: "The configuration file was written.",
    scope: "operator.read",
    payload: Type.Object({ path: text, hash: text, ts: count }),
  }),
  defineEvent({
    name: "device.pair.requested",
    summary: "A device asks to be paired.",
    scope: "operator.pairing",
    payload: Type.Object({
      requestId: Type.String(),
      deviceId: Type.String(),
      role: Type.String(),
      scopes: Type.Array(Type.String()),
    }),
  }),
  defineEvent({
    name: "device.pair.resolved",
    summary: "A pairing request was answered, or a device on this machine was paired silently.",
    scope: "operator.pairing",
    payload: Type.Object({
      requestId: Type.String(),
      deviceId: Type.String(),
      decision: choice(["approved", "rejected", "expired"]),
      ts: Type.Integer(),
    }),
  }),
  defineEvent({
    name: "device.pair.setup.completed",
    summary: "A phone was paired by a setup code.",
    scope: "operator.pairing",
    payload: Type.Object({
      setupId: Type.String(),
      deviceId: Type.String(),
      deviceName: text,
      access: Type.String(),
      ts: Type.Integer(),
    }),
  }),
  defineEvent({
    name: "device.pair.changed",
    summary: "The list of paired devices changed.",
    scope: "operator.pairing",
    payload: Type.Object({}),
  }),
];
