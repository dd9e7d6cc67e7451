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

/** Why a login is not used now, and for how long; `next`: it would be taken. */
const standing = {
  next: Type.Optional(Type.Boolean()),
  reason: Type.Optional(Type.String()),
  until: Type.Optional(Type.Number({ description: "Epoch ms: end of the pause" })),
  model: Type.Optional(Type.String({ description: "The only model that is concerned" })),
  renewable: Type.Optional(Type.Boolean()),
};

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
      refresh: Type.Optional(Type.Boolean({ description: "Look for model servers on this machine" })),
      all: Type.Optional(Type.Boolean({ description: "Also providers that nobody has connected, and how to" })),
    }),
    open: true,
    result: closed({
      ts: Type.Integer(),
      servers: Type.Optional(
        Type.Array(
          closed({
            ref: Type.String(),
            label: Type.String(),
            where: Type.String(),
            provider: closed({ id: Type.String(), config: Type.Record(Type.String(), Type.Unknown()) }),
          }),
          { description: "Only with `refresh`; `provider` is the entry of `models.providers` that makes `ref` work" },
        ),
      ),
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
              ...standing,
            }),
          ),
          apiKey: Type.Optional(
            closed({ source: choice(["config", "env"]), name: Type.String(), status: Type.String(), ...standing }),
          ),
          keyEnv: Type.Optional(Type.Array(Type.String(), { description: "Only with `all`, as what follows" })),
          ways: Type.Optional(Type.Array(closed({ id: Type.String(), label: Type.String(), kind: Type.String() }))),
          note: Type.Optional(Type.String()),
          local: Type.Optional(Type.Boolean()),
          chat: Type.Optional(Type.Boolean({ description: "False: it speaks, hears, draws or searches only" })),
        }),
      ),
    }),
    run: async (call, params) => (await import("./_auth-status.ts")).authStatus(call, params),
  }),
];
