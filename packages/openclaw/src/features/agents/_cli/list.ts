/** Body of `agents list`: local, reads the configuration. */
import { table } from "../../base/table.ts";
import type { CliContext } from "../../contracts/cli.ts";
import { Models } from "../../models/index.ts";
import { agentsOf } from "./_agents.ts";
import { bindingsSection } from "./config.ts";

export async function run({ config, platform, use, out, global }: CliContext): Promise<void> {
  const snapshot = await config();
  const models = await use(Models);
  const routes = snapshot.section(bindingsSection);
  const agents = agentsOf(snapshot, platform.paths, platform.env).map(({ id, name, identity, ...agent }) => ({
    id,
    name,
    identity,
    workspace: agent.workspace,
    model: models.defaultRef(snapshot, agent.model.primary),
    fallbacks: agent.model.fallbacks,
    isDefault: agent.isDefault,
    routes: routes.filter(({ agentId }) => agentId === id).length,
  }));
  if (global.json) return out.json(agents);
  const rows = agents.map(({ id, isDefault, name, identity, model, routes: count, workspace }) => [
    isDefault ? `${id} (default)` : id,
    identity.emoji === undefined ? name : `${identity.emoji} ${name}`,
    model,
    String(count),
    workspace,
  ]);
  for (const line of table([["Id", "Name", "Model", "Routes", "Workspace"].map(out.paint.bold), ...rows]))
    out.line(line);
}
