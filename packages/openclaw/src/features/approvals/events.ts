import { defineEvent } from "../../contracts/method.ts";
import { Type, choice } from "../../contracts/schema.ts";
import { DECISIONS } from "./index.ts";

const Request = Type.Record(Type.String(), Type.Unknown());

export const events = [
  defineEvent({
    name: "exec.approval.requested",
    summary: "A command waits for somebody's yes.",
    scope: "operator.approvals",
    payload: Type.Object({
      approvalKind: Type.Literal("exec"),
      id: Type.String(),
      request: Request,
      createdAtMs: Type.Integer(),
      expiresAtMs: Type.Integer(),
    }),
  }),
  defineEvent({
    name: "exec.approval.resolved",
    summary: "A question about a command has ended; without an answer it counts as denied.",
    scope: "operator.approvals",
    payload: Type.Object({
      id: Type.String(),
      decision: choice(DECISIONS),
      resolvedBy: Type.Union([Type.String(), Type.Null()]),
      ts: Type.Integer(),
      request: Request,
    }),
  }),
];
