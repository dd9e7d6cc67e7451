/** Body of `agents unbind`. */
import type { CliContext } from "../../../contracts/cli.ts";
import { Config } from "../../config/index.ts";
import { describeMatch, unbind } from "../_bindings.ts";
import { errors } from "../errors.ts";
import { agentOf, bindsOf } from "./_flags.ts";

export async function run(context: CliContext): Promise<number | void> {
  const { use, options, out, global } = context;
  const binds = bindsOf(options);
  const all = options["all"] === true;
  if (all && binds.length > 0) throw errors.AGENT_FLAGS_EXCLUSIVE({ flags: "--all and --bind" });
  if (!all && binds.length === 0) throw errors.AGENT_FLAG_MISSING({ flag: "--bind or --all", command: "unbind" });
  const agent = await agentOf(context);
  const { removed, missing } = await unbind(await use(Config), agent.id, all ? "all" : binds);
  if (global.json) {
    out.json({
      ok: missing.length === 0,
      agentId: agent.id,
      removed: removed.map(describeMatch),
      missing: missing.map(describeMatch),
    });
  } else {
    for (const match of removed) out.line(`Removed: ${describeMatch(match)} no longer leads to ${agent.id}`);
    for (const match of missing) out.note(`Not there: ${describeMatch(match)} does not lead to ${agent.id}`);
    if (removed.length + missing.length === 0) out.line(`No rules lead to ${agent.id}.`);
  }
  return missing.length > 0 ? 1 : undefined;
}
