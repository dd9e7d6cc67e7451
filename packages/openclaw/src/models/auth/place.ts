/** Whose logins are meant, and where they are kept. */
import { join } from "node:path";
import type { Env } from "../../base/env.ts";
import { pathFrom } from "../../base/path.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { Paths } from "../../contracts/service.ts";

export const STORE_NAME = "auth-profiles.json";

interface Entry {
  readonly id?: unknown;
  readonly default?: unknown;
  readonly agentDir?: unknown;
}

function entries(config: ConfigSnapshot): readonly Entry[] {
  const list = config.at("agents.list");
  return Array.isArray(list) && list.length > 0 ? list : [{ id: "main" }];
}

/** The agent that is meant when none is named. */
export function defaultAgentId(config: ConfigSnapshot): string {
  const list = entries(config);
  const chosen = list.find((entry) => entry.default === true) ?? list[0];
  return typeof chosen?.id === "string" ? chosen.id : "main";
}

/** All agents of the configuration. */
export function agentIds(config: ConfigSnapshot): readonly string[] {
  return entries(config).flatMap(({ id }) => (typeof id === "string" ? [id] : []));
}

/** Folder of an agent's logins: its own `agentDir`, for the default agent `OPENCLAW_AGENT_DIR`, else the usual one. */
export function agentDirOf(
  config: ConfigSnapshot,
  agentId: string,
  { paths, env }: { paths: Paths; env: Env },
): string {
  const own = entries(config).find(({ id }) => id === agentId)?.agentDir;
  if (typeof own === "string") return pathFrom(paths.home, own, paths.home);
  const told = (env["OPENCLAW_AGENT_DIR"] || env["PI_CODING_AGENT_DIR"])?.trim();
  if (told && agentId === defaultAgentId(config)) return pathFrom(paths.home, told, paths.home);
  return join(paths.state, "agents", agentId, "agent");
}
