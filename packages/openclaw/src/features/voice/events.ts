import { defineEvent } from "../../contracts/method.ts";
import { Type } from "../../contracts/schema.ts";

export const events = [
  defineEvent({
    name: "voicewake.changed",
    summary: "The words that wake devices were changed.",
    scope: "all",
    payload: Type.Object({ triggers: Type.Array(Type.String()) }),
  }),
];
