/** Sums over rows of the books. */
import type { UsageRow } from "../../store/index.ts";

/** Tokens, and US dollars. */
export interface Totals {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  totalTokens: number;
  totalCost: number;
  inputCost: number;
  outputCost: number;
  cacheReadCost: number;
  cacheWriteCost: number;
  /** Turns that used tokens of unknown price. */
  missingCostEntries: number;
}

function noTotals(): Totals {
  return {
    input: 0,
    output: 0,
    cacheRead: 0,
    cacheWrite: 0,
    totalTokens: 0,
    totalCost: 0,
    inputCost: 0,
    outputCost: 0,
    cacheReadCost: 0,
    cacheWriteCost: 0,
    missingCostEntries: 0,
  };
}

export function totalsOf(rows: readonly UsageRow[]): Totals {
  const sum = noTotals();
  for (const { usage, unpriced } of rows) {
    const { cost } = usage;
    sum.input += usage.input;
    sum.output += usage.output;
    sum.cacheRead += usage.cacheRead;
    sum.cacheWrite += usage.cacheWrite;
    sum.totalTokens += usage.totalTokens;
    sum.totalCost += cost?.total ?? 0;
    sum.inputCost += cost?.input ?? 0;
    sum.outputCost += cost?.output ?? 0;
    sum.cacheReadCost += cost?.cacheRead ?? 0;
    sum.cacheWriteCost += cost?.cacheWrite ?? 0;
    sum.missingCostEntries += unpriced;
  }
  return sum;
}
