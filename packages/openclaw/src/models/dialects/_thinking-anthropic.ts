/** Thinking levels → Anthropic's two ways to ask for thinking. */
import type { ModelRequest, ThinkingLevel } from "../../contracts/model.ts";
import { isRecord } from "../../base/record.ts";

/** Tokens of thought per level, for models that take a budget. */
const BUDGETS: Readonly<Record<Exclude<ThinkingLevel, "off">, number>> = {
  minimal: 1024,
  low: 2048,
  medium: 8192,
  high: 16_384,
  xhigh: 32_768,
};
const SMALLEST_BUDGET = 1024;

/** Effort per level, for models that decide by themselves how much to think. */
const EFFORTS: Readonly<Record<Exclude<ThinkingLevel, "off">, string>> = {
  minimal: "low",
  low: "low",
  medium: "medium",
  high: "high",
  xhigh: "max",
};

/** Nothing for `off`, for models that do not think, and where the answer leaves no room for a budget. */
export function thinkingFields({ endpoint, thinking }: ModelRequest, answerLimit: number): Record<string, unknown> {
  const { model, params } = endpoint;
  // The operator's own words.
  if (isRecord(params?.["thinking"])) return { thinking: params["thinking"] };
  // Thinks unless told, and then thinks aloud in the answer.
  if (thinking === "off" && model.compat?.thinkingFormat === "explicit") return { thinking: { type: "disabled" } };
  if (thinking === "off" || !model.reasoning) return {};
  if (model.compat?.thinkingFormat === "adaptive") {
    const effort = model.compat.reasoningEffortMap?.[thinking] ?? EFFORTS[thinking];
    return { thinking: { type: "adaptive", display: "summarized" }, output_config: { effort } };
  }
  // What is thought counts as answered: some room must be left for the answer itself.
  const budget = Math.min(BUDGETS[thinking], answerLimit - Math.min(4096, Math.ceil(answerLimit / 2)));
  return budget < SMALLEST_BUDGET ? {} : { thinking: { type: "enabled", budget_tokens: budget } };
}
