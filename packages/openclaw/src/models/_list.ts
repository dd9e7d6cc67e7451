/** Models as clients choose among them. */
import { CurrentConfig } from "../contracts/bus.ts";
import type { ConfigSnapshot } from "../contracts/config.ts";
import type { MethodCall } from "../contracts/method.ts";
import { errors } from "./errors.ts";
import { agentModel, allowedRefs, entryProviders } from "./_source.ts";
import { thinkingDefault, thinkingLevels } from "./_thinking-levels.ts";
import { Models } from "./_service-tokens.ts";
import type { ListedModel } from "./index.ts";

interface ListQuestion {
  readonly view?: "default" | "configured" | "all" | "provider-config";
  readonly agentId?: string | undefined;
  readonly provider?: string;
  readonly preparedOnly?: boolean;
  readonly refresh?: boolean;
}

/** The answer of `models.list`. */
export async function listModels(call: Pick<MethodCall, "use">, params: ListQuestion) {
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
}

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
