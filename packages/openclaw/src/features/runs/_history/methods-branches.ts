/** Conversations as trees: `sessions.fork`, `.rewind`, `.branches.list`, `.branches.switch`. */
import { Type, closed } from "../../../contracts/schema.ts";
import { defineMethod } from "../../../contracts/method.ts";

const name = (description: string) => Type.String({ minLength: 1, maxLength: 512, description });
const agentId = Type.Optional(name("Agent the key belongs to"));
const expectedSessionId = Type.Optional(name("Refuse when the session has another id by now"));
const done = closed({ ok: Type.Literal(true), key: Type.String(), messageId: Type.String() });

export const branchMethods = [
  defineMethod({
    name: "sessions.fork",
    scope: "operator.write",
    summary: "Begins a new session with what another one knows, up to a message where one is named.",
    params: closed({
      key: name("Session that is taken over"),
      agentId,
      messageId: Type.Optional(name("The last message that is taken over")),
      newKey: Type.Optional(name("Key of the new session; made when absent")),
      label: Type.Optional(name("Its label")),
    }),
    result: closed({
      ok: Type.Literal(true),
      key: Type.String(),
      sessionId: Type.String(),
      parentSessionKey: Type.String(),
      messages: Type.Integer(),
    }),
    run: async (call, params) => (await import("./branches.ts")).fork(call, params),
  }),
  defineMethod({
    name: "sessions.rewind",
    scope: "operator.admin",
    summary: "Takes a conversation back to a message; what came after it stays as a branch.",
    params: closed({
      key: name("Session"),
      agentId,
      messageId: name("The message that it goes on after"),
      before: Type.Optional(Type.Boolean({ description: "It goes on in the place of this message instead" })),
      expectedSessionId,
    }),
    result: done,
    run: async (call, params) => (await import("./branches.ts")).turn(call, params, "rewind"),
  }),
  defineMethod({
    name: "sessions.branches.list",
    scope: "operator.read",
    summary: "Lists the branches of a conversation, the one that it goes on with first.",
    open: true,
    params: closed({ sessionKey: Type.Optional(name("Session")), key: Type.Optional(name("Session")), agentId }),
    result: closed({
      branches: Type.Array(
        closed({
          id: Type.String({ description: "Its newest message" }),
          active: Type.Boolean(),
          messages: Type.Integer(),
          updatedAt: Type.Integer(),
          preview: Type.String({ description: "Beginning of what the person said last" }),
          forkId: Type.Union([Type.String(), Type.Null()], {
            description: "The last message that it shares with the active branch",
          }),
          firstId: Type.Optional(Type.String({ description: "Its first message after that" })),
          firstAt: Type.Optional(Type.Integer()),
        }),
      ),
    }),
    run: async (call, params) => (await import("./branches.ts")).list(call, params),
  }),
  defineMethod({
    name: "sessions.branches.switch",
    scope: "operator.admin",
    summary: "Goes on with another branch of a conversation.",
    params: closed({
      key: name("Session"),
      agentId,
      branchId: name("Newest message of the branch"),
      expectedSessionId,
    }),
    result: done,
    run: async (call, { branchId, ...params }) =>
      (await import("./branches.ts")).turn(call, { ...params, messageId: branchId }, "branch"),
  }),
];
