/** Server-sent events (WHATWG HTML §9.2) from bytes: any line ending, split characters, bounded. */
import { createParser } from "eventsource-parser";
import type { Decoder } from "./_call.ts";

/** Characters of one event that are kept before the stream is given up. */
const EVENT_LIMIT = 8 * 1024 * 1024;

export class SseDecoder implements Decoder {
  readonly #text = new TextDecoder();
  readonly #parser;
  #found: string[] = [];
  #overflowed = false;

  constructor(limit = EVENT_LIMIT) {
    this.#parser = createParser({
      maxBufferSize: limit,
      onEvent: ({ data }) => this.#found.push(data),
      onError: ({ type }) => {
        if (type === "max-buffer-size-exceeded") this.#overflowed = true;
      },
    });
  }

  /** The data of the events that `bytes` completed. Throws a RangeError when an event is too large. */
  push(bytes: Uint8Array): readonly string[] {
    return this.#feed(this.#text.decode(bytes, { stream: true }));
  }

  /** The data of a last event whose end was not sent. */
  end(): readonly string[] {
    return this.#feed(`${this.#text.decode()}\n\n`);
  }

  #feed(text: string): readonly string[] {
    this.#parser.feed(text);
    if (this.#overflowed) throw new RangeError("an event of the stream is too large");
    const found = this.#found;
    if (found.length > 0) this.#found = [];
    return found;
  }
}
