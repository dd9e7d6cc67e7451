import { provide } from "../../contracts/service.ts";
import type { ServiceContext } from "../../contracts/service.ts";
import { infoNow } from "../../base/files.ts";
import { Prose } from "../../contracts/bus.ts";
import { Models } from "../../models/index.ts";
import { Config } from "../config/index.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import { agentsOf } from "./_agents.ts";
import { resolveIdentity } from "./_identity.ts";
import { Prompts } from "./_prompt/assemble.ts";
import { Roster } from "./_roster.ts";
import { initRepository, prepare } from "./_workspace.ts";
import type { Prepared } from "./_workspace.ts";
import { agentsSection } from "./config.ts";
import { Agents } from "./index.ts";
import type { Agent, AgentsService } from "./index.ts";

export const services = [provide(Agents, makeAgents)];

async function makeAgents({ use, platform }: ServiceContext): Promise<AgentsService> {
  const config = await use(Config);
  const prepared = new Map<string, Pick<Prepared, "created" | "kept">>();
  const log = platform.log.for("agents");
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
    roster: new Roster(config, platform, () => use(Models)),
    get: (id, snapshot) => list(snapshot).find((agent) => agent.id === id.toLowerCase()),
    default: fallback,
    identity: resolveIdentity,
    async prepareWorkspace(agent, snapshot, variant) {
      const known = prepared.get(agent.workspace);
      if (known && infoNow(agent.workspace)) return known;
      const { defaults } = snapshot.section(agentsSection);
      const prose = await use(Prose);
      const done = await prepare(agent.workspace, {
        skipBootstrap: defaults.skipBootstrap,
        skipOptional: defaults.skipOptionalBootstrapFiles ?? [],
        template: (name) =>
          (variant === "dev" ? prose[`features/agents/templates/${name.replace(/md$/, "dev.md")}`] : undefined) ??
          prose[`features/agents/templates/${name}`],
        skipRitual: variant === "dev",
      });
      if (done.problem !== undefined)
        log.warn("files of a workspace are missing and cannot be written", {
          workspace: agent.workspace,
          reason: done.problem,
        });
      if (done.isNew) await initRepository(agent.workspace, platform);
      prepared.set(agent.workspace, { created: [], kept: [...done.kept, ...done.created] });
      return done;
    },
    prompt: async (request) => prompts.of(request, await use(Prose)),
  };
}
