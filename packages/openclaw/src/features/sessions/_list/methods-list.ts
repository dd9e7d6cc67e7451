/** Reading: the list of conversations, one of them, and which one is meant. */
import { Type, choice, closed } from "../../../contracts/schema.ts";
import { defineMethod } from "../../../contracts/method.ts";
import { AgentId, Flag, Key, Open, keyOf } from "../_methods-params.ts";
import { Sessions } from "../index.ts";

const name = Type.Optional(Type.String({ minLength: 1, maxLength: 512 }));
const people = {
  ownerFirst: Flag,
  creatorId: name,
  ownerId: name,
  involvingMe: Flag,
  includePeople: Flag,
  includeActivitySummary: Flag,
};

export const listMethods = [
  defineMethod({
    name: "sessions.list",
    scope: "operator.read",
    summary: "Lists conversations, newest first.",
    params: closed({
      limit: Type.Optional(Type.Integer({ minimum: 1, description: "Default 100" })),
      offset: Type.Optional(Type.Integer({ minimum: 0 })),
      activeMinutes: Type.Optional(Type.Integer({ minimum: 1, description: "Only those changed since" })),
      includeGlobal: Flag,
      includeUnknown: Flag,
      includeDerivedTitles: Flag,
      includeLastMessage: Flag,
      label: name,
      spawnedBy: name,
      agentId: AgentId,
      search: Type.Optional(Type.String({ maxLength: 200, description: "Part of key, label, name or session id" })),
      sortBy: name,
      pinned: Flag,
      configuredAgentsOnly: Flag,
      archived: Type.Optional(Type.Union([Type.Boolean(), Type.Literal("all")])),
      excludeSubagents: Flag,
      ...people,
    }),
    result: closed({
      ts: Type.Integer(),
      path: Type.String({ description: "Where the list is mirrored; `(multiple)` for several agents" }),
      count: Type.Integer(),
      totalCount: Type.Integer(),
      limitApplied: Type.Integer(),
      offset: Type.Integer(),
      nextOffset: Type.Union([Type.Integer(), Type.Null()]),
      hasMore: Type.Boolean(),
      defaults: Open,
      owners: Type.Array(Open),
      sessions: Type.Array(Open),
    }),
    run: async (call, params) => (await import("./list.ts")).list(call, params),
  }),
  defineMethod({
    name: "sessions.describe",
    scope: "operator.read",
    summary: "One conversation, or null.",
    params: closed({ key: Key, agentId: AgentId, includeDerivedTitles: Flag, includeLastMessage: Flag }),
    result: closed({ session: Type.Union([Open, Type.Null()]) }),
    async run(call, params) {
      const sessions = await call.use(Sessions);
      const row = await sessions.get(await keyOf(call, params.key, params.agentId));
      return { session: row ? ((await sessions.views([row]))[0] ?? null) : null };
    },
  }),
  defineMethod({
    name: "sessions.resolve",
    scope: "operator.read",
    summary: "Finds the key of a conversation by one of its names.",
    params: closed({
      key: name,
      sessionId: name,
      label: name,
      shortId: name,
      reference: name,
      agentId: AgentId,
      spawnedBy: name,
      includeGlobal: Flag,
      includeUnknown: Flag,
    }),
    result: closed({
      ok: Type.Literal(true),
      key: Type.String(),
      agentId: Type.String(),
      candidates: Type.Optional(Type.Array(closed({ key: Type.String(), agentId: Type.String() }))),
    }),
    run: async (call, params) => (await import("./resolve.ts")).resolve(call, params),
  }),
  defineMethod({
    name: "sessions.preview",
    scope: "operator.read",
    summary: "The newest lines of several conversations.",
    params: closed({
      keys: Type.Array(Key, { minItems: 1, description: "The first 64 count" }),
      limit: Type.Optional(Type.Integer({ minimum: 1, description: "Lines of each; default 12" })),
      maxChars: Type.Optional(Type.Integer({ minimum: 20, description: "Characters of a line; default 240" })),
    }),
    result: closed({
      ts: Type.Integer(),
      previews: Type.Array(
        closed({
          key: Type.String(),
          status: choice(["ok", "empty", "missing", "error"]),
          items: Type.Array(
            closed({ role: choice(["user", "assistant", "tool", "system", "other"]), text: Type.String() }),
          ),
        }),
      ),
    }),
    run: async (call, params) => (await import("./preview.ts")).preview(call, params),
  }),
];
