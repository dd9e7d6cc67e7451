import { enSettings } from "./en-settings.ts";
import type { SettingsKey } from "./en-settings.ts";
import { fill } from "./index.ts";

/** A text of the settings. */
export function t(key: SettingsKey, parameters: Readonly<Record<string, string | number>> = {}): string {
  return fill(enSettings[key], parameters);
}
