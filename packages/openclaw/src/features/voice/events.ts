import { defineEvent } from "../../contracts/method.ts";
import { Type } from "../../contracts/schema.ts";

export const events = [
  defineEvent({
    name: "voicewake.changed",
    summary: "The words that wake devices were changed.",
    scope: "all",
    payload: Type.Object({ triggers: Type.Array(Type.String()) }),
  }),
  defineEvent({
    name: "voicewake.routing.changed",
    summary: "Which agent each word wakes was changed; a node is told when it logs in.",
    scope: "all",
    payload: Type.Object({ config: Type.Record(Type.String(), Type.Unknown()) }),
  }),
];
