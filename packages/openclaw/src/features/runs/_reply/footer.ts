/** `responseUsage`: what an answer took, below it. */
import { promptTokens } from "../../../contracts/message.ts";
import type { TurnResult } from "../../../store/index.ts";

/** `950`, `1.2k`, `3.4m`. */
function tokens(count: number): string {
  if (count < 1000) return String(count);
  const [value, unit] = count < 999_950 ? [count / 1000, "k"] : [count / 1_000_000, "m"];
  return `${value.toFixed(1).replace(/\.0$/, "")}${unit}`;
}

export function usageFooter(level: unknown, { usage, provider, model }: TurnResult): string | undefined {
  if ((level !== "tokens" && level !== "full" && level !== "on") || usage.totalTokens === 0) return undefined;
  const input = promptTokens(usage);
  const line = `Usage: ${tokens(input)} in / ${tokens(usage.output)} out`;
  if (level !== "full") return line;
  const cached = usage.cacheRead > 0 ? [`${tokens(usage.cacheRead)} cached`] : [];
  const cost = usage.cost === undefined ? [] : [`est $${usage.cost.total.toFixed(usage.cost.total < 0.1 ? 4 : 2)}`];
  const ref = model === undefined ? [] : [provider === undefined ? model : `${provider}/${model}`];
  return [line, ...cached, ...cost, ...ref].join(" · ");
}
