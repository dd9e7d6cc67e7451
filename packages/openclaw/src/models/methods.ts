/** `models.list`: what can be chosen. */
import { CurrentConfig } from "../contracts/bus.ts";
import { defineMethod } from "../contracts/method.ts";
import { Type, choice, closed } from "../contracts/schema.ts";
import type { ConfigSnapshot } from "../contracts/config.ts";
import { errors } from "./errors.ts";
import { agentModel, allowedRefs, entryProviders } from "./_source.ts";
import { thinkingDefault, thinkingLevels } from "./_thinking-levels.ts";
import { Models } from "./index.ts";
import type { ListedModel } from "./index.ts";

const Level = closed({ id: Type.String(), label: Type.String() });

const Row = closed({
  id: Type.String(),
  name: Type.String(),
  provider: Type.String(),
  contextWindow: Type.Optional(Type.Integer()),
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
    async run(call, params) {
      if (params.preparedOnly && params.refresh) throw errors.MODELS_LIST_CONFLICT();
      const [models, { current }] = await Promise.all([call.use(Models), call.use(CurrentConfig)]);
      const config = current();
      const rows = await models.list(
        config,
        params.view === "all" || params.view === "provider-config" ? "all" : "configured",
      );
      const first = models.defaultRef(config, agentModel(config, params.agentId));
      const shown = rows
        .filter((row) => inView(row, params.view ?? "default", config))
        .filter((row) => !params.provider || row.provider === params.provider);
      return { models: shown.map((row) => forClients(row, `${row.provider}/${row.row.id}` === first)) };
    },
  }),
];

function inView(listed: ListedModel, view: string, config: ConfigSnapshot): boolean {
  if (view === "provider-config") return entryProviders(config).has(listed.provider);
  const allowed = view === "default" ? allowedRefs(config) : undefined;
  return allowed === undefined || listed.isDefault || allowed.has(`${listed.provider}/${listed.row.id}`);
}

function forClients({ provider, row, alias, available }: ListedModel, isDefault: boolean) {
  return {
    id: row.id,
    name: row.name,
    provider,
    contextWindow: row.contextWindow,
    reasoning: row.reasoning,
    input: [...row.input],
    ...(isDefault && { tags: ["default"] }),
    ...(alias !== undefined && { alias }),
    available,
    thinkingLevels: thinkingLevels(row),
    thinkingDefault: thinkingDefault(row),
  };
}
