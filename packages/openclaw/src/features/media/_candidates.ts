/** Models that a tool may ask, in their order. */
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { Endpoint } from "../../contracts/model.ts";
import type { ModelsService } from "../../models/index.ts";

/** Primary and fallbacks of a setting such as `agents.defaults.imageModel`. */
export function refsAt(config: ConfigSnapshot, path: string): readonly string[] {
  const setting = config.at(path) as
    | string
    | { readonly primary?: string; readonly fallbacks?: readonly string[] }
    | undefined;
  const { primary, fallbacks = [] } = typeof setting === "string" ? { primary: setting } : (setting ?? {});
  return [...(primary === undefined ? [] : [primary]), ...fallbacks].filter((ref) => ref.trim() !== "");
}

/** Those that resolve, each once. Throws what was wrong with the first, or what `none` makes. */
export async function resolved(
  models: ModelsService,
  config: ConfigSnapshot,
  { refs, agentId, none }: { readonly refs: readonly string[]; readonly agentId: string; readonly none: () => Error },
): Promise<readonly Endpoint[]> {
  const endpoints: Endpoint[] = [];
  let problem: unknown;
  for (const ref of new Set(refs)) {
    try {
      endpoints.push(await models.resolve(ref, config, { agentId }));
    } catch (error) {
      problem ??= error;
    }
  }
  if (endpoints.length === 0) throw problem ?? none();
  return endpoints;
}
