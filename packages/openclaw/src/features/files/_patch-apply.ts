/** Hunks onto a text: line endings, byte order mark and the last line's end stay as they are. Pure. */
import type { Hunk } from "./_patch.ts";

export type Applied =
  | { readonly text: string }
  /** The change, from 1, whose lines are not there, and the first of them. */
  | { readonly missing: number; readonly line: string };

/** How alike two lines must be, strictest first. */
const LIKENESS: readonly ((line: string) => string)[] = [
  (line) => line,
  (line) => line.trimEnd(),
  (line) => line.trim(),
];

export function applyHunks(original: string, hunks: readonly Hunk[]): Applied {
  const bom = original.startsWith("\uFEFF") ? "\uFEFF" : "";
  const body = original.slice(bom.length);
  const ending = body.includes("\r\n") ? "\r\n" : "\n";
  const lines = body.split(/\r?\n/);
  const endsOpen = lines.at(-1) !== "";
  if (!endsOpen) lines.pop();
  const out: string[] = [];
  let at = 0;
  for (const [index, hunk] of hunks.entries()) {
    const place = findHunk(lines, hunk, at);
    if (place === undefined)
      return { missing: index + 1, line: hunk.before.find((line) => line.trim() !== "") ?? hunk.context ?? "" };
    out.push(...lines.slice(at, place), ...kept(lines.slice(place, place + hunk.before.length), hunk));
    at = place + hunk.before.length;
  }
  out.push(...lines.slice(at));
  const text = out.length === 0 ? "" : `${out.join(ending)}${endsOpen ? "" : ending}`;
  return { text: bom + text };
}

/** Where the lines of a hunk stand, at `from` or later: after its context where that is found, else anywhere. */
function findHunk(lines: readonly string[], { context, before, atEnd }: Hunk, from: number): number | undefined {
  const starts = context === undefined ? [from] : [...contextEnds(lines, context, from), from];
  for (const start of starts) {
    for (const like of LIKENESS) {
      const wanted = before.map(like);
      const last = lines.length - before.length;
      for (let at = atEnd ? Math.max(start, last) : start; at <= last; at += 1)
        if (wanted.every((line, i) => like(lines[at + i] ?? "") === line))
          return insertion(lines, before, at, { atEnd });
    }
  }
  return undefined;
}

/** A hunk that only adds goes after its context, or to the end of the file. */
function insertion(
  lines: readonly string[],
  before: readonly string[],
  at: number,
  { atEnd }: { atEnd: boolean },
): number {
  return before.length === 0 && atEnd ? lines.length : at;
}

function contextEnds(lines: readonly string[], context: string, from: number): number[] {
  for (const like of LIKENESS) {
    const found = lines.flatMap((line, i) => (i >= from && like(line) === like(context) ? [i + 1] : []));
    if (found.length > 0) return found;
  }
  return [];
}

/** Lines that the hunk only quotes stay as the file has them; only what it changes is as it says. */
function kept(found: readonly string[], { before, after }: Hunk): string[] {
  const queue = before.map((line, i) => ({ line, found: found[i] ?? line }));
  return after.map((line) => {
    const at = queue.findIndex((one) => one.line === line);
    if (at === -1) return line;
    const [match] = queue.splice(0, at + 1).slice(-1);
    return match?.found ?? line;
  });
}
