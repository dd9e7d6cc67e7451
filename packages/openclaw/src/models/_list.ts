/** Models as clients choose among them. */
import { CurrentConfig } from "../contracts/bus.ts";
import type { ConfigSnapshot } from "../contracts/config.ts";
import type { MethodCall } from "../contracts/method.ts";
import { compact } from "../base/text.ts";
import { errors } from "./errors.ts";
import { providerId } from "./_providers.ts";
import { agentModel, allowedRefs, entryProviders } from "./_source.ts";
import { thinkingDefault, thinkingLevels } from "./_thinking-levels.ts";
import { Models, Vendors } from "./_service-tokens.ts";
import type { ListedModel } from "./index.ts";

interface ListQuestion {
  readonly view?: "default" | "configured" | "all" | "provider-config";
  readonly agentId?: string | undefined;
  readonly provider?: string;
  readonly preparedOnly?: boolean;
  readonly refresh?: boolean;
  readonly includeDetails?: boolean;
}

/** The answer of `models.list`. */
export async function listModels(call: Pick<MethodCall, "use">, params: ListQuestion) {
  if (params.preparedOnly && params.refresh) throw errors.MODELS_LIST_CONFLICT();
  const [models, { current }, vendors] = await Promise.all([
    call.use(Models),
    call.use(CurrentConfig),
    call.use(Vendors),
  ]);
  const config = current();
  const provider = params.provider ? providerId(params.provider, vendors) : undefined;
  const view = params.view ?? "default";
  const rows = await models.list(
    config,
    view === "all" || view === "provider-config" ? "all" : "configured",
    compact({ refresh: params.refresh ? ("now" as const) : undefined, provider, agentId: params.agentId }),
  );
  const first = models.defaultRef(config, agentModel(config, params.agentId));
  const entries = new Set([...entryProviders(config)].map((id) => providerId(id, vendors)));
  const shown = rows
    .filter((row) => (view === "provider-config" ? entries.has(row.provider) : isChoice(row, view, config)))
    .filter((row) => provider === undefined || row.provider === provider);
  return {
    models: shown.map((listed) => ({
      ...forClients(listed, `${listed.provider}/${listed.row.id}` === first),
      ...(params.includeDetails ? details(listed) : {}),
    })),
  };
}

function isChoice(listed: ListedModel, view: string, config: ConfigSnapshot): boolean {
  const allowed = view === "default" ? allowedRefs(config) : undefined;
  return allowed === undefined || listed.isDefault || allowed.has(`${listed.provider}/${listed.row.id}`);
}

/** What a client that shows a model on a page of its own wants besides. */
function details({ row }: ListedModel) {
  return { maxTokens: row.maxTokens, ...(row.cost && { cost: { ...row.cost } }) };
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
