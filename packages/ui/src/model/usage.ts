/** What was used, as the gateway tells it (`sessions.usage`, `usage.status`). Tokens and US dollars. */

export interface Totals {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly totalTokens: number;
  readonly totalCost: number;
  /** Turns of unknown price. */
  readonly missingCostEntries: number;
}

export type Day = Totals & { readonly date: string };

export interface Report {
  readonly startDate: string;
  readonly endDate: string;
  readonly totals: Totals;
  readonly sessions: readonly { readonly key: string; readonly sessionId: string; readonly usage: Totals | null }[];
  readonly aggregates: {
    readonly messages: { readonly assistant: number; readonly errors: number };
    readonly byModel: readonly { readonly provider: string; readonly model: string; readonly totals: Totals }[];
    readonly byAgent: readonly { readonly agentId: string; readonly totals: Totals }[];
    readonly byChannel: readonly { readonly channel: string; readonly totals: Totals }[];
    readonly daily: readonly Day[];
  };
}

export interface Quota {
  readonly provider: string;
  readonly displayName: string;
  readonly windows: readonly { readonly label: string; readonly usedPercent: number; readonly resetAt?: number }[];
  readonly plan?: string;
  readonly error?: string;
}

export type Measure = "cost" | "tokens";

export function valueOf(totals: Totals, measure: Measure): number {
  return measure === "cost" ? totals.totalCost : totals.totalTokens;
}

/** Share of what models read that came from a cache, 0 to 1; undefined when nothing was read. */
export function cacheShare({ input, cacheRead, cacheWrite }: Totals): number | undefined {
  const read = input + cacheRead + cacheWrite;
  return read === 0 ? undefined : cacheRead / read;
}

/** `$0`, `$0.0042`, `$12.50`: cents from a dollar on, below it two digits that say something. */
export function dollars(value: number): string {
  if (value === 0) return "$0";
  if (value >= 0.995) return `$${value.toFixed(2)}`;
  return `$${Number(value.toPrecision(2)).toFixed(Math.min(8, Math.max(2, 1 - Math.floor(Math.log10(value)))))}`;
}

/** `950`, `12.4k`, `3.1M`. */
export function tokenText(count: number): string {
  if (count >= 999_500) return `${Number((count / 1_000_000).toFixed(count < 9_950_000 ? 1 : 0))}M`;
  if (count >= 1000) return `${Number((count / 1000).toFixed(count < 99_950 ? 1 : 0))}k`;
  return String(Math.round(count));
}

export function measured(value: number, measure: Measure): string {
  return measure === "cost" ? dollars(value) : tokenText(value);
}

/** What cost most first, then what used most. */
export function largestFirst<T extends { readonly totals: Totals }>(groups: readonly T[]): readonly T[] {
  return groups.toSorted(
    (a, b) => b.totals.totalCost - a.totals.totalCost || b.totals.totalTokens - a.totals.totalTokens,
  );
}

/** `YYYY-MM-DD` of the day `days` before the one of `now`, as this browser counts days. */
export function dayBefore(now: number, days: number): string {
  const at = new Date(now);
  at.setDate(at.getDate() - days);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
