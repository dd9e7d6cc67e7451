/** Settings of a channel that one of its accounts may override. */
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { Address } from "../../contracts/envelope.ts";

type Settings = Readonly<Record<string, unknown>>;

/** `channels.<id>.accounts.<account>.<key>`, else `channels.<id>.<key>`; undefined where neither says it. */
export function channelSetting(config: ConfigSnapshot, address: Address, key: string): unknown {
  const section = asMap(asMap(config.root["channels"])[address.channel]);
  const account = Object.entries(asMap(section["accounts"])).find(([id]) => id.toLowerCase() === address.account);
  return asMap(account?.[1])[key] ?? section[key];
}

/** Of a setting that is an object: each key from the account, else from the channel. */
export function channelSettings(config: ConfigSnapshot, address: Address, key: string): Settings {
  const section = asMap(asMap(config.root["channels"])[address.channel]);
  const account = Object.entries(asMap(section["accounts"])).find(([id]) => id.toLowerCase() === address.account);
  return { ...asMap(section[key]), ...asMap(asMap(account?.[1])[key]) };
}

function asMap(value: unknown): Settings {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Settings) : {};
}
