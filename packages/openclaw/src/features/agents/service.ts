import { provide } from "../../contracts/service.ts";
import type { ServiceContext } from "../../contracts/service.ts";
import { Prose } from "../../contracts/bus.ts";
import { Config } from "../config/index.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import { agentsOf } from "./_agents.ts";
import { Prompts } from "./_prompt/assemble.ts";
import { Roster } from "./_roster.ts";
import { prepare } from "./_workspace.ts";
import { agentsSection } from "./config.ts";
import { Agents } from "./index.ts";
import type { Agent, AgentsService } from "./index.ts";

export const services = [provide(Agents, makeAgents)];

async function makeAgents({ use, platform }: ServiceContext): Promise<AgentsService> {
  const config = await use(Config);
  const prepared = new Set<string>();
  const prompts = new Prompts(platform);
  const list = (snapshot: ConfigSnapshot = config.current()) => agentsOf(snapshot, platform.paths, platform.env);

  const fallback = (snapshot?: ConfigSnapshot): Agent => {
    const all = list(snapshot);
    const chosen = all.find((agent) => agent.isDefault) ?? all[0];
    if (!chosen) throw new Error("there is always at least one agent");
    return chosen;
  };

  return {
    list,
    roster: new Roster(config, platform),
    get: (id, snapshot) => list(snapshot).find((agent) => agent.id === id.toLowerCase()),
    default: fallback,
    async prepareWorkspace(agent, snapshot) {
      if (prepared.has(agent.workspace)) return;
      const { defaults } = snapshot.section(agentsSection);
      const prose = await use(Prose);
      await prepare(agent.workspace, {
        skipBootstrap: defaults.skipBootstrap,
        skipOptional: defaults.skipOptionalBootstrapFiles ?? [],
        template: (name) => prose[`features/agents/templates/${name}`],
      });
      prepared.add(agent.workspace);
    },
    prompt: async (request) => prompts.of(request, await use(Prose)),
  };
}
