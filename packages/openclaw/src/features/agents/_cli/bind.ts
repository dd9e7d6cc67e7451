/** Body of `agents bind`. */
import type { CliContext } from "../../../contracts/cli.ts";
import { Config } from "../../config/index.ts";
import { bind, planBind } from "../_bindings.ts";
import { bindingsSection } from "../config.ts";
import { errors } from "../errors.ts";
import { agentOf, bindsOf } from "./_flags.ts";
import { bindData, sayBindings } from "./_report.ts";

export async function run(context: CliContext): Promise<number | void> {
  const { use, options, out, global } = context;
  const binds = bindsOf(options);
  if (binds.length === 0) throw errors.AGENT_FLAG_MISSING({ flag: "--bind", command: "bind" });
  const [agent, config] = await Promise.all([agentOf(context), use(Config)]);
  const plan = planBind(config.current().section(bindingsSection), agent.id, binds);
  await bind(config, agent.id, plan);
  if (global.json) out.json({ ok: plan.conflicts.length === 0, agentId: agent.id, ...bindData(plan) });
  else sayBindings(out, agent.id, plan, config.current().at("channels"));
  return plan.conflicts.length > 0 ? 1 : undefined;
}
