import { defineEvent } from "../../contracts/method.ts";
import { Type } from "../../contracts/schema.ts";

export const events = [
  defineEvent({
    name: "sessions.groups.changed",
    summary: "Groups of conversations were made, changed, renamed, moved or removed: all of them as they are now.",
    scope: "operator.read",
    subscription: "sessions",
    payload: Type.Object({
      ts: Type.Integer(),
      groups: Type.Array(Type.Record(Type.String(), Type.Unknown())),
      sectionOrder: Type.Array(Type.String()),
    }),
  }),
];
