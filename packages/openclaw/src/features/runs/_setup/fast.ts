/** `/fast`: asks providers that have a word for it to answer sooner. */
import type { Endpoint } from "../../../contracts/model.ts";
import type { ConfigSnapshot } from "../../config/index.ts";

/** What the session says, else the agent, else the defaults; undefined where nobody says anything. */
export function fastMode(own: unknown, config: ConfigSnapshot, agentId: string): boolean | undefined {
  const list = config.at("agents.list");
  const agent = Array.isArray(list)
    ? (list.find((one: { id?: unknown }) => String(one.id).toLowerCase() === agentId) as
        | { readonly fastModeDefault?: unknown }
        | undefined)
    : undefined;
  const said = [own, agent?.fastModeDefault, config.at("agents.defaults.fastModeDefault")];
  return said.find((value): value is boolean => typeof value === "boolean");
}

/** Vendors' own hosts only: a proxy may not know the field. What the operator set for the model wins. */
export function withSpeed(endpoint: Endpoint, fast: boolean | undefined): Endpoint {
  const tier = endpoint.native && fast !== undefined ? tierOf(endpoint.provider, fast) : undefined;
  return tier === undefined ? endpoint : { ...endpoint, extraBody: { service_tier: tier, ...endpoint.extraBody } };
}

function tierOf(provider: string, fast: boolean): string | undefined {
  if (provider === "openai") return fast ? "priority" : undefined;
  if (provider === "anthropic") return fast ? "auto" : "standard_only";
  return undefined;
}
