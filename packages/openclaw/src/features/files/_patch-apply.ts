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
    for (const line of lines.slice(at, place)) out.push(line);
    for (const line of kept(lines.slice(place, place + hunk.before.length), hunk)) out.push(line);
    at = place + hunk.before.length;
  }
  for (const line of lines.slice(at)) out.push(line);
  const text = out.length === 0 ? "" : `${out.join(ending)}${endsOpen ? "" : ending}`;
  return { text: bom + text };
}

/** Where the lines of a hunk stand, at `from` or later: after its context where that is found, else anywhere. */
function findHunk(lines: readonly string[], { context, before, atEnd }: Hunk, from: number): number | undefined {
  const afterContext = context === undefined ? undefined : contextEnd(lines, context, from);
  const last = lines.length - before.length;
  for (const start of afterContext === undefined ? [from] : [afterContext, from]) {
    const begin = atEnd ? Math.max(start, last) : start;
    for (const like of LIKENESS) {
      const at = indexOfLines(lines, before.map(like), begin, like);
      if (at !== undefined) return insertion(lines, before, at, { atEnd });
    }
  }
  return undefined;
}

/** The first place of consecutive lines, in one pass however much they repeat themselves (Knuth, Morris, Pratt). */
function indexOfLines(
  lines: readonly string[],
  wanted: readonly string[],
  from: number,
  like: (line: string) => string,
): number | undefined {
  if (wanted.length === 0) return from <= lines.length ? from : undefined;
  const borders = bordersOf(wanted);
  let matched = 0;
  for (let at = from; at < lines.length; at += 1) {
    const line = like(lines[at] ?? "");
    while (matched > 0 && wanted[matched] !== line) matched = borders[matched - 1] ?? 0;
    if (wanted[matched] === line) matched += 1;
    if (matched === wanted.length) return at - matched + 1;
  }
  return undefined;
}

/** For each beginning of the lines: how many at its end it begins with, too. */
function bordersOf(lines: readonly string[]): readonly number[] {
  const borders = [0];
  let matched = 0;
  for (let at = 1; at < lines.length; at += 1) {
    while (matched > 0 && lines[matched] !== lines[at]) matched = borders[matched - 1] ?? 0;
    if (lines[matched] === lines[at]) matched += 1;
    borders.push(matched);
  }
  return borders;
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

/** The line after the first one that is like the context. */
function contextEnd(lines: readonly string[], context: string, from: number): number | undefined {
  for (const like of LIKENESS) {
    const wanted = like(context);
    const found = lines.findIndex((line, i) => i >= from && like(line) === wanted);
    if (found >= 0) return found + 1;
  }
  return undefined;
}

/** Lines that the hunk only quotes stay as the file has them; only what it changes is as it says. */
function kept(found: readonly string[], { before, after }: Hunk): string[] {
  const places = Map.groupBy(before.keys(), (i) => before[i] ?? "");
  const looked = new Map<string, number>();
  let next = 0;
  return after.map((line) => {
    const all = places.get(line) ?? [];
    let nth = looked.get(line) ?? 0;
    while ((all[nth] ?? Infinity) < next) nth += 1;
    looked.set(line, nth);
    const at = all[nth];
    if (at === undefined) return line;
    next = at + 1;
    return found[at] ?? line;
  });
}
