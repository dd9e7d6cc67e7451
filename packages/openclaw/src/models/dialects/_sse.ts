/** Server-sent events (WHATWG HTML §9.2) from bytes: any line ending, split characters, bounded. */
import { createParser } from "eventsource-parser";
import type { Decoder } from "./_call.ts";

/** Characters of one event that are kept before the stream is given up. */
const EVENT_LIMIT = 8 * 1024 * 1024;
/** Characters outside of events that are kept. */
const STRAY_LIMIT = 64 * 1024;

export class SseDecoder implements Decoder {
  readonly #text = new TextDecoder();
  readonly #parser;
  #found: string[] = [];
  #overflowed = false;
  #stray = "";

  constructor(limit = EVENT_LIMIT) {
    this.#parser = createParser({
      maxBufferSize: limit,
      onEvent: ({ data }) => this.#found.push(data),
      onError: ({ type, line }) => {
        if (type === "max-buffer-size-exceeded") this.#overflowed = true;
        else if (line !== undefined && this.#stray.length < STRAY_LIMIT) this.#stray += `${line}\n`;
      },
    });
  }

  /** The data of the events that `bytes` completed. Throws a RangeError when an event is too large. */
  push(bytes: Uint8Array): readonly string[] {
    return this.#feed(this.#text.decode(bytes, { stream: true }));
  }

  /** The data of a last event whose end was not sent, and JSON outside of events: some servers word errors so. */
  end(): readonly string[] {
    const rest = this.#feed(`${this.#text.decode()}\n\n`);
    return isObject(this.#stray) ? [...rest, this.#stray] : rest;
  }

  #feed(text: string): readonly string[] {
    this.#parser.feed(text);
    if (this.#overflowed) throw new RangeError("an event of the stream is too large");
    const found = this.#found;
    if (found.length > 0) this.#found = [];
    return found;
  }
}

function isObject(text: string): boolean {
  if (!text.startsWith("{")) return false;
  try {
    return JSON.parse(text) !== null;
  } catch {
    return false;
  }
}
