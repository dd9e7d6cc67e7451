/** How hard models think: the levels that are offered, what people call them, and what becomes of others. */
import type { ModelFailure, ModelRow, ThinkingLevel } from "../contracts/model.ts";

const LABELS: Readonly<Record<ThinkingLevel, string>> = {
  off: "Off",
  minimal: "Minimal",
  low: "Low",
  medium: "Medium",
  high: "High",
  xhigh: "Extra high",
};
/** From no thought to the most. */
const LADDER = Object.keys(LABELS) as readonly ThinkingLevel[];

/** What is stored for a session: a level of ours, or one that depends on the model. */
export type WantedThinking = ThinkingLevel | "adaptive" | "max";

/** Other spellings, without blanks, hyphens and underscores. */
const SPOKEN: Readonly<Record<string, WantedThinking>> = {
  none: "off",
  disabled: "off",
  min: "minimal",
  think: "minimal",
  thinkhard: "low",
  thinkharder: "medium",
  mid: "medium",
  med: "medium",
  ultrathink: "high",
  ultra: "high",
  highest: "high",
  "ultrathink+": "xhigh",
  xhigh: "xhigh",
  extrahigh: "xhigh",
  on: "low",
  enabled: "low",
};

export function thinkingLevels(row: ModelRow): { id: ThinkingLevel; label: string }[] {
  const levels: ThinkingLevel[] = row.reasoning
    ? isBinary(row)
      ? ["off", "low"]
      : ["off", "minimal", "low", "medium", "high", ...extra(row)]
    : ["off"];
  return levels.map((id) => ({ id, label: isBinary(row) && id === "low" ? "On" : LABELS[id] }));
}

/** Models that think or do not think, nothing in between. */
function isBinary({ compat }: ModelRow): boolean {
  return ["zai", "moonshot", "together", "qwen", "qwen-chat-template"].includes(compat?.thinkingFormat ?? "");
}

function extra({ compat }: ModelRow): ThinkingLevel[] {
  const named =
    compat?.supportedReasoningEfforts?.includes("xhigh") || compat?.reasoningEffortMap?.["xhigh"] !== undefined;
  return named || compat?.thinkingFormat === "adaptive" || compat?.thinkingFormat === "deepseek" ? ["xhigh"] : [];
}

/** `low` for models that think; nothing for others. */
export function thinkingDefault(row: ModelRow): ThinkingLevel {
  return row.reasoning ? "low" : "off";
}

/** What a person means: `ultrathink`, `extra high`, `On`. Undefined for what is no level. */
export function parseThinkingLevel(text: string): WantedThinking | undefined {
  const word = text
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, "");
  if ((LADDER as readonly string[]).includes(word) || word === "adaptive" || word === "max")
    return word as WantedThinking;
  return Object.hasOwn(SPOKEN, word) ? SPOKEN[word] : undefined;
}

/** Whether a model takes a level as it is, for a person who asks for it. `max` and `adaptive` always mean something. */
export function takesThinkingLevel(row: ModelRow, level: WantedThinking): boolean {
  if (level === "max" || level === "adaptive") return row.reasoning;
  return (isBinary(row) && row.reasoning) || thinkingLevels(row).some(({ id }) => id === level);
}

/** The level of a model that comes nearest to what is wanted, in any spelling; unknown words mean its default. */
export function thinkingFor(row: ModelRow, wanted: string | undefined): ThinkingLevel {
  const levels = thinkingLevels(row).map(({ id }) => id);
  const level = wanted === undefined ? undefined : parseThinkingLevel(wanted);
  if (level === undefined) return thinkingDefault(row);
  if (level === "adaptive") return nearest(levels, "medium");
  if (level === "max") return levels.at(-1) ?? "off";
  return nearest(levels, level);
}

/** Downwards first, but never from some thought to none. */
function nearest(levels: readonly ThinkingLevel[], level: ThinkingLevel): ThinkingLevel {
  if (levels.includes(level)) return level;
  const at = LADDER.indexOf(level);
  const below = levels.findLast((one) => one !== "off" && LADDER.indexOf(one) < at);
  return below ?? levels.find((one) => one !== "off") ?? "off";
}

/** Words by which vendors refuse a level. */
const REFUSAL = /reasoning|thinking|effort/i;

/**
 * The level to ask with once more, when a vendor refused the one that was asked for: one that its message names, else
 * the next lower one; `off` at the end. Undefined when it refused something else.
 */
export function thinkingAfter(failure: ModelFailure, refused: ThinkingLevel): ThinkingLevel | undefined {
  if (failure.class !== "format" || refused === "off" || !REFUSAL.test(failure.message)) return undefined;
  const quoted = [...failure.message.toLowerCase().matchAll(/['"`]([a-z]+)['"`]/g)].map(([, word]) => word);
  const named = LADDER.filter((level) => level !== refused && level !== "off" && quoted.includes(level));
  if (named.length > 0) return nearest(named, refused);
  return LADDER[LADDER.indexOf(refused) - 1];
}
