/** The lines of a piece that say most about a question. Pure. */
import { cut } from "../../../base/text.ts";

const MAX_SNIPPET = 700;
const BEFORE = 2;

export interface Snippet {
  readonly text: string;
  /** Lines of the piece that were left out before. */
  readonly skipped: number;
  readonly lines: number;
}

export function snippetOf(text: string, words: readonly string[]): Snippet {
  const lines = text.split("\n");
  if (text.length <= MAX_SNIPPET) return { text, skipped: 0, lines: lines.length };
  const worth = lines.map((line) => wordsIn(line, words));
  const best = worth.indexOf(Math.max(...worth));
  let start = Math.max(0, best - BEFORE);
  while (start < best && lengthOf(lines.slice(start, best + 1)) > MAX_SNIPPET) start += 1;
  const first = lines[start] as string;
  if (first.length > MAX_SNIPPET) return { text: around(first, words), skipped: start, lines: 1 };
  let end = start + 1;
  while (end < lines.length && lengthOf(lines.slice(start, end + 1)) <= MAX_SNIPPET) end += 1;
  return { text: lines.slice(start, end).join("\n"), skipped: start, lines: end - start };
}

function around(line: string, words: readonly string[]): string {
  const lower = line.toLowerCase();
  const places = words.map((word) => lower.indexOf(word)).filter((at) => at >= 0);
  const from = Math.max(0, Math.min(...places, line.length) - MAX_SNIPPET / 4);
  const start = places.length === 0 ? 0 : from;
  const piece = cut(line.slice(start).replace(/^[\uDC00-\uDFFF]/, ""), MAX_SNIPPET - 1);
  return start > 0 ? `…${piece}` : piece;
}

function wordsIn(line: string, words: readonly string[]): number {
  const lower = line.toLowerCase();
  return words.reduce((count, word) => count + (lower.includes(word) ? 1 : 0), 0);
}

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, -1);
}
