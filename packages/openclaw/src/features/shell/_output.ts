/** What a command printed, in a bounded amount of memory however much it was. */
import type { Output } from "./index.ts";

const FIRST_SIZE = 4096;

/** Keeps the newest `capacity` bytes. Costs nothing until something is printed. */
export class OutputRing implements Output {
  readonly #capacity: number;
  #bytes = Buffer.alloc(0);
  /** Where the next byte goes, and how many are kept. */
  #next = 0;
  #kept = 0;
  #total = 0;
  /** Position in the whole output up to which it was drained. */
  #drained = 0;
  #ended = false;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get total(): number {
    return this.#total;
  }

  get dropped(): number {
    return this.#total - this.#kept;
  }

  append(chunk: Buffer): void {
    const piece = chunk.length > this.#capacity ? chunk.subarray(chunk.length - this.#capacity) : chunk;
    this.#grow(this.#kept + piece.length);
    const size = this.#bytes.length;
    const first = Math.min(piece.length, size - this.#next);
    piece.copy(this.#bytes, this.#next, 0, first);
    piece.copy(this.#bytes, 0, first);
    this.#next = size === 0 ? 0 : (this.#next + piece.length) % size;
    this.#kept = Math.min(this.#kept + piece.length, size);
    this.#total += chunk.length;
  }

  /** Nothing more will come: a torn character at the end is shown as it is. */
  end(): void {
    this.#ended = true;
  }

  text(newest = this.#kept): string {
    return readable(this.#slice(this.#total - Math.min(newest, this.#kept)));
  }

  drain(): string {
    const from = Math.max(this.#drained, this.#total - this.#kept);
    const missed = from - this.#drained;
    const bytes = this.#slice(from);
    const whole = this.#ended ? bytes : bytes.subarray(0, wholeCharacters(bytes));
    this.#drained = from + whole.length;
    const text = readable(whole);
    return missed > 0 ? `[… ${missed} bytes were not kept …]\n${text}` : text;
  }

  /** Kept bytes from a position in the whole output to the end, as a copy. */
  #slice(from: number): Buffer {
    const size = this.#bytes.length;
    const length = Math.min(this.#total - from, this.#kept);
    if (length <= 0) return Buffer.alloc(0);
    const start = (this.#next - length + size) % size;
    const first = Math.min(length, size - start);
    return Buffer.concat([this.#bytes.subarray(start, start + first), this.#bytes.subarray(0, length - first)]);
  }

  #grow(wanted: number): void {
    const size = this.#bytes.length;
    if (wanted <= size || size === this.#capacity) return;
    let bigger = Math.max(size * 2, FIRST_SIZE);
    while (bigger < wanted) bigger *= 2;
    const bytes = Buffer.alloc(Math.min(bigger, this.#capacity));
    const kept = this.#slice(this.#total - this.#kept);
    this.#next = kept.copy(bytes);
    this.#bytes = bytes;
  }
}

/** Length of the longest prefix that does not end inside a UTF-8 character. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needs > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** Terminal sequences: CSI, OSC (ended by BEL or ST), and the two-character ones. */
// oxlint-disable-next-line no-control-regex -- control characters are what is removed
const SEQUENCES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]{0,4096}(?:\u0007|\u001b\\)|[@-Z\\-_])/g;
// oxlint-disable-next-line no-control-regex -- likewise
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/** Bytes as text for a model. What is no text is shown as its size. */
function readable(bytes: Buffer): string {
  if (looksBinary(bytes)) return `[${bytes.length} bytes that are no text]`;
  return bytes.toString("utf8").replace(SEQUENCES, "").replace(/\r\n?/g, "\n").replace(CONTROLS, "");
}

function looksBinary(bytes: Buffer): boolean {
  const sample = bytes.subarray(0, 4096);
  let zeros = 0;
  for (const byte of sample) if (byte === 0) zeros += 1;
  return zeros > 0 && zeros * 100 > sample.length;
}
