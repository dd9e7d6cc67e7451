/** `models.*`: what can be chosen, and for whom there is a key. */
import { defineMethod } from "../contracts/method.ts";
import { Type, choice, closed } from "../contracts/schema.ts";
import { listModels } from "./_list.ts";

const Level = closed({ id: Type.String(), label: Type.String() });

const Row = closed({
  id: Type.String(),
  name: Type.String(),
  provider: Type.String(),
  contextWindow: Type.Optional(Type.Integer()),
  /** Only with `includeDetails`; prices in dollars per million tokens. */
  maxTokens: Type.Optional(Type.Integer()),
  cost: Type.Optional(
    closed({ input: Type.Number(), output: Type.Number(), cacheRead: Type.Number(), cacheWrite: Type.Number() }),
  ),
  reasoning: Type.Optional(Type.Boolean()),
  input: Type.Optional(Type.Array(choice(["text", "image"]))),
  tags: Type.Optional(Type.Array(Type.String())),
  alias: Type.Optional(Type.String()),
  available: Type.Boolean(),
  thinkingLevels: Type.Array(Level),
  thinkingDefault: Type.String(),
});

export const methods = [
  defineMethod({
    name: "models.list",
    scope: "operator.read",
    summary: "Models that can be chosen, the default first.",
    params: closed({
      view: Type.Optional(choice(["default", "configured", "all", "provider-config"])),
      agentId: Type.Optional(Type.String({ maxLength: 64 })),
      sessionKey: Type.Optional(Type.String({ maxLength: 512 })),
      provider: Type.Optional(Type.String({ maxLength: 100 })),
      includeDetails: Type.Optional(Type.Boolean()),
      preparedOnly: Type.Optional(Type.Boolean()),
      refresh: Type.Optional(Type.Boolean()),
    }),
    result: closed({ models: Type.Array(Row) }),
    run: (call, params) => listModels(call, params),
  }),
  defineMethod({
    name: "models.authStatus",
    scope: "operator.read",
    summary: "Which providers have a credential, and where it comes from.",
    params: closed({
      agentId: Type.Optional(Type.String({ maxLength: 64 })),
      refresh: Type.Optional(Type.Boolean()),
    }),
    open: true,
    result: closed({
      ts: Type.Integer(),
      providers: Type.Array(
        closed({
          provider: Type.String(),
          displayName: Type.String(),
          status: choice(["ok", "expiring", "expired", "missing", "static"]),
          profiles: Type.Array(
            closed({
              profileId: Type.String(),
              type: Type.String(),
              status: Type.String(),
              expiry: Type.Optional(closed({ at: Type.Number(), remainingMs: Type.Number() })),
            }),
          ),
          apiKey: Type.Optional(closed({ source: choice(["config", "env"]) })),
        }),
      ),
    }),
    run: async (call, { agentId }) => (await import("./_auth-status.ts")).authStatus(call, agentId),
  }),
];
