import { enModels } from "./en-models.ts";
import type { ModelsKey } from "./en-models.ts";
import { fill } from "./index.ts";

/** A text of the models. */
export function t(key: ModelsKey, parameters: Readonly<Record<string, string | number>> = {}): string {
  return fill(enModels[key], parameters);
}
