/** `wizard.*`: set-up by questions over the gateway is not part of this version. */
import { Type, choice, closed } from "../../contracts/schema.ts";
import { defineMethod } from "../../contracts/method.ts";
import { uuid } from "../../base/ids.ts";
import { errors } from "./errors.ts";

const SessionId = Type.String({ minLength: 1, maxLength: 512 });
const State = Type.Object({
  sessionId: Type.Optional(Type.String()),
  done: Type.Optional(Type.Boolean()),
  status: choice(["running", "done", "cancelled", "error"]),
  error: Type.Optional(Type.String()),
});

/** There is never one under way. */
const none = (name: string, summary: string, more: Parameters<typeof closed>[0] = {}) =>
  defineMethod({
    name,
    scope: "operator.admin",
    summary,
    hidden: true,
    params: closed({ sessionId: SessionId, ...more }),
    result: State,
    run: () => {
      throw errors.WIZARD_NOT_FOUND();
    },
  });

export const methods = [
  defineMethod({
    name: "wizard.start",
    scope: "operator.admin",
    summary: "Would begin set-up by questions; names the command that does it.",
    hidden: true,
    params: closed({
      mode: Type.Optional(choice(["local", "remote"])),
      workspace: Type.Optional(Type.String({ maxLength: 4096 })),
    }),
    result: State,
    run: (call) => ({
      sessionId: uuid(call.platform.random),
      done: true,
      status: "error" as const,
      error: "Set-up by questions is not available in this version. Run: openclaw setup",
    }),
  }),
  none("wizard.next", "Answers a question of the set-up.", { answer: Type.Optional(Type.Unknown()) }),
  none("wizard.cancel", "Ends the set-up."),
  none("wizard.status", "Tells how far the set-up is."),
];
