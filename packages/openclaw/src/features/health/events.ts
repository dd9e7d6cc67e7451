import { defineEvent } from "../../contracts/method.ts";
import { Type, choice } from "../../contracts/schema.ts";

const text = Type.Optional(Type.String());

export const events = [
  defineEvent({
    name: "heartbeat",
    summary: "What a heartbeat or a wake-up did.",
    // It quotes what was said, so it is for those who may read.
    scope: "operator.read",
    payload: Type.Object({
      ts: Type.Integer(),
      status: choice(["sent", "ok-empty", "ok-token", "skipped", "failed"]),
      reason: text,
      channel: text,
      to: text,
      accountId: text,
      preview: text,
      hasMedia: Type.Optional(Type.Boolean()),
      durationMs: Type.Optional(Type.Integer()),
    }),
  }),
];
