/** Accounts of a channel: how `channels.<id>` and `channels.<id>.accounts.<account>` become settings. */
import { sha256 } from "../base/ids.ts";

type Settings = Readonly<Record<string, unknown>>;

export interface AccountRules {
  /** Keys of the login. A named account never takes them from the base, nor from the environment. */
  readonly credentials: readonly string[];
  /** Maps that are allow-lists: an account's own map replaces the base's instead of adding to it. */
  readonly replaced?: readonly string[];
  /** Maps that accounts do not take from the base when there are two or more of them. */
  readonly notShared?: readonly string[];
}

export interface AccountSettings {
  /** Normalised: lower-case `a-z0-9._-`. */
  readonly id: string;
  /** Base settings overlaid with those of the account. */
  readonly settings: Settings;
  /** Credentials of the environment count for this account only. */
  readonly usesEnv: boolean;
}

export const DEFAULT_ACCOUNT = "default";

/** The accounts that a section describes, sorted by id. Empty when there is no section. */
export function resolveAccounts(section: unknown, rules: AccountRules): AccountSettings[] {
  if (!isMap(section)) return [];
  const { accounts, defaultAccount: _, ...base } = section;
  const named = new Map(
    Object.entries(isMap(accounts) ? accounts : {}).map(([id, own]) => [accountId(id), isMap(own) ? own : {}]),
  );
  const baseLogsIn = rules.credentials.some((key) => base[key] !== undefined);
  if (!named.has(DEFAULT_ACCOUNT) && (named.size === 0 || baseLogsIn)) named.set(DEFAULT_ACCOUNT, {});
  const several = named.size > 1;
  return [...named]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, own]) => ({
      id,
      settings: overlay(
        without(
          base,
          id === DEFAULT_ACCOUNT ? [] : ["name", ...rules.credentials],
          several ? (rules.notShared ?? []) : [],
        ),
        own,
        rules.replaced ?? [],
      ),
      usesEnv: id === DEFAULT_ACCOUNT,
    }));
}

/** The account that is meant when none is named. */
export function defaultAccountId(section: unknown, ids: readonly string[]): string | undefined {
  const chosen =
    isMap(section) && typeof section["defaultAccount"] === "string" ? accountId(section["defaultAccount"]) : undefined;
  if (chosen !== undefined && ids.includes(chosen)) return chosen;
  return ids.includes(DEFAULT_ACCOUNT) ? DEFAULT_ACCOUNT : ids.toSorted()[0];
}

/** One spelling of an account id. */
export function accountId(raw: string): string {
  const id = raw
    .trim()
    .toLowerCase()
    .replace(/\s+/g, "-")
    .replace(/[^a-z0-9._-]/g, "");
  return id === "" ? DEFAULT_ACCOUNT : id;
}

/** Stands for a login without revealing it: the same login gives the same text. */
export function credentialDigest(...parts: readonly string[]): string {
  return sha256(parts.join("\0")).slice(0, 32);
}

function overlay(base: Settings, own: Settings, replaced: readonly string[]): Settings {
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(own)) {
    const below = result[key];
    result[key] = isMap(below) && isMap(value) && !replaced.includes(key) ? overlay(below, value, []) : value;
  }
  return result;
}

function without(settings: Settings, ...keys: readonly (readonly string[])[]): Settings {
  const left = new Set(keys.flat());
  return Object.fromEntries(Object.entries(settings).filter(([key]) => !left.has(key)));
}

function isMap(value: unknown): value is Settings {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
