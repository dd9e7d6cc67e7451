/** `sessions.search`: what was said, and where. */
import { Type, choice, closed } from "../../../contracts/schema.ts";
import { defineMethod } from "../../../contracts/method.ts";
import { AgentId, Open } from "../_methods-params.ts";

const role = choice(["user", "assistant", "tool"]);
const time = (description: string) => Type.Optional(Type.Integer({ minimum: 0, description }));

export const searchMethods = [
  defineMethod({
    name: "sessions.search",
    scope: "operator.read",
    summary: "Finds what was said in conversations, the newest first, and conversations by their names.",
    params: closed({
      query: Type.String({
        minLength: 1,
        maxLength: 500,
        description: 'Words that a message holds all of, whatever their case; "a phrase" as it is',
      }),
      agentId: AgentId,
      key: Type.Optional(Type.String({ minLength: 1, maxLength: 512, description: "Only this conversation" })),
      roles: Type.Optional(
        Type.Array(role, { minItems: 1, maxItems: 3, description: "Whose messages; default user and assistant" }),
      ),
      archived: Type.Optional(
        Type.Boolean({ description: "Also what was said before resets, and archived conversations; default true" }),
      ),
      since: time("Epoch ms: said then or later"),
      until: time("Epoch ms: said before"),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: "Messages; default 20" })),
      cursor: Type.Optional(
        Type.String({ minLength: 1, maxLength: 2000, description: "`nextCursor` of the page before" }),
      ),
      timeoutMs: Type.Optional(
        Type.Integer({ minimum: 100, maximum: 30_000, description: "Time to spend; default 5000" }),
      ),
    }),
    result: closed({
      ts: Type.Integer(),
      query: Type.String(),
      count: Type.Integer(),
      results: Type.Array(
        closed({
          sessionKey: Type.Optional(Type.String({ description: "Absent when it is not known any more" })),
          agentId: Type.String(),
          sessionId: Type.String(),
          entryId: Type.String(),
          role,
          timestamp: Type.Integer({ description: "Epoch ms" }),
          excerpt: Type.String(),
          matches: Type.Array(Type.Tuple([Type.Integer(), Type.Integer()]), {
            description: "Where the words stand in the excerpt: start and length",
          }),
          archived: Type.Boolean({ description: "Said before the conversation was reset or archived" }),
          title: Type.Optional(Type.String()),
        }),
      ),
      sessions: Type.Array(Open, { description: "Rows whose names hold the words; on the first page only" }),
      complete: Type.Boolean({ description: "Everything was looked through" }),
      stopped: choice(["end", "limit", "time", "bytes"]),
      nextCursor: Type.Union([Type.String(), Type.Null()]),
      searched: closed({ files: Type.Integer(), bytes: Type.Integer() }),
    }),
    run: async (call, params) => (await import("./search.ts")).search(call, params),
  }),
];
