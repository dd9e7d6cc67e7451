/** Whose files are looked at, and which of them. Pure. */
import type { StoredMedia } from "../_store.ts";
import type { Capability, CapabilitySettings } from "./settings.ts";

export interface Chat {
  readonly channel: string;
  readonly chatType: string;
  readonly sessionKey: string;
}

/** The first rule that fits counts. */
export function inScope({ scope }: Pick<CapabilitySettings, "scope">, chat: Chat): boolean {
  const rule = scope?.rules?.find(({ match = {} }) => {
    const { channel, chatType, keyPrefix } = match;
    return (
      (channel === undefined || channel.toLowerCase() === chat.channel.toLowerCase()) &&
      (chatType === undefined || sameType(chatType, chat.chatType)) &&
      (keyPrefix === undefined || chat.sessionKey.toLowerCase().startsWith(keyPrefix.toLowerCase()))
    );
  });
  return (rule?.action ?? scope?.default ?? "allow") === "allow";
}

/** `room` is what some networks call a channel, `dm` an older name of a direct chat. */
function sameType(wanted: string, actual: string): boolean {
  const plain = (type: string) => (type === "room" ? "channel" : type === "dm" ? "direct" : type);
  return plain(wanted) === plain(actual);
}

export function chosen(
  files: readonly StoredMedia[],
  capability: Capability,
  { attachments = {} }: Pick<CapabilitySettings, "attachments">,
): readonly StoredMedia[] {
  const { mode = "first", maxAttachments = 1, prefer = "first" } = attachments;
  const fitting = files.filter(({ kind }) => kind === capability);
  const ordered = prefer === "last" ? fitting.toReversed() : fitting;
  const taken = new Set(ordered.slice(0, mode === "all" ? maxAttachments : 1));
  return files.filter((file) => taken.has(file));
}
