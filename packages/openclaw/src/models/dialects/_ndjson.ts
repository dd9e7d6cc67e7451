/** One JSON value a line (https://github.com/ndjson/ndjson-spec), from bytes: split characters, any line ending, bounded. */
import type { Decoder } from "./_call.ts";

/** Characters of one line that are kept before the stream is given up. */
const LINE_LIMIT = 16 * 1024 * 1024;

export class NdjsonDecoder implements Decoder {
  readonly #text = new TextDecoder();
  readonly #limit: number;
  /** Of the line that is not complete. */
  #pieces: string[] = [];
  #size = 0;

  constructor(limit = LINE_LIMIT) {
    this.#limit = limit;
  }

  push(bytes: Uint8Array): readonly string[] {
    return this.#feed(this.#text.decode(bytes, { stream: true }));
  }

  end(): readonly string[] {
    return this.#feed(`${this.#text.decode()}\n`);
  }

  #feed(text: string): readonly string[] {
    const lines = text.split("\n");
    const rest = lines.pop() ?? "";
    if (lines.length > 0) {
      lines[0] = this.#pieces.join("") + lines[0];
      this.#pieces = [];
      this.#size = 0;
    }
    if (rest !== "") this.#pieces.push(rest);
    this.#size += rest.length;
    if (this.#size > this.#limit) throw new RangeError("a line of the stream is too large");
    return lines.map((line) => line.trim()).filter((line) => line !== "");
  }
}
