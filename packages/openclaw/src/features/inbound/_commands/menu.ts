/** The commands for the menu of a chat network, the most useful first. */
import type { Channel, MenuCommand } from "../../../contracts/channel.ts";
import { commandsSection } from "../../agents/index.ts";
import { nativeNameOf } from "./described.ts";
import { available } from "./offered.ts";
import { menuRegistered } from "./rights.ts";
import { channelCommands } from "./scene.ts";
import { skillCommands } from "./skill-commands.ts";
import type { PipelineDeps } from "../pipeline.ts";

/** What people look for first; the others follow by name. */
const FIRST = ["help", "status", "new", "reset", "stop", "model", "think", "compact", "usage", "context", "commands"];

export async function commandMenu(
  deps: Pick<PipelineDeps, "use" | "config" | "commands" | "agents">,
  { id, commandMenu: menu }: Pick<Channel, "id" | "commandMenu">,
  account: string,
): Promise<readonly MenuCommand[]> {
  const config = deps.config.current();
  const settings = config.section(commandsSection);
  const own = channelCommands(config, id, account);
  const auto = menu?.auto ?? false;
  if (!menuRegistered(settings.native, own.native, auto)) return [];
  const native = available(deps.commands, config).filter((command) => command.native !== false);
  const skills = menuRegistered(settings.nativeSkills, own.nativeSkills, auto)
    ? await skillCommands(deps.use, { agentId: deps.agents.default(config).id, config })
    : [];
  const entry = (command: (typeof native)[number]): MenuCommand => ({
    name: nativeNameOf(command, id),
    description: command.summary,
    source: "source" in command ? (command.source as MenuCommand["source"]) : "native",
  });
  const aliases = native.flatMap((command) =>
    FIRST.filter((name) => command.aliases?.includes(name)).map((name) => ({ ...entry(command), name })),
  );
  return [...[...native.map(entry), ...aliases].toSorted(byUse), ...skills.map(entry)];
}

function byUse(a: MenuCommand, b: MenuCommand): number {
  const rank = ({ name }: MenuCommand) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  return rank(a) - rank(b) || (a.name < b.name ? -1 : 1);
}
