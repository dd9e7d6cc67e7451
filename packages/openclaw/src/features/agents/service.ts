import { provide } from "../../contracts/service.ts";
import type { ServiceContext } from "../../contracts/service.ts";
import { Prose } from "../../contracts/bus.ts";
import { Config } from "../config/index.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import { agentsOf } from "./_agents.ts";
import { FileCache } from "./_file-cache.ts";
import { buildPrompt } from "./_prompt.ts";
import { Roster } from "./_roster.ts";
import { injected, prepare } from "./_workspace.ts";
import { agentsSection } from "./config.ts";
import { Agents } from "./index.ts";
import type { Agent, AgentsService } from "./index.ts";

export const services = [provide(Agents, makeAgents)];

async function makeAgents({ use, platform }: ServiceContext): Promise<AgentsService> {
  const config = await use(Config);
  const prepared = new Set<string>();
  const cache = new FileCache(4 * 1024 * 1024);
  const list = (snapshot: ConfigSnapshot = config.current()) => agentsOf(snapshot, platform.paths, platform.env);
  const log = platform.log.for("agents");

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
    async prompt(request) {
      const { defaults } = request.config.section(agentsSection);
      const prose = await use(Prose);
      const override = defaults.systemPromptOverride?.trim();
      const extra = request.extra?.trim();
      if (override) return [override, ...(extra ? [extra] : [])].map((text, at) => ({ text, stable: at === 0 }));
      const files =
        defaults.contextInjection === "never"
          ? []
          : await injected(request.agent.workspace, {
              maxChars: defaults.bootstrapMaxChars,
              totalMaxChars: defaults.bootstrapTotalMaxChars,
              isMain: request.isMain,
              reduced: false,
              files: cache,
              log,
            });
      return buildPrompt({
        request,
        files,
        prose: (name) => prose[`features/agents/prompt/${name}.md`] ?? "",
        timezone: defaults.userTimezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
        hourCycle: String(defaults.timeFormat ?? "auto") === "12" ? "12-hour" : "24-hour",
      });
    },
  };
}
