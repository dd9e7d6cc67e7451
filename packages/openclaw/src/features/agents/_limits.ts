/** `contextLimits`: those of the agent over those of all. */
import type { Static } from "../../contracts/schema.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import type { contextLimits } from "./_config/context.ts";
import { agentsSection } from "./config.ts";

export type ContextLimits = Static<typeof contextLimits>;

/** Longest texts shown to the model, in characters and lines. A value that is missing is undefined. */
export function limitsOf(config: ConfigSnapshot, agentId: string): Partial<ContextLimits> {
  const { defaults, list } = config.section(agentsSection);
  const own = list?.find(({ id }) => id === agentId) as { readonly contextLimits?: Partial<ContextLimits> } | undefined;
  return {
    ...(defaults as { contextLimits?: Partial<ContextLimits> } | undefined)?.contextLimits,
    ...own?.contextLimits,
  };
}
