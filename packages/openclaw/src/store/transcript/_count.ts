/** How many messages transcripts hold: a file that only grew is read from where the last look ended. */
import type { GrowingFile } from "../../base/growing-file.ts";

const MESSAGE = Buffer.from('{"type":"message"');
const BLOCK = 1024 * 1024;
const REMEMBERED = 512;

interface Known {
  /** Bytes that were looked at: whole lines only. */
  readonly upTo: number;
  readonly count: number;
}

export class Counts {
  readonly #known = new Map<string, Known>();

  forget(name: string): void {
    this.#known.delete(name);
  }

  async of(name: string, file: GrowingFile): Promise<number> {
    const before = this.#known.get(name);
    const from = before !== undefined && before.upTo <= file.size ? before : { upTo: 0, count: 0 };
    const { partial, ...whole } = await countFrom(file, from);
    this.#known.delete(name);
    this.#known.set(name, whole);
    if (this.#known.size > REMEMBERED) this.#known.delete(this.#known.keys().next().value ?? "");
    return whole.count + partial;
  }
}

/** `partial`: 1 when the file ends in a message whose line is not closed yet. */
async function countFrom(file: GrowingFile, { upTo, count }: Known): Promise<Known & { readonly partial: number }> {
  let at = upTo;
  let found = count;
  /** Of a line that is longer than a block: where it begins, and whether it is a message. */
  let long: { readonly from: number; readonly counts: 0 | 1 } | undefined;
  while (at < file.size) {
    const data = await file.read(at, Math.min(file.size, at + BLOCK));
    if (data.length === 0) break;
    const length = data.lastIndexOf(0x0a) + 1;
    if (length === 0) {
      long ??= { from: at, counts: begins(data, 0) };
      at += data.length;
      continue;
    }
    const from = long === undefined ? 0 : data.indexOf(0x0a) + 1;
    found += (long?.counts ?? 0) + messagesIn(data.subarray(from, length));
    long = undefined;
    at += length;
  }
  return { upTo: long?.from ?? at, count: found, partial: long?.counts ?? 0 };
}

/** Of data that begins at the start of a line and ends with one. */
function messagesIn(data: Buffer): number {
  let found = 0;
  for (let at = 0; at < data.length; at = data.indexOf(0x0a, at) + 1) found += begins(data, at);
  return found;
}

function begins(data: Buffer, at: number): 0 | 1 {
  return data.subarray(at, at + MESSAGE.length).equals(MESSAGE) ? 1 : 0;
}
