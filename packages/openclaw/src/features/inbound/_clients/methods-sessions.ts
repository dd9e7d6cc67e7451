/** `sessions.create`, `.send`, `.steer`, `.abort`: conversations by their key. */
import { Type, choice, closed } from "../../../contracts/schema.ts";
import { defineMethod } from "../../../contracts/method.ts";
import { Attachments, Message, SessionKey, TimeoutMs, any, flag, text } from "./methods-params.ts";

const Open = Type.Record(Type.String(), Type.Unknown());
const AgentId = Type.Optional(Type.String({ minLength: 1, maxLength: 64 }));
const Key = Type.Optional(Type.String({ minLength: 1, maxLength: 512 }));
const message = {
  key: SessionKey,
  message: Message,
  agentId: AgentId,
  attachments: Attachments,
  thinking: text,
  timeoutMs: TimeoutMs,
  idempotencyKey: Key,
};
const Sent = closed({
  runId: Type.String(),
  status: choice(["started", "in_flight", "ok"]),
  interruptedActiveRun: Type.Optional(Type.Literal(true)),
});

export const sessionMethods = [
  defineMethod({
    name: "sessions.create",
    scope: "operator.write",
    summary: "Makes a conversation, or returns the one with that key; with a message its first turn is started.",
    params: closed({
      key: Key,
      agentId: AgentId,
      label: Key,
      displayName: text,
      model: text,
      thinkingLevel: text,
      fastMode: Type.Optional(Type.Union([Type.Boolean(), Type.Literal("auto")])),
      parentSessionKey: Key,
      message: Type.Optional(Message),
      task: Type.Optional(Message),
      attachments: Attachments,
      timeoutMs: TimeoutMs,
      idempotencyKey: Key,
      cwd: text,
      spawnDepth: Type.Optional(Type.Integer({ minimum: 0 })),
      succeedsParent: flag,
      emitCommandHooks: flag,
      fork: any,
      category: any,
      contextWindow: any,
      visibility: any,
      permissionMode: any,
      execNode: any,
      worktree: any,
      worktreeBaseRef: any,
      worktreeName: any,
    }),
    result: closed({
      ok: Type.Literal(true),
      key: Type.String(),
      sessionId: Type.String(),
      entry: Open,
      runStarted: Type.Boolean(),
      runId: Type.Optional(Type.String()),
      runError: Type.Optional(Type.String()),
      resolved: Open,
    }),
    run: async (call, params) => (await import("./create.ts")).create(call, params),
  }),
  defineMethod({
    name: "sessions.send",
    scope: "operator.write",
    summary: "Sends a message to a conversation that exists.",
    params: closed(message),
    result: Sent,
    run: async (call, params) => (await import("./create.ts")).sendTo(call, params, undefined),
  }),
  defineMethod({
    name: "sessions.steer",
    scope: "operator.write",
    summary: "The same, stopping the run under way.",
    params: closed(message),
    result: Sent,
    run: async (call, params) => (await import("./create.ts")).sendTo(call, params, "interrupt"),
  }),
  defineMethod({
    name: "sessions.abort",
    scope: "operator.write",
    summary: "Stops the run of a conversation, or a run by its id.",
    params: closed({ key: Key, runId: Key, clearQueued: flag, agentId: AgentId }),
    result: closed({
      ok: Type.Literal(true),
      abortedRunId: Type.Union([Type.String(), Type.Null()]),
      status: choice(["aborted", "no-active-run"]),
    }),
    run: async (call, params) => (await import("./create.ts")).abort(call, params),
  }),
];
