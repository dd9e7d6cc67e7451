/** The list of skills as the model reads it. */
import type { Skill } from "./index.ts";

const OPEN = "<available_skills>";
const CLOSE = "</available_skills>";

/** Whole entries in order, as many as fit into `maxChars`; those that do not fit are counted. */
export function promptOf(
  skills: readonly Skill[],
  maxChars: number,
): { readonly text: string; readonly omitted: number } {
  const listed = skills.filter((skill) => !skill.promptHidden);
  if (listed.length === 0) return { text: "", omitted: 0 };
  const entries = listed.map(entryOf);
  let kept = entries.length;
  while (kept > 0 && block(entries, kept).length > maxChars) kept -= 1;
  return { text: kept === 0 ? "" : block(entries, kept), omitted: entries.length - kept };
}

function block(entries: readonly string[], kept: number): string {
  const omitted = entries.length - kept;
  const note =
    omitted === 0 ? [] : [`(${omitted} more ${omitted === 1 ? "skill is" : "skills are"} left out for want of room.)`];
  return [OPEN, ...entries.slice(0, kept), CLOSE, ...note].join("\n");
}

function entryOf({ name, description, filePath }: Skill): string {
  return `  <skill><name>${xml(name)}</name><description>${xml(description)}</description><location>${xml(filePath)}</location></skill>`;
}

/** Text that cannot end its element, on one line. */
function xml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replace(/[\p{Cc}]+/gu, " ");
}
