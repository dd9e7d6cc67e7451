/** Quotas in words. */
import { formatDuration } from "../../../base/time.ts";
import type { ProviderQuota } from "./quota.ts";

/** `Claude: 5h 63% left (resets in 2 h), week 90% left`. */
export function quotaLine({ displayName, windows, plan, error }: ProviderQuota, now: number): string {
  const named = plan === undefined ? displayName : `${displayName} (${plan})`;
  if (error !== undefined) return `${named}: ${error}`;
  if (windows.length === 0) return named;
  const parts = windows.map(({ label, usedPercent, resetAt }) => {
    const left = `${label} ${Math.round(100 - usedPercent)}% left`;
    return resetAt === undefined || resetAt <= now ? left : `${left} (resets in ${formatDuration(resetAt - now)})`;
  });
  return `${named}: ${parts.join(", ")}`;
}
