/** Where the answer of a hook's run goes. */
import type { Address } from "../../contracts/envelope.ts";
import type { ChannelsService } from "../channels/index.ts";
import type { SessionRow } from "../sessions/index.ts";
import type { AgentAction } from "./_action.ts";
import { errors } from "./errors.ts";

/** The channel that is meant where nothing was ever said anywhere. */
const FALLBACK = "whatsapp";

/** `main`: the session whose last chat counts. Throws `HOOK_CHANNEL_UNKNOWN`, `HOOK_CHANNEL_OFF` or `HOOK_TARGET_MISSING`. */
export function targetOf(
  action: Pick<AgentAction, "deliver" | "channel" | "to">,
  channels: Pick<ChannelsService, "known" | "defaultAccount">,
  main: SessionRow | undefined,
): Address | undefined {
  const wanted = action.channel.toLowerCase();
  const known = channels.known.map(({ id }) => id);
  if (wanted !== "last" && !known.includes(wanted)) throw errors.HOOK_CHANNEL_UNKNOWN({ known });
  if (action.deliver === "no") return undefined;
  const last = lastChat(main);
  const channel = wanted === "last" ? (last?.channel ?? FALLBACK) : wanted;
  const account = channels.defaultAccount(channel);
  if (wanted !== "last" && account === undefined) throw errors.HOOK_CHANNEL_OFF({ channel });
  if (action.to !== undefined && account !== undefined)
    return { channel, account: last?.channel === channel ? last.account : account, ...chatOf(action.to) };
  if (action.to === undefined && last?.channel === channel) return last;
  if (action.deliver === "wish") return undefined;
  throw errors.HOOK_TARGET_MISSING({ channel: wanted });
}

/** Where the session was last talked to on a chat network. */
function lastChat(row: SessionRow | undefined): Address | undefined {
  const { lastChannel, lastTo, lastAccountId, chatType } = row?.entry ?? {};
  if (lastChannel === undefined || lastTo === undefined || lastChannel === "webchat") return undefined;
  const kind = chatType === "group" || chatType === "channel" ? chatType : "direct";
  return { channel: lastChannel, account: lastAccountId ?? "default", kind, chat: lastTo };
}

/** `group:<id>` and `channel:<id>` say what they are; a leading minus is a group's on the networks that have it. */
function chatOf(to: string): Pick<Address, "kind" | "chat"> {
  const named = /^(group|channel|direct|dm|user):(.+)$/i.exec(to);
  const kind = named?.[1]?.toLowerCase();
  if (named?.[2] !== undefined && kind !== undefined)
    return { kind: kind === "group" || kind === "channel" ? kind : "direct", chat: named[2] };
  return { kind: to.startsWith("-") ? "group" : "direct", chat: to };
}
