/** `session.sendPolicy`: whether what a session says is delivered. */
import type { Address } from "../../contracts/envelope.ts";
import type { Static } from "../../contracts/schema.ts";
import { parseKey } from "./_keys.ts";
import type { sessionSection } from "./config.ts";

type Policy = Static<typeof sessionSection.schema>["sendPolicy"];

export interface Sending {
  readonly sessionKey: string;
  readonly address: Address;
  /** `sendPolicy` of the session's entry; anything but `allow` and `deny` leaves it to the rules. */
  readonly override?: string | undefined;
}

/** The session's own word, else a rule that denies, else one that allows, else the default. */
export function maySend(policy: Policy | undefined, { sessionKey, address, override }: Sending): boolean {
  if (override === "allow" || override === "deny") return override === "allow";
  const fitting = (policy?.rules ?? []).filter(({ match }) => fits(match, sessionKey, address));
  if (fitting.some(({ action }) => action === "deny")) return false;
  return fitting.length > 0 || (policy?.default ?? "allow") === "allow";
}

type Match = NonNullable<NonNullable<Policy>["rules"]>[number]["match"];

function fits({ channel, chatType, keyPrefix, rawKeyPrefix }: Match, sessionKey: string, address: Address): boolean {
  const kinds = { direct: "direct", dm: "direct", group: "group", room: "channel", channel: "channel" } as const;
  if (channel !== undefined && channel.toLowerCase() !== address.channel) return false;
  if (chatType !== undefined && kinds[chatType] !== address.kind) return false;
  const rest = parseKey(sessionKey)?.rest ?? sessionKey;
  if (keyPrefix !== undefined && !rest.startsWith(keyPrefix.toLowerCase())) return false;
  return rawKeyPrefix === undefined || sessionKey.startsWith(rawKeyPrefix.toLowerCase());
}
