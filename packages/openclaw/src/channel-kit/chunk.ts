/** Cuts Markdown into pieces that each fit one message. */
import { cut } from "../base/text.ts";
import { breakBefore, paragraphs } from "./_breaks.ts";
import { fencesOf, type Fence } from "./_fences.ts";

export interface ChunkOptions {
  /** Most units per piece, at least 1. */
  readonly limit: number;
  /** `length`: split only what is too long. `newline`: one piece per paragraph, then by length. */
  readonly mode: "length" | "newline";
  /** Units a piece takes once rendered; default UTF-16 length. */
  readonly measure?: (markdown: string) => number;
}

/**
 * Pieces in order, each within `limit` after rendering, none empty. Breaks fall at a paragraph, else a
 * newline, a sentence, white space, and only then anywhere (never inside a character). A code fence is
 * broken only when it does not fit whole: the piece closes it and the next opens it with the same line.
 */
export function chunkMarkdown(markdown: string, options: ChunkOptions): string[] {
  const measure = options.measure ?? ((text: string) => text.length);
  const parts = options.mode === "newline" ? paragraphs(markdown) : [markdown];
  return parts.flatMap((part) => split(part, Math.max(1, options.limit), measure));
}

function split(markdown: string, limit: number, measure: (text: string) => number): string[] {
  const pieces: string[] = [];
  let rest = withoutEdges(markdown);
  while (rest !== "") {
    const { piece, remaining } = take(rest, limit, measure);
    if (piece.trim() !== "") pieces.push(piece);
    rest = remaining;
  }
  return pieces;
}

/** Markup can make a text much shorter, but nothing this long is worth rendering just to see. */
const WHOLE = 8;

function take(rest: string, limit: number, measure: (text: string) => number): { piece: string; remaining: string } {
  if (rest.length <= limit * WHOLE && measure(rest) <= limit) return { piece: rest, remaining: "" };
  const fences = fencesOf(rest);
  let window = Math.min(limit, rest.length);
  for (;;) {
    const result = cutAt(rest, fences, window, limit);
    const size = measure(result.piece);
    if (size <= limit || window <= 1) return result;
    window = Math.max(1, Math.min(window - 1, result.length - 1, Math.floor((result.length * limit) / size)));
  }
}

/** Takes at most `window` units from the front of `rest`, at the best place there is. */
function cutAt(
  rest: string,
  fences: readonly Fence[],
  window: number,
  limit: number,
): { piece: string; remaining: string; length: number } {
  const free = window < rest.length ? breakBefore(rest, window, fences) : rest.length;
  if (free !== undefined)
    return { piece: rest.slice(0, free).trimEnd(), remaining: withoutEdges(rest.slice(free)), length: free };
  const hard = Math.max(cut(rest, window).length, firstCharacter(rest));
  const fence = fences.find(({ start, end }) => start < hard && hard < end);
  return fence
    ? insideFence(rest, fence, hard, limit)
    : { piece: rest.slice(0, hard), remaining: rest.slice(hard), length: hard };
}

function insideFence(
  rest: string,
  fence: Fence,
  hard: number,
  limit: number,
): { piece: string; remaining: string; length: number } {
  const line = rest.lastIndexOf("\n", hard - 1) + 1;
  const at = line > fence.body ? line : Math.max(hard, fence.body + firstCharacter(rest.slice(fence.body)));
  const reopen = fence.opening.length <= limit / 4 ? fence.opening : fence.marker;
  const body = rest.slice(0, Math.min(at, fence.close));
  if (at >= fence.close)
    return { piece: `${body}${fence.marker}`, remaining: withoutEdges(rest.slice(fence.end)), length: at };
  return {
    piece: `${body}${body.endsWith("\n") ? "" : "\n"}${fence.marker}`,
    remaining: `${reopen}\n${rest.slice(at)}`,
    length: at,
  };
}

function firstCharacter(text: string): number {
  return (text.codePointAt(0) ?? 0) > 0xffff ? 2 : 1;
}

/** Without blank lines in front and white space behind; indentation of the first line stays. */
function withoutEdges(text: string): string {
  return text.replace(/^(?:[^\S\n]*\n)+/, "").trimEnd();
}
