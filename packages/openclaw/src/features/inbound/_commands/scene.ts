/** What holds for commands in one conversation: who asks, what is understood there, what is allowed. */
import type { ChatCommand, ChatCommandCall } from "../../../contracts/chat.ts";
import { isOwner } from "../../../contracts/principal.ts";
import type { ConfigSnapshot } from "../../config/index.ts";
import { closedElevatedGate } from "../../policy/index.ts";
import { commandsSection } from "../../agents/index.ts";
import { runIdOf, sendFile } from "./answer.ts";
import { isAuthorized, menuRegistered, parsingOn, refusalOf, senderKeys } from "./rights.ts";
import type { Asker, CommandSettings, Parsing, Refusal } from "./rights.ts";
import type { PipelineDeps } from "../pipeline.ts";
import type { Routed } from "../route.ts";

export interface Scene {
  readonly config: ConfigSnapshot;
  readonly settings: CommandSettings;
  readonly asker: Asker;
  readonly parsing: Parsing;
  /** Whether the sender may use commands at all. */
  readonly authorized: boolean;
  /** Signed in rather than known by a chat network: is told why a command is refused. */
  readonly signedIn: boolean;
  readonly owner: boolean;
  closedGate(): string | undefined;
  refusal(command: ChatCommand): Refusal | undefined;
  call(typed: string, rest: string): ChatCommandCall;
}

export function sceneOf(deps: PipelineDeps, routed: Routed): Scene {
  const { principal, agentId, sessionKey, row } = routed;
  const { address, from } = row.envelope;
  const config = deps.config.current();
  const settings = config.section(commandsSection);
  const own = channelCommands(config, address.channel, address.account);
  const channel = deps.outbound.known(address.channel, address.account)?.channel;
  const normalize = (entry: string) => channel?.normalizeSender(entry) ?? entry.toLowerCase();
  const keys = channel ? senderKeys(from, channel) : [...senderKeys(from, undefined), sessionKey];
  const ownersOnly = own.enforceOwnerForCommands === true;
  const asker: Asker = { principal, channel: address.channel, keys, normalize, ownersOnly };
  const closedGate = () =>
    closedElevatedGate(config, { agentId, channel: address.channel, senderKeys: keys, principal, normalize });
  const menu = channel?.commandMenu;
  const registered = menu !== undefined && menuRegistered(settings.native, own.native, menu.auto);
  return {
    config,
    settings,
    asker,
    parsing: parsingOn(settings.text, { exists: menu !== undefined, registered }),
    authorized: isAuthorized(asker, settings),
    signedIn: principal.kind !== "person",
    owner: isOwner(principal),
    closedGate,
    refusal: (command) => refusalOf(command, { asker, settings, closedGate }),
    call: (typed, rest) => ({
      use: deps.use,
      platform: deps.platform,
      sessionKey,
      agentId,
      principal,
      address,
      from,
      senderKeys: keys,
      requestId: runIdOf(routed),
      rest,
      typed,
      signal: deps.closing,
      ...(channel?.capabilities.media === true && { sendFile: (path, how) => sendFile(deps, routed, path, how) }),
    }),
  };
}

export interface ChannelCommands {
  readonly native?: boolean | "auto";
  readonly nativeSkills?: boolean | "auto";
  readonly enforceOwnerForCommands?: boolean;
}

/** `commands` of an account over that of its channel. */
export function channelCommands(config: ConfigSnapshot, channel: string, account: string): ChannelCommands {
  const of = (path: string) => config.at(path) as ChannelCommands | undefined;
  return { ...of(`channels.${channel}.commands`), ...of(`channels.${channel}.accounts.${account}.commands`) };
}
