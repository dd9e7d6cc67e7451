/** The skills that people may call, as commands of their own. */
import type { DynamicCommand } from "../../../contracts/chat.ts";
import type { ConfigSnapshot } from "../../../contracts/config.ts";
import type { Use } from "../../../contracts/service.ts";
import { Agents } from "../../agents/index.ts";
import { Skills } from "../../skills/index.ts";
import { Catalog } from "./catalog.ts";
import { ChatCommands } from "../_service-tokens.ts";

export async function skillCommands(
  use: Use,
  { agentId, config }: { readonly agentId: string; readonly config: ConfigSnapshot },
): Promise<readonly DynamicCommand[]> {
  const [skills, agents, own] = await Promise.all([use(Skills), use(Agents), use(ChatCommands)]);
  const agent = agents.get(agentId, config) ?? agents.default(config);
  const caller = new Catalog(own).find("skill");
  if (!caller) return [];
  const reserved = own.flatMap(({ name, aliases = [] }) => [name, ...aliases].map((one) => one.replaceAll("-", "_")));
  const commands = await skills.commands({ agent, config, reserved });
  return commands.map(({ name, description, skill }) => ({
    name,
    summary: description,
    category: "tools",
    source: "skill",
    args: [{ name: "input", description: "What to do with it", captureRemaining: true }],
    run: (call) => caller.run({ ...call, rest: `${skill.name} ${call.rest}`.trim() }),
  }));
}
