import { enUsage } from "./en-usage.ts";
import type { UsageKey } from "./en-usage.ts";
import { fill } from "./index.ts";

/** A text of the usage. */
export function t(key: UsageKey, parameters: Readonly<Record<string, string | number>> = {}): string {
  return fill(enUsage[key], parameters);
}
