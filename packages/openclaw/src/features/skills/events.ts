import { defineEvent } from "../../contracts/method.ts";
import { Type } from "../../contracts/schema.ts";

export const events = [
  defineEvent({
    name: "skills.changed",
    summary: "Skills or their settings changed: ask for them again.",
    scope: "operator.read",
    payload: Type.Object({ reason: Type.Optional(Type.String()) }),
  }),
];
