/**
 * Step 7 of the toolset: what a group or channel permits. Of the four places the first that says something counts:
 * the sender's entry of this group, the group's own, the sender's entry of `*`, and that of `*`. A sender is who the
 * platform says by its stable id; entries by user name or display name (`username:`, `name:`) are no identity and
 * are not looked at.
 */
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { Principal } from "../../contracts/principal.ts";
import { parseKey } from "../sessions/index.ts";
import type { AllowDeny } from "./toolset.ts";

/** Undefined outside of groups, and where nothing is said. */
export function groupTools(
  config: ConfigSnapshot,
  { sessionKey, principal }: { readonly sessionKey: string; readonly principal: Principal },
): AllowDeny | undefined {
  const place = placeOf(sessionKey);
  if (!place) return undefined;
  const { channel, group } = place;
  const { account, sender } = senderOf(principal, channel);
  const settings = [
    ...(account === undefined ? [] : [at(config, "channels", channel, "accounts", account)]),
    at(config, "channels", channel),
  ];
  for (const holder of settings) {
    for (const name of ["groups", "channels"]) {
      const rooms = record(record(holder)?.[name]);
      for (const key of [group, "*"]) {
        const room = roomOf(rooms, key);
        const found = ofSender(record(room?.["toolsBySender"]), sender) ?? listOf(room?.["tools"]);
        if (found) return found;
      }
    }
  }
  return undefined;
}

/** `agent:<id>:<channel>:group:<group>[:topic:…]`. */
function placeOf(sessionKey: string): { readonly channel: string; readonly group: string } | undefined {
  const match = /^([^:]+):(?:group|channel|room):(.+?)(?::(?:topic|thread):.*)?$/.exec(
    parseKey(sessionKey)?.rest ?? "",
  );
  return match?.[1] !== undefined && match[2] !== undefined ? { channel: match[1], group: match[2] } : undefined;
}

/** People of a channel are known as `<channel>:<account>:<id>`. */
function senderOf(principal: Principal, channel: string): { readonly account?: string; readonly sender?: string } {
  const [of, account, ...rest] = principal.id.split(":");
  if (principal.kind !== "person" || of !== channel || account === undefined || rest.length === 0) return {};
  return { account, sender: rest.join(":") };
}

/** Keys of sessions are lower case; those of the configuration are as the platform writes them. */
function roomOf(rooms: Settings | undefined, key: string): Settings | undefined {
  const name = Object.keys(rooms ?? {}).find((written) => written.toLowerCase() === key.toLowerCase());
  return name === undefined ? undefined : record(rooms?.[name]);
}

function ofSender(entries: Settings | undefined, sender: string | undefined): AllowDeny | undefined {
  if (!entries) return undefined;
  const wanted = sender === undefined ? [] : [sender, `id:${sender}`, `e164:${sender}`];
  for (const name of [...wanted, "*"]) {
    const key = Object.keys(entries).find((written) => written.toLowerCase() === name.toLowerCase());
    const found = key === undefined ? undefined : listOf(entries[key]);
    if (found) return found;
  }
  return undefined;
}

type Settings = Readonly<Record<string, unknown>>;

function listOf(value: unknown): AllowDeny | undefined {
  const lists = record(value);
  if (!lists) return undefined;
  const names = (list: unknown): string[] => (Array.isArray(list) ? list.map(String) : []);
  const allow = [...names(lists["allow"]), ...names(lists["alsoAllow"])];
  return { allow, deny: names(lists["deny"]) };
}

function at(config: ConfigSnapshot, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => record(value)?.[key], config.root);
}

function record(value: unknown): Settings | undefined {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Settings) : undefined;
}
