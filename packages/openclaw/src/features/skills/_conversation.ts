/** Lists of skills that belong to a conversation: `channels.<channel>.groups.<chat>.skills` and the like. */
import type { Address } from "../../contracts/envelope.ts";
import type { ConfigSnapshot } from "../config/index.ts";

type Dict = Readonly<Record<string, unknown>>;

/** Names of places that hold chats, and of those in which such places lie. */
const CHATS = ["groups", "channels"];
const HOLDERS = ["guilds", "teams"];

/**
 * The only skills of a group or channel; undefined where nothing is said, and for direct chats. What stands nearer wins: the thread, the chat,
 * `*` for all chats; an account's own settings before those of the channel.
 */
export function skillsOfConversation(
  config: Pick<ConfigSnapshot, "at">,
  { channel, account, kind, chat, thread }: Address,
): readonly string[] | undefined {
  if (kind === "direct") return undefined;
  const all = dict(dict(config.at("channels"))[channel]);
  const places = [dict(dict(all["accounts"])[account]), all].flatMap((settings) => [
    settings,
    ...HOLDERS.flatMap((holder) => Object.values(dict(settings[holder])).map(dict)),
  ]);
  for (const name of [chat, "*"]) {
    for (const place of places) {
      for (const chats of CHATS) {
        const found = dict(dict(place[chats])[name]);
        const topics = dict(found["topics"]);
        const own = thread === undefined ? undefined : words(dict(topics[thread])["skills"]);
        const list = own ?? words(found["skills"]);
        if (list !== undefined) return list;
      }
    }
  }
  return undefined;
}

function dict(value: unknown): Dict {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Dict) : {};
}

function words(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.map(String) : undefined;
}
