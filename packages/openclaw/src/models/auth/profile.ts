/** What `auth-profiles.json` holds. Everything that is not known here is kept as it is. */
import { isRecord, record } from "../../base/record.ts";
import type { Loose } from "../../base/record.ts";
import { isSecretRef } from "../../contracts/secret-ref.ts";
import type { SecretReference } from "../../contracts/secret-ref.ts";

export type ProfileType = "api_key" | "token" | "oauth";

/** One login. Texts that are empty count as absent. */
export interface Profile {
  readonly id: string;
  readonly type: ProfileType;
  /** Canonical provider id as it is written; aliases are not resolved here. */
  readonly provider: string;
  /** `key`, `token` or `access`. */
  readonly secret?: string;
  /** `keyRef` or `tokenRef`: beats the text. */
  readonly ref?: SecretReference;
  readonly refresh?: string;
  /** Epoch ms; absent = it does not end. */
  readonly expires?: number;
  /** `expires` is written and is no time. */
  readonly invalidExpires?: true;
  readonly email?: string;
  readonly accountId?: string;
  readonly projectId?: string;
  readonly enterpriseUrl?: string;
}

/** How a login has fared. Times are epoch ms; 0 and null are "never". */
export interface UsageStats {
  readonly lastUsed?: number;
  readonly errorCount?: number;
  readonly cooldownUntil?: number;
  /** The only model that the cooldown concerns. */
  readonly cooldownModel?: string | null;
  readonly cooldownReason?: string | null;
  readonly disabledUntil?: number;
  readonly disabledReason?: string | null;
  readonly lastFailureAt?: number;
  readonly failureCounts?: Readonly<Record<string, number>>;
  /** Which secret this is about: another one starts anew. */
  readonly fingerprint?: string;
}

export interface AuthFile {
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly order: Readonly<Record<string, readonly string[]>>;
  readonly lastGood: Readonly<Record<string, string>>;
  readonly usageStats: Readonly<Record<string, UsageStats>>;
  /** The whole document, for writing it back. */
  readonly raw: Loose;
}

const TYPES: Readonly<Record<string, ProfileType>> = {
  api_key: "api_key",
  apiKey: "api_key",
  "api-key": "api_key",
  token: "token",
  oauth: "oauth",
};

/** Reads a document; entries of another shape are passed over and stay in `raw`. */
export function authFileOf(raw: Loose): AuthFile {
  const profiles = new Map<string, Profile>();
  for (const [id, value] of Object.entries(record(raw["profiles"]))) {
    const profile = profileOf(id, value);
    if (profile) profiles.set(id, profile);
  }
  return {
    profiles,
    order: mapValues(raw["order"], (ids) =>
      Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : undefined,
    ),
    lastGood: mapValues(raw["lastGood"], (id) => (typeof id === "string" ? id : undefined)),
    usageStats: mapValues(raw["usageStats"], statsOf),
    raw,
  };
}

export const EMPTY: AuthFile = authFileOf({});

export function profileOf(id: string, value: unknown): Profile | undefined {
  if (!isRecord(value)) return undefined;
  const type = TYPES[text(value["type"]) ?? text(value["mode"]) ?? ""];
  const provider = (text(value["provider"]) ?? id.split(":", 1)[0] ?? "").trim().toLowerCase();
  if (type === undefined || provider === "") return undefined;
  const secret = text(value[type === "api_key" ? "key" : type === "token" ? "token" : "access"]);
  const ref = type === "oauth" ? undefined : value[type === "api_key" ? "keyRef" : "tokenRef"];
  return {
    id,
    type,
    provider,
    ...(secret === undefined ? {} : { secret }),
    ...(isSecretRef(ref) ? { ref } : {}),
    ...texts(value, type === "oauth" ? ["refresh", ...FACTS] : FACTS),
    ...expiry(value["expires"], type),
  };
}

/** The last moment that a date can name (ECMA-262, 21.4.1.1). */
const MOST_TIME = 8.64e15;

const FACTS = ["email", "accountId", "projectId", "enterpriseUrl"] as const;

function expiry(value: unknown, type: ProfileType): { expires?: number; invalidExpires?: true } {
  if (value === undefined || value === null || type === "api_key") return {};
  if (typeof value === "number" && Number.isFinite(value) && value > 0) return { expires: Math.min(value, MOST_TIME) };
  return { invalidExpires: true };
}

function statsOf(value: unknown): UsageStats | undefined {
  if (!isRecord(value)) return undefined;
  const numbers = ["lastUsed", "errorCount", "cooldownUntil", "disabledUntil", "lastFailureAt"] as const;
  return {
    ...Object.fromEntries(numbers.flatMap((name) => (isTime(value[name]) ? [[name, value[name]]] : []))),
    ...texts(value, ["cooldownModel", "cooldownReason", "disabledReason", "fingerprint"]),
    ...(isRecord(value["failureCounts"])
      ? { failureCounts: mapValues(value["failureCounts"], (count) => (isTime(count) ? count : undefined)) }
      : {}),
  };
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= MOST_TIME;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

function texts(value: Loose, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => (text(value[name]) === undefined ? [] : [[name, text(value[name]) as string]])),
  );
}

function mapValues<T>(value: unknown, read: (item: unknown) => T | undefined): Record<string, T> {
  const out: Record<string, T> = {};
  for (const [key, item] of Object.entries(record(value))) {
    const found = read(item);
    if (found !== undefined && key !== "__proto__") out[key] = found;
  }
  return out;
}
