/** The models that a conversation would be answered by: chosen for the session, else the agent's with its fallbacks. */
import { errorText } from "../../../base/errors.ts";
import type { Log } from "../../../base/log.ts";
import type { ConfigSnapshot } from "../../../contracts/config.ts";
import type { Endpoint } from "../../../contracts/model.ts";
import type { ModelsService } from "../../../models/index.ts";
import type { SessionRow } from "../../../store/index.ts";
import type { Agent } from "../../agents/index.ts";

/** Throws what `ModelsService.resolve` throws for the first. */
export async function candidatesOf(
  { models, log }: { readonly models: ModelsService; readonly log: Log },
  { config, agent, session }: { readonly config: ConfigSnapshot; readonly agent: Agent; readonly session: SessionRow },
): Promise<readonly Endpoint[]> {
  const { modelOverride, providerOverride } = session.entry;
  const chosen =
    modelOverride === undefined || providerOverride === undefined
      ? modelOverride
      : `${providerOverride}/${modelOverride}`;
  const first = await models.resolve(chosen ?? models.defaultRef(config, agent.model.primary), config);
  const rest: Endpoint[] = [];
  for (const ref of agent.model.fallbacks) {
    try {
      rest.push(await models.resolve(ref, config));
    } catch (error) {
      log.warn("a fallback model cannot be used", { ref, error: errorText(error) });
    }
  }
  return [first, ...rest];
}
