/** Cutting notes into pieces that are searched one by one. Pure. */
import { sha256 } from "../../../base/ids.ts";

export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

export interface Chunk {
  readonly startLine: number;
  /** Inclusive. */
  readonly endLine: number;
  readonly text: string;
  /** Of the text; equal texts share their embedding. */
  readonly hash: string;
}

export interface ChunkRule {
  /** Length of a piece, in tokens (about four characters of Latin text, one of others). */
  readonly tokens: number;
  /** Tokens at most that a piece repeats of the one before; none where a section begins. */
  readonly overlap: number;
}

/** Quarters of a token. */
const PER_TOKEN = 4;
const LEAST = 16;
const HEADING = /^#{1,6}\s/;

interface Piece extends Line {
  readonly size: number;
  /** Goes on with the line of the piece before. */
  readonly joined: boolean;
}

/** Pieces of whole lines, in order; together they hold every line that is not blank. A very long line is cut. */
export function chunkLines(lines: readonly Line[], rule: ChunkRule): Chunk[] {
  const most = Math.max(LEAST, rule.tokens * PER_TOKEN);
  const overlap = Math.min(rule.overlap * PER_TOKEN, Math.floor(most / 2));
  const pieces = lines.flatMap((line) => cutLine(line, Math.max(LEAST, overlap || Math.floor(most / 4))));
  const chunks: Chunk[] = [];
  for (let from = 0; from < pieces.length;) {
    const end = endOf(pieces, from, most);
    const chunk = toChunk(pieces.slice(from, end));
    if (chunk) chunks.push(chunk);
    from = end >= pieces.length ? end : nextStart(pieces, from, end, overlap);
  }
  return chunks;
}

export function linesOf(text: string): Line[] {
  return text.split(/\r\n|\n|\r/).map((line, index) => ({ number: index + 1, text: line }));
}

/** Where the piece that begins at `from` ends: before a heading or after a blank line when one lies in its second half. */
function endOf(pieces: readonly Piece[], from: number, most: number): number {
  let size = 0;
  let end = from;
  let heading: number | undefined;
  let blank: number | undefined;
  for (; end < pieces.length; end += 1) {
    const piece = pieces[end] as Piece;
    if (end > from && size + piece.size > most) break;
    if (end > from && size >= most / 2) {
      if (HEADING.test(piece.text) && !piece.joined) heading = end;
      if ((pieces[end - 1] as Piece).text.trim() === "") blank = end;
    }
    size += piece.size;
  }
  if (end >= pieces.length) return end;
  if (HEADING.test((pieces[end] as Piece).text) && !(pieces[end] as Piece).joined) return end;
  return heading ?? blank ?? end;
}

function nextStart(pieces: readonly Piece[], from: number, end: number, overlap: number): number {
  const first = pieces[end] as Piece;
  if (HEADING.test(first.text) && !first.joined) return end;
  let start = end;
  for (let size = 0; start - 1 > from; start -= 1) {
    size += (pieces[start - 1] as Piece).size;
    if (size > overlap) break;
  }
  return start;
}

/** Without blank lines at its ends; undefined when there is nothing else. */
function toChunk(all: readonly Piece[]): Chunk | undefined {
  const says = ({ text }: Piece) => text.trim() !== "";
  const pieces = all.slice(all.findIndex(says), all.findLastIndex(says) + 1);
  const text = pieces.map((piece, at) => (at === 0 || piece.joined ? piece.text : `\n${piece.text}`)).join("");
  if (!all.some(says)) return undefined;
  const last = pieces.at(-1) as Piece;
  return { startLine: (pieces[0] as Piece).number, endLine: last.number, text, hash: sha256(text).slice(0, 32) };
}

/** A line in pieces of at most `most` quarters, cut at spaces where there are any. */
function cutLine({ number, text }: Line, most: number): Piece[] {
  const size = sizeOf(text) + 1;
  if (size <= most) return [{ number, text, size, joined: false }];
  const pieces: Piece[] = [];
  let from = 0;
  let held = 0;
  let space = -1;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    held += weightOf(code);
    if (code === 0x20) space = at;
    if (held < most - PER_TOKEN || at + 1 >= text.length) continue;
    const end = space > from ? space + 1 : code >= 0xd800 && code <= 0xdbff ? at : at + 1;
    const cut = Math.max(end, from + 1);
    pieces.push({ number, text: text.slice(from, cut), size: sizeOf(text.slice(from, cut)), joined: from > 0 });
    held = sizeOf(text.slice(cut, at + 1));
    from = cut;
  }
  const rest = text.slice(from);
  if (rest !== "") pieces.push({ number, text: rest, size: sizeOf(rest) + 1, joined: from > 0 });
  return pieces;
}

export function sizeOf(text: string): number {
  let size = 0;
  for (let at = 0; at < text.length; at += 1) size += weightOf(text.charCodeAt(at));
  return size;
}

/** Scripts from the Hangul Jamo on take about a token for each character. */
function weightOf(code: number): number {
  return code >= 0x1100 ? PER_TOKEN : 1;
}
