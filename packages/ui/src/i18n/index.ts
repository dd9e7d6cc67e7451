import { en } from "./en.ts";
import type { TextKey } from "./en.ts";

export type { TextKey } from "./en.ts";

/** The text of `key` with its `{parameters}` filled in. */
export function t(key: TextKey, parameters: Readonly<Record<string, string | number>> = {}): string {
  return en[key].replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(parameters[name] ?? whole));
}
