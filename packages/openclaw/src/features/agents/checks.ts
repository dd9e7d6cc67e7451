import { Fault, errorText } from "../../base/errors.ts";
import { join } from "node:path";
import { list } from "../../base/files.ts";
import { realPath } from "../../base/open.ts";
import { defineCheck, type CheckContext, type Finding } from "../../contracts/check.ts";
import { Models } from "../../models/index.ts";
import { Config } from "../config/index.ts";
import { Agents, type Agent } from "./index.ts";

export const checks = [
  defineCheck({
    id: "agents.models",
    kind: "doctor",
    summary: "The model of every agent is known and has a key.",
    needsConfig: true,
    async run(context) {
      const agents = await context.use(Agents);
      return Promise.all(agents.list().map((agent) => modelOf(agent, context)));
    },
  }),
  defineCheck({
    id: "agents.folders",
    kind: "doctor",
    summary: "No two agents share a folder for their logins.",
    needsConfig: true,
    run: foldersOf,
  }),
  defineCheck({
    id: "agents.strays",
    kind: "doctor",
    summary: "Workspaces and folders belong to agents that are configured.",
    needsConfig: true,
    run: strays,
  }),
];

/** Agents that share what must not be shared, wherever the paths lead. */
async function foldersOf({ use }: CheckContext): Promise<readonly Finding[]> {
  const agents = (await use(Agents)).list();
  const byFolder = Map.groupBy(
    await Promise.all(agents.map(async ({ id, agentDir }) => ({ id, dir: await realPath(agentDir) }))),
    ({ dir }) => dir,
  );
  const shared = [...byFolder].filter(([, those]) => those.length > 1);
  if (shared.length === 0) return [{ level: "ok", message: "Every agent has a folder of its own for its logins." }];
  return shared.map(([dir, those]) => ({
    level: "error",
    message: `Agents ${those.map(({ id }) => id).join(", ")} share ${dir} for their logins.`,
    remedy: "Give each its own agentDir, or leave agentDir out: openclaw config unset agents.list[n].agentDir",
  }));
}

/** Folders of agents that are no longer configured. */
async function strays({ use, platform }: CheckContext): Promise<readonly Finding[]> {
  const agents = (await use(Agents)).list();
  const { state } = platform.paths;
  const known = new Set(agents.map(({ id }) => id));
  const used = new Set(agents.map(({ workspace }) => workspace));
  const folders = (await list(join(state, "agents")))
    .filter((id) => !known.has(id))
    .map((id) => join(state, "agents", id));
  const workspaces = (await list(state))
    .filter((name) => name === "workspace" || name.startsWith("workspace-"))
    .map((name) => join(state, name))
    .filter((path) => !used.has(path));
  const stray = [...folders, ...workspaces];
  if (stray.length === 0)
    return [{ level: "ok", message: "Every folder of an agent belongs to one that is configured." }];
  return stray.map((path) => ({
    level: "info",
    message: `${path} belongs to no agent that is configured.`,
    remedy: "Configure an agent for it with: openclaw agents add, or move it away.",
  }));
}

async function modelOf({ id, model }: Agent, { use }: CheckContext): Promise<Finding> {
  const [models, config] = await Promise.all([use(Models), use(Config)]);
  const snapshot = config.current();
  const ref = models.defaultRef(snapshot, model.primary);
  try {
    const { api } = await models.resolve(ref, snapshot);
    if (api !== "offline") return { level: "ok", message: `Agent ${id} uses ${ref}.` };
    return {
      level: "info",
      message: `Agent ${id} uses the built-in offline model, which only knows a few plain requests.`,
      remedy:
        "Set a key such as ANTHROPIC_API_KEY or OPENAI_API_KEY, choose a model from: openclaw models list --all, then run: openclaw config set agents.defaults.model.primary <provider/model>",
    };
  } catch (error) {
    return {
      level: "error",
      message: `Agent ${id} cannot use ${ref}: ${errorText(error)}`,
      ...(error instanceof Fault ? { remedy: error.remedy } : {}),
    };
  }
}
