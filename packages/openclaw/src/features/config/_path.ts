/** Paths into a configuration: `agents.list[0].id`, `channels.telegram.groups["-100123"]`. */

export type Segment = string | number;

const PLAIN = /^[A-Za-z_$][\w$-]*$/;

/** `agents.list[0].id`; `` for no segments. */
export function formatPath(segments: readonly Segment[]): string {
  return segments
    .map((segment, at) => {
      if (typeof segment === "number") return `[${segment}]`;
      if (!PLAIN.test(segment)) return `[${JSON.stringify(segment)}]`;
      return at === 0 ? segment : `.${segment}`;
    })
    .join("");
}

/** The inverse of `formatPath`, lenient about `a.0.b` and quotes; undefined for text that is no path. `.` and `` are the root. */
export function parsePath(text: string): Segment[] | undefined {
  const trimmed = text.trim();
  if (trimmed === "" || trimmed === ".") return [];
  const part = /\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|\['([^']*)'\]|(\.?)([^.[\]]+)/y;
  const segments: Segment[] = [];
  while (part.lastIndex < trimmed.length) {
    const at = part.lastIndex;
    const found = part.exec(trimmed);
    if (!found) return undefined;
    const [, index, quoted, single, dot, plain] = found;
    if (index !== undefined) segments.push(Number(index));
    else if (quoted !== undefined) segments.push(unquote(quoted));
    else if (single !== undefined) segments.push(single);
    else {
      if ((dot === "") !== (at === 0)) return undefined;
      segments.push(plain ?? "");
    }
  }
  return segments;
}

/** The value at a path; undefined where there is none. A text segment of digits also indexes an array. */
export function valueAt(root: unknown, path: string | readonly Segment[]): unknown {
  const segments = typeof path === "string" ? parsePath(path) : path;
  let value = root;
  for (const segment of segments ?? [""]) {
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, segment)) return undefined;
    if (Array.isArray(value) && segment === "length") return undefined;
    value = (value as Record<Segment, unknown>)[segment];
  }
  return value;
}

function unquote(text: string): string {
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text;
  }
}
