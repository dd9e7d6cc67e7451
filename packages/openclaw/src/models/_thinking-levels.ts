/** The thinking levels that are offered for a model. */
import type { ModelRow, ThinkingLevel } from "../contracts/model.ts";

const LABELS: Readonly<Record<ThinkingLevel, string>> = {
  off: "Off",
  minimal: "Minimal",
  low: "Low",
  medium: "Medium",
  high: "High",
  xhigh: "Extra high",
};

export function thinkingLevels(row: ModelRow): { id: ThinkingLevel; label: string }[] {
  const levels: ThinkingLevel[] = row.reasoning ? ["off", "minimal", "low", "medium", "high", ...extra(row)] : ["off"];
  return levels.map((id) => ({ id, label: LABELS[id] }));
}

function extra({ compat }: ModelRow): ThinkingLevel[] {
  return compat?.supportedReasoningEfforts?.includes("xhigh") || compat?.thinkingFormat === "adaptive" ? ["xhigh"] : [];
}

/** `low` for models that think; nothing for others. */
export function thinkingDefault(row: ModelRow): ThinkingLevel {
  return row.reasoning ? "low" : "off";
}
