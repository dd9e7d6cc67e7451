import { enPanel } from "./en-panel.ts";
import type { PanelKey } from "./en-panel.ts";
import { fill } from "./index.ts";

export type { PanelKey } from "./en-panel.ts";

/** A text of what stands beside the conversation. */
export function t(key: PanelKey, parameters: Readonly<Record<string, string | number>> = {}): string {
  return fill(enPanel[key], parameters);
}
