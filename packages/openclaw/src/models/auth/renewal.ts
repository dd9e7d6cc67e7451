/** Which logins must be made ready before they can be sent. Pure. */
import type { Profile } from "./profile.ts";

/** A token this near its end may have ended when it arrives. */
export const EARLY_MS = 60_000;

/** Providers whose login is first exchanged for a token that holds for minutes. */
export const EXCHANGED: ReadonlySet<string> = new Set(["github-copilot"]);

export function needsRenewal({ type, refresh, secret, expires }: Profile, now: number): boolean {
  if (type !== "oauth" || refresh === undefined) return false;
  return secret === undefined || (expires !== undefined && expires - EARLY_MS <= now);
}
