import { en } from "./en.ts";
import type { TextKey } from "./en.ts";

export type { TextKey } from "./en.ts";

/** The text of `key` with its `{parameters}` filled in. */
export function t(key: TextKey, parameters: Readonly<Record<string, string | number>> = {}): string {
  return fill(en[key], parameters);
}

/** A text of a catalogue with its `{parameters}` filled in. */
export function fill(text: string, parameters: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(parameters[name] ?? whole));
}
