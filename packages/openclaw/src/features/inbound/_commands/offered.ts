/** The commands that somebody may use in a conversation. */
import type { ChatCommand, ChatCommandCall, DynamicCommand } from "../../../contracts/chat.ts";
import type { ConfigSnapshot } from "../../../contracts/config.ts";
import { commandsSection } from "../../agents/index.ts";
import { Config } from "../../config/index.ts";
import { isOwner } from "../../../contracts/principal.ts";
import { ChatCommands } from "../_service-tokens.ts";
import { skillCommands } from "./skill-commands.ts";

export type Offered = ChatCommand | DynamicCommand;

export async function commandsFor(
  call: Pick<ChatCommandCall, "use" | "principal" | "agentId">,
): Promise<readonly Offered[]> {
  const config = (await call.use(Config)).current();
  const owner = isOwner(call.principal);
  const own = available(await call.use(ChatCommands), config);
  const skills = await skillCommands(call.use, { agentId: call.agentId, config });
  return [...own, ...skills].filter(({ level }) =>
    level === "owner" ? owner : level !== "member" || call.principal.role !== "guest",
  );
}

/** Without what is switched off. */
export function available(all: readonly ChatCommand[], config: ConfigSnapshot): readonly ChatCommand[] {
  const settings = config.section(commandsSection);
  return all.filter(({ flag }) => flag === undefined || settings[flag]);
}
