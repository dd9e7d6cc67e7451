import { defineEvent } from "../../contracts/method.ts";
import { Type, choice } from "../../contracts/schema.ts";

export const events = [
  defineEvent({
    name: "chat.side_result",
    summary: "The answer to a side question; it is no part of the conversation.",
    scope: "operator.read",
    payload: Type.Object({
      kind: choice(["btw"]),
      runId: Type.String(),
      sessionKey: Type.String(),
      question: Type.String(),
      text: Type.String(),
      ts: Type.Integer(),
    }),
  }),
];
