import { defineEvent } from "../../contracts/method.ts";
import { Type, choice } from "../../contracts/schema.ts";

const words = Type.Array(Type.String());
const text = Type.Optional(Type.String());

export const events = [
  defineEvent({
    name: "node.pair.requested",
    summary: "A node offers commands that nobody has approved yet.",
    scope: "operator.pairing",
    payload: Type.Object({
      requestId: Type.String(),
      nodeId: Type.String(),
      clientId: Type.String(),
      clientMode: Type.String(),
      displayName: text,
      platform: Type.String(),
      deviceFamily: text,
      version: Type.String(),
      caps: words,
      commands: words,
      requiredApproveScopes: words,
      silent: Type.Boolean(),
      ts: Type.Integer(),
    }),
  }),
  defineEvent({
    name: "node.pair.resolved",
    summary: "A node was approved, turned down or removed, or its request expired; also sent to the node itself.",
    scope: "operator.pairing",
    payload: Type.Object({
      requestId: Type.String(),
      nodeId: Type.String(),
      decision: choice(["approved", "rejected", "expired", "removed"]),
      ts: Type.Integer(),
    }),
  }),
  defineEvent({
    name: "node.invoke.request",
    summary: "Asks a node to run a command; sent to that node only.",
    scope: "target",
    payload: Type.Object({
      id: Type.String(),
      nodeId: Type.String(),
      command: Type.String(),
      paramsJSON: Type.Union([Type.String(), Type.Null()]),
      timeoutMs: Type.Integer(),
      idempotencyKey: text,
    }),
  }),
  defineEvent({
    name: "node.invoke.cancel",
    summary: "Tells a node that nobody waits for a command any more.",
    scope: "target",
    payload: Type.Object({ invokeId: Type.String(), nodeId: Type.String() }),
  }),
];
