/** Who may use a command. Pure. */
import type { Channel } from "../../../contracts/channel.ts";
import type { ChatCommand } from "../../../contracts/chat.ts";
import type { Sender } from "../../../contracts/envelope.ts";
import { isOwner } from "../../../contracts/principal.ts";
import type { Principal } from "../../../contracts/principal.ts";
import type { Static } from "../../../contracts/schema.ts";
import type { commandsSection } from "../../agents/index.ts";

export type CommandSettings = Static<typeof commandsSection.schema>;

export interface Asker {
  readonly principal: Principal;
  readonly channel: string;
  /** Spellings for allow-lists, normalised. */
  readonly keys: readonly string[];
  readonly normalize: (entry: string) => string;
  /** `channels.<id>.commands.enforceOwnerForCommands`. */
  readonly ownersOnly: boolean;
}

/** What keeps somebody from a command. `flag`: switched off for everybody. */
export type Refusal = "unauthorized" | "member" | "owner" | "elevated" | "flag";

export interface RightsQuestion {
  readonly asker: Asker;
  readonly settings: CommandSettings;
  /** The gate of elevated mode that is closed; asked only for commands that need it. */
  readonly closedGate: () => string | undefined;
}

export function refusalOf(
  command: Pick<ChatCommand, "level" | "flag">,
  { asker, settings, closedGate }: RightsQuestion,
): Refusal | undefined {
  if (!isAuthorized(asker, settings)) return "unauthorized";
  if (command.level === "member" && asker.principal.role === "guest") return "member";
  if (command.level === "owner" && !isOwner(asker.principal)) return "owner";
  if (command.flag !== undefined && settings[command.flag] !== true) return "flag";
  if (command.level === "elevated" && closedGate() !== undefined) return "elevated";
  return undefined;
}

/** Whether this sender may use commands at all. Whoever got this far passed the lists of the channel. */
export function isAuthorized(
  { principal, channel, keys, normalize, ownersOnly }: Asker,
  { allowFrom }: CommandSettings,
): boolean {
  if (ownersOnly && !isOwner(principal)) return false;
  if (principal.role === "stranger") return false;
  // Devices were let in by their own login; the lists name people on chat networks.
  if (allowFrom === undefined || principal.kind !== "person") return true;
  const entries = allowFrom[channel] ?? allowFrom["*"] ?? [];
  return entries.some((entry) => {
    const text = String(entry).trim();
    return text === "*" || keys.includes(normalize(text));
  });
}

/** How a sender may be written in a list. */
export function senderKeys(from: Sender, channel: Channel | undefined): readonly string[] {
  if (!channel) return [from.id.toLowerCase()];
  return [channel.normalizeSender(from.id), ...(channel.senderKeys?.(from) ?? [])];
}

/** What is understood on a surface: everything, what its own menu offers, or nothing. */
export type Parsing = "all" | "menu" | "none";

/** `menu`: whether the network has a menu of commands, and whether ours is registered there. */
export function parsingOn(text: boolean, menu: { readonly exists: boolean; readonly registered: boolean }): Parsing {
  if (text || !menu.exists) return "all";
  return menu.registered ? "menu" : "none";
}

/** `auto` is what the network stands for itself. */
export function menuRegistered(
  setting: boolean | "auto" | undefined,
  own: boolean | "auto" | undefined,
  auto: boolean,
) {
  const wish = own ?? setting ?? "auto";
  return wish === "auto" ? auto : wish;
}
