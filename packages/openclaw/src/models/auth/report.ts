/** How the logins of all providers stand, for status commands and clients. Holds no secret. */
import type { Vendor } from "../../contracts/model.ts";
import type { LoginState, ProviderLogins } from "../index.ts";

/** Ends within this time count as ending. */
export const WARN_MS = 24 * 3_600_000;

export interface Reported {
  readonly provider: string;
  readonly vendor: Vendor | undefined;
  readonly configured: boolean;
  readonly needsKey: boolean;
  readonly logins: readonly LoginState[];
}

/** Undefined for a provider that nobody has connected or configured. */
export function providerLogins(
  { provider, vendor, configured, needsKey, logins }: Reported,
  now: number,
): ProviderLogins | undefined {
  if (logins.length === 0 && !configured) return undefined;
  return { provider, label: vendor?.label ?? provider, status: statusOf(logins, needsKey, now), logins };
}

function statusOf(logins: readonly LoginState[], needsKey: boolean, now: number): ProviderLogins["status"] {
  const usable = logins.filter(({ state }) => state === "ok" || state === "cooldown" || state === "disabled");
  const first = usable.find(({ next }) => next) ?? usable[0];
  if (!first) return logins.some(({ state }) => state === "expired") ? "expired" : needsKey ? "missing" : "static";
  if (first.expires === undefined) return "static";
  return !first.renewable && first.expires - now < WARN_MS ? "expiring" : "ok";
}
