/** `agents.defaults.subagents` with the agent's own values over it. */
import type { Static } from "../../contracts/schema.ts";
import { agentsSection } from "../agents/index.ts";
import type { ConfigSnapshot } from "../config/index.ts";

type Defaults = Static<typeof agentsSection.schema>["defaults"];
export type SubagentSettings = NonNullable<Defaults["subagents"]>;

export function settingsOf(config: ConfigSnapshot, agentId: string): SubagentSettings {
  const { defaults, list } = config.section(agentsSection);
  const own = list?.find(({ id }) => id === agentId)?.subagents;
  return { ...defaults.subagents, ...own } as SubagentSettings;
}

/** Whether an agent may start another one; undefined in place of an id = all of them. */
export function mayStart(settings: Pick<SubagentSettings, "allowAgents">, own: string, wanted: string): boolean {
  const list = settings.allowAgents?.map((id) => id.trim().toLowerCase());
  return list === undefined ? wanted === own : list.includes("*") || list.includes(wanted);
}
