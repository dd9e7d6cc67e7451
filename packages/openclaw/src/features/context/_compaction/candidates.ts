/** The models that a conversation would be answered by: chosen for the session, else the agent's with its fallbacks. */
import { errorText } from "../../../base/errors.ts";
import type { Log } from "../../../base/log.ts";
import type { ConfigSnapshot } from "../../../contracts/config.ts";
import type { Endpoint } from "../../../contracts/model.ts";
import type { ModelsService } from "../../../models/index.ts";
import type { SessionRow } from "../../../store/index.ts";
import type { Agent } from "../../agents/index.ts";

/** Throws what `ModelsService.resolve` throws for the first when none can be called. */
export async function candidatesOf(
  { models, log }: { readonly models: ModelsService; readonly log: Log },
  { config, agent, session }: { readonly config: ConfigSnapshot; readonly agent: Agent; readonly session: SessionRow },
): Promise<readonly Endpoint[]> {
  const { modelOverride, providerOverride } = session.entry;
  const chosen =
    modelOverride === undefined || providerOverride === undefined
      ? modelOverride
      : `${providerOverride}/${modelOverride}`;
  const refs = [chosen ?? models.defaultRef(config, agent.model.primary), ...agent.model.fallbacks];
  const found: Endpoint[] = [];
  let problem: unknown;
  for (const ref of refs) {
    try {
      found.push(await models.resolve(ref, config, { agentId: agent.id, despite: refs.length === 1 }));
    } catch (error) {
      problem ??= error;
      log.warn("a model cannot be used for a summary", { ref, error: errorText(error) });
    }
  }
  if (found.length === 0) throw problem;
  return found;
}
