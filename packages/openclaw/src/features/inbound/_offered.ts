/** The commands that somebody may use in a conversation. */
import type { ChatCommand, ChatCommandCall, DynamicCommand } from "../../contracts/chat.ts";
import { commandsSection } from "../agents/index.ts";
import { Config } from "../config/index.ts";
import { ChatCommands } from "./_service-tokens.ts";
import { isOwner } from "./_rights.ts";

export type Offered = ChatCommand | DynamicCommand;

export async function commandsFor(
  call: Pick<ChatCommandCall, "use" | "principal" | "agentId">,
): Promise<readonly Offered[]> {
  const [all, config] = await Promise.all([call.use(ChatCommands), call.use(Config)]);
  const settings = config.current().section(commandsSection);
  const owner = isOwner(call.principal);
  return all.filter(({ flag, level }) => (flag === undefined || settings[flag]) && (level !== "owner" || owner));
}
