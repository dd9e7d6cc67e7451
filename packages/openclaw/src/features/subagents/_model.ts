/** Which model a sub-agent gets: the first of those wished for that can be used. */
import { errorText } from "../../base/errors.ts";
import type { ModelsService } from "../../models/index.ts";
import type { Agent } from "../agents/index.ts";
import type { ConfigSnapshot } from "../config/index.ts";

export interface ModelChoice {
  /** `provider/model`. */
  readonly ref: string;
  /** For the session's row; absent where it is the agent's own, whose fallbacks then count. */
  readonly override?: {
    readonly providerOverride: string;
    readonly modelOverride: string;
    /** What takes over when it fails. */
    readonly modelFallbacks?: readonly string[];
  };
  readonly warnings: readonly string[];
}

export interface Wish {
  readonly primary?: string | undefined;
  readonly fallbacks?: readonly string[] | undefined;
}

/** `wishes` in their order; those left undefined or empty do not count. */
export async function chooseModel(
  models: Pick<ModelsService, "resolve" | "defaultRef">,
  config: ConfigSnapshot,
  agent: Agent,
  wishes: readonly (Wish | string | undefined)[],
): Promise<ModelChoice> {
  const own = models.defaultRef(config, agent.model.primary);
  const warnings: string[] = [];
  for (const given of wishes) {
    const { primary: wish, fallbacks = [] } = typeof given === "string" ? { primary: given } : (given ?? {});
    if (wish === undefined || wish === "") continue;
    try {
      const { provider, model } = await models.resolve(wish, config, { agentId: agent.id, despite: true });
      const ref = `${provider}/${model.id}`;
      if (ref === own && fallbacks.length === 0) return { ref, warnings };
      const after = fallbacks.length > 0 ? { modelFallbacks: fallbacks } : {};
      return { ref, override: { providerOverride: provider, modelOverride: model.id, ...after }, warnings };
    } catch (error) {
      warnings.push(`The model "${wish}" was not used: ${errorText(error)}`);
    }
  }
  return { ref: own, warnings };
}

const LEVELS: readonly string[] = ["off", "minimal", "low", "medium", "high", "xhigh", "adaptive", "max"];

/** The first level wished for that there is. */
export function chooseThinking(wishes: readonly (string | undefined)[]): {
  readonly level?: string;
  readonly warnings: readonly string[];
} {
  const warnings: string[] = [];
  for (const wish of wishes) {
    const level = wish?.trim().toLowerCase();
    if (level === undefined || level === "") continue;
    if (LEVELS.includes(level)) return { level, warnings };
    warnings.push(`The thinking level "${wish}" was not used: there are ${LEVELS.join(", ")}.`);
  }
  return { warnings };
}
