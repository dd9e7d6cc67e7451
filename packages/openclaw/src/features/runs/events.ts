import { defineEvent } from "../../contracts/method.ts";
import { Type, choice } from "../../contracts/schema.ts";

export const events = [
  defineEvent({
    name: "session.operation",
    summary: "Work on a whole session begins or ends, such as shortening it.",
    scope: "operator.read",
    subscription: "messages",
    payload: Type.Object({
      operationId: Type.String(),
      operation: choice(["compact"]),
      phase: choice(["start", "end"]),
      sessionKey: Type.String(),
      agentId: Type.String(),
      completed: Type.Optional(Type.Boolean()),
      reason: Type.Optional(Type.String()),
      ts: Type.Integer(),
    }),
  }),
];
