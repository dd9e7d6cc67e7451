/** The tools of a conversation, as lists show them. */
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { Tool } from "../../contracts/tool.ts";
import type { ModelsService } from "../../models/index.ts";
import type { Agent } from "../agents/index.ts";
import { GROUP_LABELS } from "./_names.ts";

/** The model that the session would use: its own choice, else the agent's. */
export async function modelOf(
  models: ModelsService,
  config: ConfigSnapshot,
  { agent, entry }: { readonly agent: Agent; readonly entry: Readonly<Record<string, unknown>> | undefined },
) {
  const { provider, model } = chosen(entry) ?? named(models, config, agent);
  const rows = await models.list(config, "configured");
  const seesImages = rows.some(
    ({ row, ...listed }) => listed.provider === provider && row.id === model && row.input.includes("image"),
  );
  return { provider, model, seesImages };
}

function chosen(entry: Readonly<Record<string, unknown>> | undefined) {
  const provider = entry?.["providerOverride"];
  return typeof provider === "string" ? { provider, model: String(entry?.["modelOverride"] ?? "") } : undefined;
}

function named(models: ModelsService, config: ConfigSnapshot, agent: Agent) {
  const ref = models.defaultRef(config, agent.model.primary);
  const slash = ref.indexOf("/");
  return { provider: ref.slice(0, Math.max(slash, 0)), model: ref.slice(slash + 1) };
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
