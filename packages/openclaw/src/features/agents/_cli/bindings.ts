/** Body of `agents bindings`. */
import type { CliContext } from "../../../contracts/cli.ts";
import { describeMatch } from "../_bindings.ts";
import { bindingsSection } from "../config.ts";
import { agentOf, textOf } from "./_flags.ts";

export async function run(context: CliContext): Promise<void> {
  const { config, options, out, global } = context;
  const rules = (await config()).section(bindingsSection);
  const only = textOf(options, "agent") === undefined ? undefined : (await agentOf(context)).id;
  const shown = rules.filter(({ agentId }) => only === undefined || agentId === only);
  if (global.json)
    return out.json(shown.map(({ agentId, match }) => ({ agentId, match, description: describeMatch(match) })));
  if (shown.length === 0) return out.line("No rules: the default agent answers everywhere.");
  for (const { agentId, match } of shown) out.line(`${agentId} <- ${describeMatch(match)}`);
}
