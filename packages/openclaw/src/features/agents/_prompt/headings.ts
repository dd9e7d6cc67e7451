/** Sections of a Markdown file by their headings. */
import { cut } from "../../../base/text.ts";

/** Headings that older files have in place of the usual ones. */
const OLDER: Readonly<Record<string, string>> = { "session startup": "every session", "red lines": "safety" };

/**
 * The sections (H2 or H3) of a Markdown text with these names, in the order of the names, cut to `maxChars` in all;
 * empty when there are none. Names are compared without regard to case; `Session Startup` and `Red Lines` also
 * find `Every Session` and `Safety`. Headings within blocks of code are none.
 */
export function sectionsOf(text: string, names: readonly string[], maxChars: number): string {
  const sections = split(text);
  const found = names.flatMap((name) => {
    const wanted = name.trim().toLowerCase();
    const section =
      sections.find(({ title }) => title === wanted) ?? sections.find(({ title }) => title === OLDER[wanted]);
    return section ? [section.text.trim()] : [];
  });
  const all = found.join("\n\n");
  return all.length <= maxChars ? all : `${cut(all, maxChars)}\n[…]`;
}

interface MarkdownSection {
  readonly title: string;
  readonly level: number;
  text: string;
}

/** Every H2 and H3 with what follows, up to the next heading of its level or a higher one. */
function split(text: string): readonly MarkdownSection[] {
  const sections: MarkdownSection[] = [];
  let open: MarkdownSection[] = [];
  let fence = "";
  for (const line of text.split(/\r?\n/)) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark !== undefined && (fence === "" || mark.startsWith(fence))) fence = fence === "" ? mark : "";
    const heading = fence === "" && mark === undefined ? /^(#{1,6})\s+(.*?)\s*#*\s*$/.exec(line) : null;
    if (heading) {
      const level = heading[1]?.length ?? 0;
      open = open.filter((section) => section.level < level);
      if (level === 2 || level === 3) {
        const section = { title: (heading[2] ?? "").toLowerCase(), level, text: "" };
        sections.push(section);
        open.push(section);
      }
    }
    for (const section of open) section.text += `${line}\n`;
  }
  return sections;
}
