/**
 * The head of a `SKILL.md`: lines of `key: value` between two lines of `---`. Of YAML it knows what skills are
 * written with: quoted text, text folded over indented lines (`>`, `|`), and JSON over several lines. Lists and
 * maps in other styles are kept as text. Bounded: whatever the file says, reading it costs one pass.
 */

/** Characters between the two lines. */
const MAX_HEAD = 32 * 1024;

type FrontMatter =
  | { readonly fields: ReadonlyMap<string, string> }
  /** The end of a sentence: `has no front matter`. */
  | { readonly problem: string };

const KEY = /^([A-Za-z][A-Za-z0-9_-]{0,63})[ \t]*:(?:[ \t]+(.*))?$/;

export function frontMatter(text: string): FrontMatter {
  const lines = headOf(text);
  if (typeof lines === "string") return { problem: lines };
  const fields = new Map<string, string>();
  for (let at = 0; at < lines.length;) {
    const line = (lines[at] ?? "").trimEnd();
    at += 1;
    if (line.trim() === "" || line.trimStart().startsWith("#")) continue;
    const [, key, first = ""] = KEY.exec(line) ?? [];
    if (key === undefined) return { problem: `has a line ${at + 1} in its front matter that is no "key: value"` };
    if (fields.has(key)) return { problem: `says "${key}" twice in its front matter` };
    const value = valueFrom(lines, at, first.trim());
    if (value === undefined) return { problem: `has a "${key}" in its front matter whose brackets do not close` };
    fields.set(key, value.text);
    at = value.next;
  }
  return { fields };
}

/** The lines between the marks, or why there are none. */
function headOf(text: string): readonly string[] | string {
  const start = /^\uFEFF?---[ \t]*\r?\n/.exec(text);
  if (!start) return "has no front matter: its first line must be ---";
  const rest = text.slice(start[0].length, start[0].length + MAX_HEAD);
  const end = /^---[ \t]*\r?$/m.exec(rest);
  if (!end) return "has a front matter that does not end with a line of ---";
  return rest.slice(0, end.index).split(/\r?\n/);
}

interface Value {
  readonly text: string;
  /** The line after it. */
  readonly next: number;
}

/** The value that begins with `first` and may go on in the lines from `at`; undefined for open brackets. */
function valueFrom(lines: readonly string[], at: number, first: string): Value | undefined {
  let begin = at;
  let head = first;
  if (head === "") {
    while ((lines[begin] ?? "#").trim() === "" && begin < lines.length) begin += 1;
    const next = (lines[begin] ?? "").trim();
    if (next.startsWith("{") || next.startsWith("[")) {
      head = next;
      begin += 1;
    } else begin = at;
  }
  if (head.startsWith("{") || head.startsWith("[")) return flow(lines, begin, head);
  const more = continued(lines, begin);
  const [, style] = /^([>|])[+-]?\d?$/.exec(head) ?? [];
  const all = style === undefined ? [head, ...more] : more;
  return {
    text: style === undefined ? unquoted(all.join(" ").trim()) : all.join(style === "|" ? "\n" : " ").trim(),
    next: begin + more.length,
  };
}

/** Indented lines and list items that go on with the value before. */
function continued(lines: readonly string[], at: number): readonly string[] {
  const more: string[] = [];
  for (let next = at; next < lines.length; next += 1) {
    const line = lines[next] ?? "";
    if (line.trim() !== "" && !/^(?:[ \t]|- )/.test(line)) break;
    more.push(line.trim());
  }
  return more;
}

/** Lines up to the bracket that closes the first one. Brackets in strings and after `//` do not count. */
function flow(lines: readonly string[], at: number, first: string): Value | undefined {
  const text = [first];
  let depth = depthOf(first);
  let next = at;
  while (depth > 0 && next < lines.length) {
    const line = lines[next] ?? "";
    text.push(line);
    depth += depthOf(line);
    next += 1;
  }
  return depth === 0 ? { text: text.join("\n"), next } : undefined;
}

/** How many brackets a line opens more than it closes. A string ends with its line. */
function depthOf(line: string): number {
  let depth = 0;
  let quote = "";
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at);
    if (quote !== "") {
      if (character === "\\") at += 1;
      else if (character === quote) quote = "";
    } else if (character === '"' || character === "'") quote = character;
    else if (character === "/" && line.charAt(at + 1) === "/") break;
    else if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") depth -= 1;
  }
  return depth;
}

function unquoted(text: string): string {
  if (text.length < 2) return text;
  if (text.startsWith("'") && text.endsWith("'")) return text.slice(1, -1).replaceAll("''", "'");
  if (!text.startsWith('"') || !text.endsWith('"')) return text;
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}
