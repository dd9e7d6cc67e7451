/** Agents as the configuration describes them. */
import { join } from "node:path";
import { pathFrom } from "../../base/path.ts";
import { compact } from "../../base/text.ts";
import type { Static } from "../../contracts/schema.ts";
import type { Paths } from "../../contracts/service.ts";
import type { Env } from "../../base/env.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import { agentsSection } from "./config.ts";
import type { Agent } from "./index.ts";

type AgentsConfig = Static<typeof agentsSection.schema>;
type AgentEntry = NonNullable<AgentsConfig["list"]>[number];
type ModelSetting = AgentEntry["model"];

/** Every configured agent, the default one marked; without a list there is one agent, `main`. */
export function agentsOf(config: ConfigSnapshot, paths: Paths, env: Env): readonly Agent[] {
  const { defaults, list } = config.section(agentsSection);
  const entries: readonly AgentEntry[] = list && list.length > 0 ? list : [{ id: "main" }];
  const chosen = entries.find((entry) => entry.default === true) ?? entries[0];
  return entries.map((entry) => {
    const isDefault = entry === chosen;
    return {
      id: entry.id,
      name: entry.name ?? entry.identity?.name ?? (entry.id === "main" ? "Assistant" : entry.id),
      ...(entry.name === undefined ? {} : { configuredName: entry.name }),
      isDefault,
      workspace: workspaceOf(entry, defaults.workspace, { isDefault, paths, env }),
      agentDir:
        entry.agentDir === undefined
          ? join(paths.state, "agents", entry.id, "agent")
          : pathFrom(paths.home, entry.agentDir, paths.home),
      identity: compact({ ...entry.identity }),
      model: mergeModel(entry.model, defaults.model),
      ...((entry.thinkingDefault ?? defaults.thinkingDefault) === undefined
        ? {}
        : { thinkingDefault: entry.thinkingDefault ?? defaults.thinkingDefault }),
    } as Agent;
  });
}

function workspaceOf(
  entry: AgentEntry,
  fallback: string | undefined,
  place: { isDefault: boolean; paths: Paths; env: Env },
): string {
  const { paths, env } = place;
  if (entry.workspace !== undefined) return pathFrom(paths.home, entry.workspace, paths.home);
  if (place.isDefault || entry.id === "main") {
    if (fallback !== undefined) return pathFrom(paths.home, fallback, paths.home);
    const profile = env["OPENCLAW_PROFILE"];
    return join(paths.state, profile && profile !== "default" ? `workspace-${profile}` : "workspace");
  }
  return join(paths.state, `workspace-${entry.id}`);
}

/** A string replaces the primary only; an object replaces what it names, `fallbacks: []` included. */
function mergeModel(own: ModelSetting, inherited: ModelSetting): Agent["model"] {
  const base = typeof inherited === "string" ? { primary: inherited } : (inherited ?? {});
  const over = typeof own === "string" ? { primary: own } : (own ?? {});
  const primary = over.primary ?? base.primary;
  return { ...(primary === undefined ? {} : { primary }), fallbacks: over.fallbacks ?? base.fallbacks ?? [] };
}
