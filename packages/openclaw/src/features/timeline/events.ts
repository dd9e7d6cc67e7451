import { defineEvent } from "../../contracts/method.ts";
import { FactShape } from "./_shape.ts";

export const events = [
  defineEvent({
    name: "audit.activity",
    summary: "Something happened on the way of a message; only for those who follow (`audit.activity.follow`).",
    scope: "target",
    payload: FactShape,
  }),
];
