/** `node.list`, `node.describe`, `node.invoke` and the answers of nodes to it. */
import { Type, closed } from "../../contracts/schema.ts";
import { defineMethod, type MethodCall } from "../../contracts/method.ts";
import { errors } from "./errors.ts";
import { needsAdminToInvoke } from "./_surface.ts";
import { preparedRun } from "./_system-run.ts";
import { Registry } from "./_service-tokens.ts";

const Id = Type.String({ minLength: 1, maxLength: 512 });
const Any = Type.Record(Type.String(), Type.Unknown());
const Note = Type.Optional(Type.Union([Type.String({ maxLength: 512 }), Type.Null()]));
const DEFAULT_MS = 15_000;
const MAX_MS = 600_000;

export const invokeMethods = [
  defineMethod({
    name: "node.list",
    scope: "operator.read",
    summary: "Lists nodes with what they may do now.",
    params: closed({}),
    result: closed({ ts: Type.Integer(), nodes: Type.Array(Any) }),
    run: async (call) => ({
      ts: call.platform.clock.now(),
      nodes: (await call.use(Registry)).list().map((node) => ({ ...node })),
    }),
  }),
  defineMethod({
    name: "node.describe",
    scope: "operator.read",
    summary: "Shows one node, with the commands that it offers and may not run.",
    params: closed({ nodeId: Id }),
    result: Any,
    async run(call, { nodeId }) {
      const nodes = await call.use(Registry);
      const node = nodes.get(nodeId);
      if (node === undefined) throw errors.NODE_UNKNOWN();
      return { ts: call.platform.clock.now(), ...node, blockedCommands: nodes.blocked(nodeId) };
    },
  }),
  defineMethod({
    name: "node.invoke",
    scope: "operator.write",
    summary: "Runs a command on a connected node.",
    params: closed({
      nodeId: Id,
      command: Id,
      params: Type.Optional(Type.Unknown()),
      timeoutMs: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_MS })),
      idempotencyKey: Id,
      sessionKey: Note,
      turnSourceChannel: Note,
      turnSourceTo: Note,
      turnSourceAccountId: Note,
      turnSourceThreadId: Type.Optional(Type.Union([Type.String({ maxLength: 512 }), Type.Number(), Type.Null()])),
    }),
    result: closed({
      ok: Type.Boolean(),
      nodeId: Type.String(),
      command: Type.String(),
      payload: Type.Unknown(),
      payloadJSON: Type.Union([Type.String(), Type.Null()]),
    }),
    scopeFor: ({ command }) => (needsAdminToInvoke(command) ? "operator.admin" : "operator.write"),
    async run(call, { nodeId, command, params, timeoutMs = DEFAULT_MS, idempotencyKey, sessionKey }) {
      const nodes = await call.use(Registry);
      const answer = await nodes.invoke({
        nodeId,
        command,
        params,
        ...(await preparedRun(call, { nodeId, command, params, sessionKey })),
        timeoutMs,
        idempotencyKey,
        by: `${call.caller.principal.kind}:${call.caller.principal.id}`,
      });
      return { ok: true, nodeId, command, ...answer };
    },
  }),
  defineMethod({
    name: "node.invoke.result",
    scope: "node",
    summary: "What a command came to on the node; ignored when nobody waits for it any more.",
    open: true,
    params: closed({
      id: Id,
      nodeId: Id,
      ok: Type.Boolean(),
      payload: Type.Optional(Type.Unknown()),
      payloadJSON: Type.Optional(Type.Union([Type.String(), Type.Null()])),
      error: Type.Optional(
        Type.Union([
          Type.Object({
            code: Type.Optional(Type.String({ maxLength: 256 })),
            message: Type.Optional(Type.String({ maxLength: 4096 })),
          }),
          Type.Null(),
        ]),
      ),
    }),
    result: Any,
    async run(call, params) {
      const nodes = await call.use(Registry);
      const taken = nodes.invocations.finish(ownId(call, params.nodeId), params);
      return taken ? { ok: true } : { ok: true, ignored: true };
    },
  }),
  defineMethod({
    name: "node.invoke.progress",
    scope: "node",
    summary: "A sign of life of a command under way.",
    open: true,
    params: closed({ id: Type.Optional(Id), invokeId: Type.Optional(Id), nodeId: Type.Optional(Id) }),
    result: Any,
    async run(call, { id, invokeId, nodeId }) {
      const nodes = await call.use(Registry);
      const known = nodes.invocations.has(ownId(call, nodeId), id ?? invokeId ?? "");
      return known ? { ok: true } : { ok: true, ignored: true };
    },
  }),
];

/** The node that calls. Throws when it says to be another one. */
export function ownId({ caller }: MethodCall, said: string | undefined): string {
  if (caller.deviceId === undefined || (said !== undefined && said !== caller.deviceId))
    throw errors.NODE_INVOKE_FOREIGN();
  return caller.deviceId;
}
