/** Rules of the workspace that are told again after a compaction: sections of AGENTS.md by their headings. */
import { join } from "node:path";
import { cut } from "../../../base/text.ts";
import { readWithin } from "../../../base/open.ts";

const MAX_BYTES = 2 * 1024 * 1024;
/** Older names of the sections that are told unless others are named. */
const ALSO: Readonly<Record<string, string>> = { "session startup": "every session", "red lines": "safety" };
const DEFAULT = "red lines\0session startup";

/** The text that is told; undefined when there is no file or none of the sections. */
export async function refreshFrom(
  workspace: string,
  { headings, maxChars }: { readonly headings: readonly string[]; readonly maxChars: number },
): Promise<string | undefined> {
  if (headings.length === 0) return undefined;
  const file = await readWithin({ root: workspace, path: join(workspace, "AGENTS.md"), maxBytes: MAX_BYTES }).catch(
    () => undefined,
  );
  const sections = file === undefined ? "" : sectionsOf(file.toString("utf8"), headings);
  if (sections === "") return undefined;
  return [
    "Rules of this workspace (AGENTS.md) that hold as before:",
    cut(sections, maxChars),
    "Before you go on with anything that needs them, read the files again that these rules name.",
  ].join("\n\n");
}

/** Sections of level 2 and 3 with these headings, in the order of the file, sub-sections included. */
export function sectionsOf(markdown: string, headings: readonly string[]): string {
  const named = headings.map((heading) => heading.trim().toLowerCase());
  const isDefault = named.toSorted().join("\0") === DEFAULT;
  const wanted = new Set(isDefault ? named.flatMap((heading) => [heading, ALSO[heading] ?? heading]) : named);
  const kept: string[] = [];
  let level = 0;
  let fence = "";
  for (const line of markdown.split(/\r?\n/)) {
    const mark = /^ {0,3}(```+|~~~+)/.exec(line)?.[1] ?? "";
    if (mark !== "" && (fence === "" || mark.startsWith(fence))) fence = fence === "" ? mark.slice(0, 3) : "";
    const heading = fence === "" && mark === "" ? /^(#{1,6})\s+(.+?)\s*#*\s*$/.exec(line) : null;
    if (heading) {
      const depth = heading[1]!.length;
      if (level > 0 && depth <= level) level = 0;
      if (level === 0 && depth >= 2 && depth <= 3 && wanted.has(heading[2]!.toLowerCase())) level = depth;
    }
    if (level > 0) kept.push(line);
  }
  return kept.join("\n").trim();
}
