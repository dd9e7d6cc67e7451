/** `/allowlist [list|add|remove] [dm|group] [--channel <id>] [--account <id>] <entry>`. */
import type { ChatCommandCall, ChatOutcome } from "../../contracts/chat.ts";
import { isOwner } from "../../contracts/principal.ts";
import { Config, checkWrites } from "../config/index.ts";
import { errors } from "./errors.ts";

const USAGE = "⚙️ Usage: /allowlist [list|add|remove] [dm|group] [--channel <id>] [--account <id>] <entry>";

interface Asked {
  readonly action: "list" | "add" | "remove";
  readonly scope: "dm" | "group";
  readonly channel: string;
  /** Absent: the lists of the channel itself. */
  readonly account: string | undefined;
  readonly entry: string | undefined;
}

export async function allowlist(call: ChatCommandCall): Promise<ChatOutcome> {
  const asked = read(call);
  if (!asked) return { reply: USAGE };
  const service = await call.use(Config);
  const config = service.current();
  if (config.at(`channels.${asked.channel}`) === undefined) throw errors.ALLOWLIST_PLACE({ channel: asked.channel });
  if (asked.action === "list") return { reply: listed(asked, (path) => config.at(path)) };
  if (asked.entry === undefined) return { reply: USAGE };
  if (!isOwner(call.principal)) throw errors.ALLOWLIST_FOR_OWNERS();
  if (config.at("commands.config") !== true) throw errors.ALLOWLIST_OFF();
  checkWrites(call, config.at(`channels.${call.address.channel}`));
  const path = pathOf(asked);
  const before = entries(config.at(path));
  const known = before.includes(asked.entry);
  if (known === (asked.action === "add"))
    return { reply: `⚙️ ${asked.entry} is ${known ? "already" : "not"} in \`${path}\`.` };
  const after = known ? before.filter((entry) => entry !== asked.entry) : [...before, asked.entry];
  await service.edit({ path, value: after });
  return { reply: `⚙️ ${known ? "Removed" : "Added"} ${asked.entry} ${known ? "from" : "to"} \`${path}\`.` };
}

function listed(asked: Asked, at: (path: string) => unknown): string {
  const lines = (["dm", "group"] as const).map((scope) => {
    const path = pathOf({ ...asked, scope });
    const own = entries(at(path));
    return `\`${path}\`: ${own.length === 0 ? "empty" : own.join(", ")}`;
  });
  return ["🔐 Allow-lists", ...lines, "Whoever was approved by a pairing code may write directly besides."].join("\n");
}

function pathOf({ channel, account, scope }: Asked): string {
  const place = account === undefined ? `channels.${channel}` : `channels.${channel}.accounts.${account}`;
  return `${place}.${scope === "dm" ? "allowFrom" : "groupAllowFrom"}`;
}

function entries(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

const ID = /^[a-z0-9_-]{1,64}$/i;

function read({ rest, address }: ChatCommandCall): Asked | undefined {
  const words = rest.split(/\s+/).filter((word) => word !== "");
  const flag = (name: string): string | undefined => {
    const at = words.indexOf(name);
    return at < 0 ? undefined : words.splice(at, 2)[1];
  };
  const channel = flag("--channel") ?? address.channel;
  const account = flag("--account");
  const action = take(words, ["list", "add", "remove"]) ?? "list";
  const scope = take(words, ["dm", "group"]) ?? "dm";
  const sound = ID.test(channel) && (account === undefined || ID.test(account)) && words.length <= 1;
  return sound ? { action, scope, channel: channel.toLowerCase(), account, entry: words[0] } : undefined;
}

/** The first word, when it is one of these. */
function take<T extends string>(words: string[], known: readonly T[]): T | undefined {
  const word = known.find((one) => one === words[0]?.toLowerCase());
  if (word !== undefined) words.shift();
  return word;
}
