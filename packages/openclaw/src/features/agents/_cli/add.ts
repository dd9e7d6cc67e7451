/** Body of `agents add`: asks, or takes what flags say. */
import { join, resolve } from "node:path";
import { cwd } from "node:process";
import { Fault } from "../../../base/errors.ts";
import { pathFrom } from "../../../base/path.ts";
import type { CliContext } from "../../../contracts/cli.ts";
import { Models } from "../../../models/index.ts";
import { Config } from "../../config/index.ts";
import { bind, planBind } from "../_bindings.ts";
import { slug } from "../_roster.ts";
import { bindingsSection } from "../config.ts";
import { errors } from "../errors.ts";
import { Agents } from "../index.ts";
import { canAsk, interview } from "./_ask.ts";
import { bindsOf, textOf } from "./_flags.ts";
import { bindData, sayBindings } from "./_report.ts";

const FLAGS = ["workspace", "model", "agentDir", "bind"];

export async function run(context: CliContext): Promise<number | void> {
  const { use, options, out, global } = context;
  const binds = bindsOf(options);
  const { name, workspace } = await wishes(context);
  const id = slug(name);
  if (id === "main") throw errors.AGENT_RESERVED({ id });
  const [agents, config] = await Promise.all([use(Agents), use(Config)]);
  const model = textOf(options, "model");
  const agentDir = textOf(options, "agentDir");
  const agent = await agents.roster.create({
    name,
    workspace,
    ...(model === undefined ? {} : { model }),
    ...(agentDir === undefined ? {} : { agentDir: resolve(agentDir) }),
  });
  const plan = planBind(config.current().section(bindingsSection), agent.id, binds);
  await bind(config, agent.id, plan);
  const { created } = await agents.prepareWorkspace(agent, config.current());
  if (global.json) {
    out.json({
      ok: true,
      agentId: agent.id,
      name: agent.name,
      workspace: agent.workspace,
      agentDir: agent.agentDir,
      ...(model === undefined ? {} : { model }),
      bindings: bindData(plan),
    });
  } else {
    out.line(`Added agent ${agent.id}.`);
    out.line(`Workspace: ${agent.workspace}${created.length === 0 ? "" : " (made)"}`);
    sayBindings(out, agent.id, plan, config.current().at("channels"));
    if (binds.length === 0)
      out.line(out.named(`Next: openclaw agents bind --agent ${agent.id} --bind <channel[:account]>`));
  }
  const lacking = model === undefined ? undefined : await lackOf(context, model, agent.id);
  if (lacking !== undefined) out.note(lacking);
  return plan.conflicts.length > 0 ? 1 : undefined;
}

/** Why its model cannot be asked yet. */
async function lackOf({ use }: CliContext, model: string, agentId: string): Promise<string | undefined> {
  const [models, config] = await Promise.all([use(Models), use(Config)]);
  try {
    await models.resolve(model, config.current(), { agentId });
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return `${error.message} ${error.remedy}`;
    throw error;
  }
}

/** Any flag means that nothing is asked: then name and workspace must be there. */
async function wishes(context: CliContext): Promise<{ readonly name: string; readonly workspace: string }> {
  const { args, options, platform, signal } = context;
  const name = args[0]?.trim() ?? "";
  const workspace = textOf(options, "workspace");
  if (FLAGS.some((flag) => options[flag] !== undefined) || !canAsk(context)) {
    if (name === "") throw errors.AGENT_NAME_MISSING();
    if (workspace === undefined) throw errors.AGENT_FLAG_MISSING({ flag: "--workspace", command: "add" });
    return { name, workspace: resolve(workspace) };
  }
  return interview(signal, async (ask) => {
    const chosen = name === "" ? await ask("Name of the agent") : name;
    if (chosen === undefined || chosen === "") throw errors.AGENT_NAME_MISSING();
    if (slug(chosen) === "") throw errors.AGENT_NAME_UNUSABLE({ name: chosen });
    const folder = await ask("Workspace", join(platform.paths.state, `workspace-${slug(chosen)}`));
    if (folder === undefined) throw errors.AGENT_FLAG_MISSING({ flag: "--workspace", command: "add" });
    return { name: chosen, workspace: pathFrom(cwd(), folder, platform.paths.home) };
  });
}
