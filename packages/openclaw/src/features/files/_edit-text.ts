/** Replacing one piece of text, with the file's byte order mark and line endings kept. Pure. */

export type Edit =
  | { readonly kind: "done"; readonly text: string; readonly line: number }
  | { readonly kind: "none"; readonly near: number | undefined }
  | { readonly kind: "many"; readonly count: number; readonly lines: readonly number[] };

const MAX_LINES_NAMED = 10;
const MAX_COUNTED = 10_000;

/**
 * Replaces the only occurrence of `oldText`. Line breaks in `oldText` fit either ending; those of
 * `newText` become the ending of the place they go to. A byte order mark at the start is left alone.
 */
export function editText(text: string, oldText: string, newText: string): Edit {
  const old = oldText.replace(/\r\n/g, "\n");
  const spellings = new Set([oldText, old, old.replace(/\n/g, "\r\n")]);
  for (const spelling of spellings) {
    const places = occurrences(text, spelling);
    if (places.length > 1)
      return {
        kind: "many",
        count: places.length,
        lines: places.slice(0, MAX_LINES_NAMED).map((at) => lineOf(text, at)),
      };
    const [at] = places;
    if (at !== undefined) {
      const put = withEnding(newText, endingAt(text, at, spelling));
      return { kind: "done", text: text.slice(0, at) + put + text.slice(at + spelling.length), line: lineOf(text, at) };
    }
  }
  return { kind: "none", near: nearMiss(text, old) };
}

/** Every place where it occurs, overlapping ones too: an ambiguous edit must not look like a clear one. */
function occurrences(text: string, piece: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(piece); at >= 0 && places.length < MAX_COUNTED; at = text.indexOf(piece, at + 1))
    places.push(at);
  return places;
}

/** The line ending of the replaced piece, else of the line it stands in, else of the file. */
function endingAt(text: string, at: number, piece: string): "\n" | "\r\n" {
  const within = piece.indexOf("\n");
  const near = within >= 0 ? at + within : text.indexOf("\n", at);
  const line = near >= 0 ? near : text.lastIndexOf("\n");
  return line > 0 && text[line - 1] === "\r" ? "\r\n" : "\n";
}

function withEnding(text: string, ending: "\n" | "\r\n"): string {
  return ending === "\n" ? text.replace(/\r\n/g, "\n") : text.replace(/\r?\n/g, "\r\n");
}

function lineOf(text: string, at: number): number {
  let line = 1;
  for (let next = text.indexOf("\n"); next >= 0 && next < at; next = text.indexOf("\n", next + 1)) line += 1;
  return line;
}

/** The first line that would match if whitespace did not count; undefined when there is none. */
function nearMiss(text: string, old: string): number | undefined {
  const wanted = old.split("\n").map(squeeze);
  while (wanted[0] === "") wanted.shift();
  while (wanted.at(-1) === "") wanted.pop();
  if (wanted.length === 0) return undefined;
  const lines = text.split("\n", 100_000).map(squeeze);
  const found = lines.findIndex((line, at) => line === wanted[0] && wanted.every((want, i) => lines[at + i] === want));
  return found < 0 ? undefined : found + 1;
}

function squeeze(line: string): string {
  return line.trim().replace(/\s+/g, " ");
}

const CONTEXT = 3;
const MAX_DIFF = 8000;

/** The changed region as a unified diff hunk with three lines around it, shortened when long. */
export function diffOf(before: string, after: string): string {
  const a = before.split("\n");
  const b = after.split("\n");
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail])
    tail += 1;
  const from = Math.max(0, head - CONTEXT);
  const below = Math.min(CONTEXT, tail);
  const lines = [
    `@@ -${from + 1},${a.length - tail + below - from} +${from + 1},${b.length - tail + below - from} @@`,
    ...a.slice(from, head).map((line) => ` ${line}`),
    ...a.slice(head, a.length - tail).map((line) => `-${line}`),
    ...b.slice(head, b.length - tail).map((line) => `+${line}`),
    ...a.slice(a.length - tail, a.length - tail + below).map((line) => ` ${line}`),
  ];
  const diff = lines.map((line) => line.replace(/\r$/, "")).join("\n");
  return diff.length > MAX_DIFF ? `${diff.slice(0, MAX_DIFF)}\n[… cut …]` : diff;
}
