/** `/config show|get|set|unset`. */
import json5 from "json5";
import type { ChatCommandCall, ChatOutcome } from "../../contracts/chat.ts";
import { elide, fenced } from "../../base/text.ts";
import { errors } from "./errors.ts";
import { checkWrites } from "./_writes-from.ts";
import { Config } from "./index.ts";
import { valueAt } from "./_path.ts";

const USAGE = "⚙️ Usage: /config show|get [path], /config set path=value, /config unset path";
const MAX_SHOWN = 3000;
/** What stands in the place of a secret that is not shown. */
const MASK = "__OPENCLAW_REDACTED__";

export async function config(call: ChatCommandCall): Promise<ChatOutcome> {
  const [, action = "", rest = ""] = /^(\S*)\s*([\s\S]*)$/.exec(call.rest) ?? [];
  switch (action.toLowerCase()) {
    case "show":
    case "get":
      return { reply: await show(call, rest.trim()) };
    case "set":
      return { reply: await set(call, rest.trim()) };
    case "unset":
      return { reply: await unset(call, rest.trim()) };
    default:
      return { reply: USAGE };
  }
}

async function show(call: ChatCommandCall, path: string): Promise<string> {
  const service = await call.use(Config);
  const { parsed } = await service.read();
  const value = valueAt(parsed, path);
  if (value === undefined) return `⚙️ ${path === "" ? "The configuration is empty." : `\`${path}\` is not set.`}`;
  const text = JSON.stringify(service.redact(value, path), null, 2);
  return `⚙️ Config${path === "" ? "" : ` \`${path}\``}:\n${fenced(elide(text, MAX_SHOWN))}`;
}

async function set(call: ChatCommandCall, rest: string): Promise<string> {
  const equals = rest.indexOf("=");
  const path = rest.slice(0, equals).trim();
  if (equals <= 0 || path === "") return USAGE;
  const service = await call.use(Config);
  checkWrites(call, service.current().at(`channels.${call.address.channel}`));
  const value = valueOf(rest.slice(equals + 1).trim());
  if (JSON.stringify(value).includes(MASK))
    throw errors.CONFIG_WRITE_REJECTED({ reason: "a masked secret is no value" });
  await service.edit({ path, value });
  return `⚙️ Config updated: \`${path}\` = ${JSON.stringify(service.redact(value, path))}`;
}

async function unset(call: ChatCommandCall, path: string): Promise<string> {
  if (path === "") return USAGE;
  const service = await call.use(Config);
  checkWrites(call, service.current().at(`channels.${call.address.channel}`));
  await service.edit({ path, remove: true });
  return `⚙️ Config updated: \`${path}\` removed.`;
}

/** JSON5 where it is that, else the text itself. */
function valueOf(text: string): unknown {
  try {
    return json5.parse(text) as unknown;
  } catch {
    return text;
  }
}
