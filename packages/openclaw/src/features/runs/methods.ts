/** `chat.history`, `chat.startup`: what was said, and what is being said right now. */
import { Type, closed } from "../../contracts/schema.ts";
import { defineMethod } from "../../contracts/method.ts";
import type { MethodCall } from "../../contracts/method.ts";
import { compact } from "../../base/text.ts";
import { history } from "./_history.ts";
import { toolMethods } from "./_methods-tools.ts";

const Open = Type.Record(Type.String(), Type.Unknown());
const text = Type.Optional(Type.String({ maxLength: 512 }));

const params = {
  agentId: text,
  sessionId: text,
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  maxChars: Type.Optional(Type.Integer({ minimum: 1 })),
  maxBytes: Type.Optional(Type.Integer({ minimum: 1 })),
  offset: Type.Optional(Type.Integer({ minimum: 0 })),
  messageId: text,
  cursor: text,
};
const sessionKey = Type.String({ minLength: 1, maxLength: 512 });

const run = (
  call: MethodCall,
  given: { sessionKey?: string; agentId?: string; limit?: number; maxChars?: number; offset?: number },
) =>
  history(
    call,
    compact({
      sessionKey: given.sessionKey ?? "main",
      agentId: given.agentId,
      limit: given.limit ?? 200,
      maxChars: given.maxChars,
      offset: given.offset ?? 0,
    }) as Parameters<typeof history>[1],
  );

export const methods = [
  defineMethod({
    name: "chat.history",
    scope: "operator.read",
    summary: "The newest messages of a session, oldest first, and the run in progress.",
    params: closed({ sessionKey, ...params }),
    result: Open,
    run,
  }),
  defineMethod({
    name: "chat.startup",
    scope: "operator.read",
    summary: "Everything a chat page needs at start; same answer as chat.history.",
    params: closed({ sessionKey: Type.Optional(sessionKey), shortId: text, ...params }),
    result: Open,
    run,
  }),
  ...toolMethods,
];
