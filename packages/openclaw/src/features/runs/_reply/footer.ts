/** `responseUsage`: what an answer took, below it. */
import { shortCount } from "../../../base/measure.ts";
import { promptTokens } from "../../../contracts/message.ts";
import type { TurnResult } from "../../../store/index.ts";

export function usageFooter(level: unknown, { usage, provider, model }: TurnResult): string | undefined {
  if ((level !== "tokens" && level !== "full" && level !== "on") || usage.totalTokens === 0) return undefined;
  const input = promptTokens(usage);
  const line = `Usage: ${shortCount(input)} in / ${shortCount(usage.output)} out`;
  if (level !== "full") return line;
  const cached = usage.cacheRead > 0 ? [`${shortCount(usage.cacheRead)} cached`] : [];
  const cost = usage.cost === undefined ? [] : [`est $${usage.cost.total.toFixed(usage.cost.total < 0.1 ? 4 : 2)}`];
  const ref = model === undefined ? [] : [provider === undefined ? model : `${provider}/${model}`];
  return [line, ...cached, ...cost, ...ref].join(" · ");
}
