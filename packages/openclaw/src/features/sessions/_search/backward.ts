/** Lines of a file from its end to its beginning, a block at a time. */
import type { GrowingFile } from "../../../base/growing-file.ts";

export interface Block {
  /** Whole lines, each with its line break; the last one of the file may lack it. */
  readonly data: Buffer;
  /** Where they begin in the file. */
  readonly from: number;
  /** Bytes that were read for it. */
  readonly read: number;
}

const BLOCK = 1024 * 1024;
const MAX_LINE = 8 * 1024 * 1024;

/** Lines longer than `maxLine` are left out; both sizes are given by tests only. */
export async function* blocksBackward(
  file: Pick<GrowingFile, "size" | "read">,
  end: number,
  { size = BLOCK, maxLine = MAX_LINE }: { readonly size?: number; readonly maxLine?: number } = {},
): AsyncGenerator<Block> {
  let rest: Buffer[] = [];
  let held = 0;
  let read = 0;
  let tooLong = false;
  for (let at = Math.min(end, file.size); at > 0;) {
    const from = Math.max(0, at - size);
    const block = await file.read(from, at);
    at = from;
    read += block.length;
    const first = from === 0 ? 0 : block.indexOf(0x0a) + 1;
    if (from > 0 && first === 0) {
      held += block.length;
      tooLong ||= held > maxLine;
      rest = tooLong ? [] : [block, ...rest];
      continue;
    }
    const data = tooLong
      ? block.subarray(first, block.lastIndexOf(0x0a) + 1)
      : Buffer.concat([block.subarray(first), ...rest]);
    yield { data, from: from + first, read };
    rest = [block.subarray(0, first)];
    held = first;
    read = 0;
    tooLong = false;
  }
}

/** The lines of a block, the last one first, with where each begins in the file. */
export function* linesBackward({ data, from }: Block): Generator<{ readonly line: Buffer; readonly at: number }> {
  let end = data.length;
  if (data[end - 1] === 0x0a) end -= 1;
  while (end > 0) {
    const start = data.lastIndexOf(0x0a, end - 1) + 1;
    yield { line: data.subarray(start, end), at: from + start };
    end = start - 1;
  }
}
