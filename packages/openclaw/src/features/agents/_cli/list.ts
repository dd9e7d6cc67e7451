/** Body of `agents list`: local, reads the configuration. */
import { table } from "../../../base/table.ts";
import type { CliContext } from "../../../contracts/cli.ts";
import { Models } from "../../../models/index.ts";
import { agentsOf } from "../_agents.ts";
import { describeMatch } from "../_bindings.ts";
import { resolveIdentity } from "../_identity.ts";
import { bindingsSection } from "../config.ts";

export async function run({ config, platform, use, options, out, global }: CliContext): Promise<void> {
  const snapshot = await config();
  const models = await use(Models);
  const rules = snapshot.section(bindingsSection);
  const agents = await Promise.all(
    agentsOf(snapshot, platform.paths, platform.env).map(async (agent) => {
      const { name, nameSource, ...identity } = await resolveIdentity(agent);
      const own = rules.filter(({ agentId }) => agentId === agent.id).map(({ match }) => describeMatch(match));
      return {
        id: agent.id,
        name,
        identity: { ...(nameSource === "default" ? {} : { name }), ...identity },
        identitySource: nameSource,
        workspace: agent.workspace,
        agentDir: agent.agentDir,
        model: models.defaultRef(snapshot, agent.model.primary),
        fallbacks: agent.model.fallbacks,
        isDefault: agent.isDefault,
        routes: own.length,
        ...(options["bindings"] === true ? { bindings: own } : {}),
      };
    }),
  );
  if (global.json) return out.json(agents);
  const rows = agents.map(({ id, isDefault, name, identity, model, routes, workspace }) => [
    isDefault ? `${id} (default)` : id,
    identity.emoji === undefined ? name : `${identity.emoji} ${name}`,
    model,
    String(routes),
    workspace,
  ]);
  for (const line of table([["Id", "Name", "Model", "Routes", "Workspace"].map(out.paint.bold), ...rows]))
    out.line(line);
  if (options["bindings"] !== true) return;
  for (const { id, bindings = [] } of agents) for (const rule of bindings) out.line(`${id} <- ${rule}`);
}
