import { providersOf } from "./catalog.ts";
import { isReady } from "./choose.ts";
import type { Asked, Models } from "./choose.ts";
import type { ProviderView } from "../index.ts";

export function providerViews(models: Models, asked: Omit<Asked, "model">): Promise<readonly ProviderView[]> {
  return Promise.all(
    providersOf(asked.kind).map(async (provider) => {
      const offer = provider.makes[asked.kind];
      const [defaultModel = ""] = offer?.models ?? [];
      const { takes = [], ...can } = offer?.can(defaultModel, false) ?? { out: 0, images: 0 };
      return {
        id: provider.id,
        label: provider.label,
        configured: await isReady(models, provider, asked),
        defaultModel,
        models: offer?.models ?? [],
        capabilities: { ...can, options: takes, edits: can.images > 0 },
      };
    }),
  );
}
