/** Whether anything may be sent to a session: its own setting, else the rules of `session.sendPolicy`. */
import type { SessionRow } from "../../store/index.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import { parseKey, sessionSection } from "../sessions/index.ts";

export function deniedBy(config: ConfigSnapshot, { key, entry }: SessionRow): boolean {
  if (entry.sendPolicy === "deny") return true;
  if (entry.sendPolicy === "allow") return false;
  const { rules = [], default: otherwise } = config.section(sessionSection).sendPolicy;
  const channel = entry.channel ?? entry.lastChannel;
  const fitting = rules.filter(({ match }) => {
    const { channel: wanted, chatType, keyPrefix, rawKeyPrefix } = match ?? {};
    return (
      (wanted === undefined || wanted.toLowerCase() === channel) &&
      (chatType === undefined || canonicalType(chatType) === canonicalType(entry.chatType ?? "direct")) &&
      (keyPrefix === undefined || (parseKey(key)?.rest ?? key).startsWith(keyPrefix.toLowerCase())) &&
      (rawKeyPrefix === undefined || key.startsWith(rawKeyPrefix.toLowerCase()))
    );
  });
  if (fitting.some(({ action }) => action === "deny")) return true;
  return fitting.length === 0 && otherwise === "deny";
}

function canonicalType(type: string): string {
  return type === "channel" ? "room" : type === "dm" ? "direct" : type;
}
