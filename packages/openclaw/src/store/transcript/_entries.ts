/** Lines of a transcript, from its end. */
import type { GrowingFile } from "../../base/growing-file.ts";
import type { Entry } from "../ports/index.ts";

export interface Line {
  /** Undefined for a line that cannot be read. */
  readonly entry: Entry | undefined;
  readonly bytes: number;
}

const FIRST_BLOCK = 64 * 1024;
const LARGEST_BLOCK = 4 * 1024 * 1024;
/** What is longer is no line of ours: it counts as one that cannot be read, and is never held in memory. */
export const LONGEST_LINE = 32 * 1024 * 1024;

/**
 * Lines in groups, newest first, read block by block; blocks grow, so that the number of groups stays
 * small. The header and empty lines are left out. Of a line that is too long `bytes` is 0: it takes no place.
 */
export async function* linesFromEnd(file: GrowingFile): AsyncGenerator<Line[]> {
  let rest: Buffer[] = [];
  let held = 0;
  let isTooLong = false;
  let block = FIRST_BLOCK;
  for (let end = file.size; end > 0; block = Math.min(block * 2, LARGEST_BLOCK)) {
    const start = Math.max(0, end - block);
    const data = await file.read(start, end);
    end = start;
    const lineStart = start === 0 ? 0 : data.indexOf(0x0a) + 1;
    if (start > 0 && lineStart === 0) {
      if (isTooLong) continue;
      rest.unshift(data);
      held += data.length;
      if (held <= LONGEST_LINE) continue;
      rest = [];
      isTooLong = true;
      yield [{ entry: undefined, bytes: 0 }];
      continue;
    }
    const lines = isTooLong ? data.subarray(lineStart, data.lastIndexOf(0x0a) + 1) : data.subarray(lineStart);
    const whole = Buffer.concat([lines, ...rest]);
    rest = [data.subarray(0, lineStart)];
    held = lineStart;
    isTooLong = false;
    yield linesOf(whole);
  }
}

/** Lines of a piece that begins at the start of a line, newest first. */
export function linesOf(data: Buffer): Line[] {
  const lines: Line[] = [];
  for (let end = data.length; end > 0;) {
    const start = data.lastIndexOf(0x0a, end - 2) + 1;
    const from = end >= 2 ? start : 0;
    const line = parseLine(data.toString("utf8", from, end), end - from);
    if (line) lines.push(line);
    end = from;
  }
  return lines;
}

function parseLine(text: string, bytes: number): Line | undefined {
  if (text.trim() === "") return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (isHeader(value)) return undefined;
    return { entry: isEntry(value) ? value : undefined, bytes };
  } catch {
    return { entry: undefined, bytes };
  }
}

function isEntry(value: unknown): value is Entry {
  if (value === null || typeof value !== "object") return false;
  const { id, parentId, type } = value as Partial<Entry>;
  return typeof id === "string" && typeof type === "string" && (parentId === null || typeof parentId === "string");
}

function isHeader(value: unknown): boolean {
  return (
    value !== null &&
    typeof value === "object" &&
    (value as { type?: unknown }).type === "session" &&
    !("parentId" in value)
  );
}
