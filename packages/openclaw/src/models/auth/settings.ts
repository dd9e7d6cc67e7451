/** `auth` of the configuration, as the choice of logins needs it. */
import { record } from "../../base/record.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { PauseRules } from "./standing.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function amount(value: unknown, otherwise: number): number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : otherwise;
}

export function pauseRules(config: ConfigSnapshot, provider: string): PauseRules {
  const given = record(config.at("auth.cooldowns"));
  const own = record(given["billingBackoffHoursByProvider"])[provider];
  return {
    billingMs: amount(own, amount(given["billingBackoffHours"], 5)) * HOUR,
    billingMaxMs: amount(given["billingMaxHours"], 24) * HOUR,
    authPermanentMs: amount(given["authPermanentBackoffMinutes"], 10) * MINUTE,
    authPermanentMaxMs: amount(given["authPermanentMaxMinutes"], 60) * MINUTE,
    windowMs: amount(given["failureWindowHours"], 24) * HOUR,
  };
}

/** How many other logins one call may try. */
export function mostRotations(config: ConfigSnapshot, cause: "rate_limit" | "overloaded"): number {
  const given = record(config.at("auth.cooldowns"));
  return amount(given[cause === "rate_limit" ? "rateLimitedProfileRotations" : "overloadedProfileRotations"], 1);
}

/** `auth.order` of a provider; undefined where the operator gives none. */
export function configuredOrder(
  config: ConfigSnapshot,
  provider: string,
  canonical: (id: string) => string,
): readonly string[] | undefined {
  const found = Object.entries(record(config.at("auth.order"))).find(([name]) => canonical(name) === provider)?.[1];
  return Array.isArray(found) && found.length > 0 ? found.filter((id) => typeof id === "string") : undefined;
}

/** Ids under `auth.profiles` for a provider, as they are written. */
export function configuredProfiles(
  config: ConfigSnapshot,
  provider: string,
  canonical: (id: string) => string,
): readonly string[] {
  return Object.entries(record(config.at("auth.profiles"))).flatMap(([id, value]) => {
    const named = record(value)["provider"];
    return typeof named === "string" && canonical(named) === provider ? [id] : [];
  });
}
