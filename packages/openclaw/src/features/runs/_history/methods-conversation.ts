/** Reading conversations and putting something into them: `chat.history`, `.startup`, `.message.get`, `.inject`, `sessions.get`, `.compact`. */
import { Type, closed } from "../../../contracts/schema.ts";
import { defineMethod } from "../../../contracts/method.ts";
import type { MethodCall } from "../../../contracts/method.ts";
import { resolveSession } from "../../sessions/index.ts";
import { history } from "./history.ts";
import type { HistoryQuestion } from "./history.ts";

const Open = Type.Record(Type.String(), Type.Unknown());
const text = Type.Optional(Type.String({ maxLength: 512 }));
const sessionKey = Type.String({ minLength: 1, maxLength: 512 });

const params = {
  agentId: text,
  sessionId: Type.Optional(Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$" })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: "Default 200" })),
  maxChars: Type.Optional(Type.Integer({ minimum: 1, description: "Characters of one text" })),
  maxBytes: Type.Optional(Type.Integer({ minimum: 1, description: "Bytes of all messages" })),
  offset: Type.Optional(Type.Integer({ minimum: 0, description: "Messages to leave out at the new end" })),
  messageId: Type.Optional(Type.String({ maxLength: 512, description: "The page around this message" })),
  cursor: Type.Optional(Type.String({ maxLength: 2048, description: "`deltaCursor` of an earlier answer" })),
};

type Given = Partial<HistoryQuestion> & { readonly shortId?: string };

async function run(call: MethodCall, { shortId, ...given }: Given) {
  const named = given.sessionKey ?? (shortId === undefined ? "main" : (await resolveSession(call, { shortId })).key);
  return history(call, { ...given, sessionKey: named, limit: given.limit ?? 200, offset: given.offset ?? 0 });
}

export const conversationMethods = [
  defineMethod({
    name: "chat.history",
    scope: "operator.read",
    summary:
      "The newest messages of a session, oldest first, and the run in progress; with a cursor only what came since (`kind: delta`) or `kind: reset`.",
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
  defineMethod({
    name: "chat.message.get",
    scope: "operator.read",
    summary: "One message of a session as it was stored.",
    params: closed({
      sessionKey,
      messageId: Type.String({ minLength: 1, maxLength: 512 }),
      agentId: text,
      maxChars: Type.Optional(Type.Integer({ minimum: 1 })),
    }),
    result: Type.Object({ sessionKey: Type.String(), message: Open }),
    run: async (call, given) => (await import("./conversation.ts")).messageOf(call, given),
  }),
  defineMethod({
    name: "chat.inject",
    scope: "operator.admin",
    summary: "Writes a text into a session as if the assistant had said it. No run, no delivery.",
    params: closed({
      sessionKey,
      message: Type.String({ minLength: 1, maxLength: 2_000_000 }),
      label: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
      agentId: text,
    }),
    result: closed({ ok: Type.Literal(true), messageId: Type.String() }),
    run: async (call, given) => (await import("./conversation.ts")).inject(call, given),
  }),
  defineMethod({
    name: "sessions.get",
    scope: "operator.read",
    summary: "The messages of a session.",
    hidden: true,
    open: true,
    params: closed({ key: sessionKey, limit: params.limit, agentId: text }),
    result: Type.Object({ messages: Type.Array(Open) }),
    async run(call, { key, limit, agentId }) {
      const { messages } = await run(call, { sessionKey: key, ...(limit === undefined ? {} : { limit }), agentId });
      return { messages: messages as Record<string, unknown>[] };
    },
  }),
  defineMethod({
    name: "sessions.compact",
    scope: "operator.admin",
    summary:
      "Summarises a session to make room; with maxLines cuts it down to its newest lines and keeps the whole transcript beside it.",
    params: closed({
      key: sessionKey,
      agentId: text,
      maxLines: Type.Optional(
        Type.Integer({ minimum: 1, description: "Lines that stay; without it a model summarises" }),
      ),
      instructions: Type.Optional(Type.String({ maxLength: 2000, description: "What the summary is to keep in view" })),
    }),
    result: Type.Object({
      ok: Type.Literal(true),
      key: Type.String(),
      compacted: Type.Boolean(),
      result: Type.Optional(
        Type.Object({
          summary: Type.String(),
          firstKeptEntryId: Type.String(),
          tokensBefore: Type.Integer(),
          tokensAfter: Type.Integer(),
          details: Open,
        }),
      ),
      kept: Type.Optional(Type.Integer()),
      archived: Type.Optional(Type.String()),
      reason: Type.Optional(Type.String()),
    }),
    run: async (call, given) => (await import("./conversation.ts")).compact(call, given),
  }),
];
