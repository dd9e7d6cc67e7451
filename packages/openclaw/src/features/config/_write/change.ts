/** A change to the file: in place where possible, checked against the same change to the data. */
import { isDeepStrictEqual } from "node:util";
import { parseDocument } from "../_load/parse.ts";
import type { Segment } from "../_path.ts";

export type Change =
  | { readonly path: readonly Segment[]; readonly value: unknown }
  | { readonly path: readonly Segment[]; readonly remove: true };

/**
 * The text after all changes. A change that cannot be made in the text as it stands rewrites the file as
 * plain JSON: same data and order, without comments.
 */
export async function applyChanges(raw: string, data: unknown, changes: readonly Change[]): Promise<string> {
  const { removeFromData, removeFromText, setInData, setInText } = await import("./edit.ts");
  let text = raw.startsWith("\uFEFF") ? raw.slice(1) : raw;
  if (text.trim() === "") text = "{}\n";
  let wanted = data;
  for (const change of changes) {
    wanted = "remove" in change ? removeFromData(wanted, change.path) : setInData(wanted, change.path, change.value);
    const edited = "remove" in change ? removeFromText(text, change.path) : setInText(text, change.path, change.value);
    text = edited !== undefined && (await means(edited, wanted)) ? edited : `${JSON.stringify(wanted, null, 2)}\n`;
  }
  return text;
}

async function means(text: string, wanted: unknown): Promise<boolean> {
  const parsed = await parseDocument(text);
  return parsed.ok && isDeepStrictEqual(parsed.value, wanted);
}
