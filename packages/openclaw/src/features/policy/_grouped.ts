/** The tools of a conversation, as lists show them. */
import type { Tool } from "../../contracts/tool.ts";
import type { Agent } from "../agents/index.ts";
import { GROUP_LABELS } from "./_names.ts";

/** The model that the session would use: its own choice, else the agent's. */
export function modelOf(agent: Agent, entry: Readonly<Record<string, unknown>> | undefined) {
  const primary = agent.model.primary ?? "";
  const slash = primary.indexOf("/");
  const chosen = entry?.["providerOverride"];
  if (typeof chosen === "string") return { provider: chosen, model: String(entry?.["modelOverride"] ?? "") };
  return { provider: primary.slice(0, Math.max(slash, 0)), model: primary.slice(slash + 1) };
}

export function grouped<T>(tools: readonly Tool[], view: (tool: Tool) => T) {
  const groups = Map.groupBy(tools, (tool) => tool.group);
  const order = Object.keys(GROUP_LABELS);
  const rank = (group: string) => (order.includes(group) ? order.indexOf(group) : order.length);
  return [...groups]
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([group, members]) => ({
      id: group,
      label: GROUP_LABELS[group] ?? group,
      source: "core" as const,
      tools: members.map(view),
    }));
}
