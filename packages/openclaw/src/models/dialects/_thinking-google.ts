/** Thinking levels → Google's two ways to ask for thinking. */
import type { ModelRequest, ThinkingLevel } from "../../contracts/model.ts";
import { effortOf } from "./_effort.ts";

/** Tokens of thought per level, for the models that take a budget (2.5). */
const BUDGETS: Readonly<Record<Exclude<ThinkingLevel, "off">, number>> = {
  minimal: 512,
  low: 2048,
  medium: 8192,
  high: 24_576,
  xhigh: 24_576,
};
/** The larger of them takes more, and cannot be told not to think. */
const LARGE = { least: 128, most: 32_768 };

/** Models since the third generation take a level; so do aliases that always mean the newest. */
export function takesLevels(model: string): boolean {
  const generation = /gemini-(\d+)/.exec(model)?.[1];
  return generation === undefined ? !model.includes("gemma") : Number(generation) >= 3;
}

/** Nothing for models that do not think: they refuse the field. */
export function thinkingConfig({ endpoint: { model }, thinking }: ModelRequest): Record<string, unknown> {
  if (!model.reasoning) return {};
  const shown = thinking !== "off" && { includeThoughts: true };
  const id = model.wireId ?? model.id;
  if (!takesLevels(id)) return { thinkingConfig: { ...shown, thinkingBudget: budgetOf(thinking, id) } };
  // These cannot be told not to think; the least they take is the nearest to it.
  const effort = effortOf(thinking === "off" ? "minimal" : thinking, model.compat ?? {});
  return { thinkingConfig: { ...shown, ...(effort !== undefined && { thinkingLevel: effort.toUpperCase() }) } };
}

function budgetOf(level: ThinkingLevel, model: string): number {
  const large = model.includes("pro");
  if (level === "off") return large ? LARGE.least : 0;
  return large && (level === "high" || level === "xhigh") ? LARGE.most : BUDGETS[level];
}
