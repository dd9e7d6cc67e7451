/** A window of lines from a stream of bytes, in memory that does not depend on the file's size. */
import { StringDecoder } from "node:string_decoder";

export interface LineLimits {
  /** First line, from 1. */
  readonly offset: number;
  readonly lines: number;
  readonly bytes: number;
}

/** Feed it with pieces until `full`, then `end` it. */
export class LineWindow {
  readonly #limits: LineLimits;
  readonly #decoder = new StringDecoder("utf8");
  readonly #taken: string[] = [];
  #used = 0;
  /** The line that has begun, as far as it is wanted. */
  #line = "";
  #lineBytes = 0;
  /** Number of the line that has begun, from 1. */
  #at = 1;
  #cut = false;
  #full = false;
  #empty = true;

  constructor(limits: LineLimits) {
    this.#limits = limits;
  }

  /** Nothing more is wanted. */
  get full(): boolean {
    return this.#full;
  }

  /** Number of the line that has begun: of lines, once it has ended. */
  get line(): number {
    return this.#at;
  }

  feed(bytes: Buffer): void {
    const text = this.#decoder.write(bytes);
    if (text !== "") this.#empty = false;
    let start = 0;
    while (!this.#full && start < text.length) {
      const end = text.indexOf("\n", start);
      this.#extend(text.slice(start, end < 0 ? text.length : end));
      if (end < 0) return;
      this.#finishLine();
      this.#at += 1;
      start = end + 1;
    }
  }

  /** Nothing more comes. */
  end(): WindowResult {
    if (!this.#full) {
      this.#extend(this.#decoder.end());
      if (this.#lineBytes > 0) this.#finishLine();
      else this.#at = Math.max(this.#empty ? 0 : 1, this.#at - 1);
    }
    return { lines: this.#taken, cutLine: this.#cut, more: this.#full, lastLine: this.#at };
  }

  #extend(piece: string): void {
    this.#lineBytes += piece.length;
    const room = this.#limits.bytes + 1 - this.#line.length;
    if (this.#at >= this.#limits.offset && room > 0) this.#line += piece.slice(0, room);
  }

  #finishLine(): void {
    if (this.#at >= this.#limits.offset) this.#take(this.#line.endsWith("\r") ? this.#line.slice(0, -1) : this.#line);
    this.#line = "";
    this.#lineBytes = 0;
  }

  #take(line: string): void {
    const size = Buffer.byteLength(line) + 1;
    if (this.#taken.length >= this.#limits.lines) this.#full = true;
    else if (this.#used + size <= this.#limits.bytes) {
      this.#taken.push(line);
      this.#used += size;
    } else {
      this.#full = true;
      if (this.#taken.length > 0) return;
      this.#cut = true;
      this.#taken.push(Buffer.from(line).subarray(0, this.#limits.bytes).toString("utf8"));
    }
  }
}

export interface WindowResult {
  readonly lines: readonly string[];
  /** The only line is longer than the limit and was cut. */
  readonly cutLine: boolean;
  /** Lines follow that did not fit. */
  readonly more: boolean;
  /** Without `more`: number of lines of the file. */
  readonly lastLine: number;
}
