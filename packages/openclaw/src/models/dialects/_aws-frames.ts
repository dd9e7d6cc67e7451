/**
 * Amazon's binary event streams: length, headers, payload, checksums.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html
 */
import { EventStreamCodec } from "@smithy/core/event-streams";
import { CallFailed } from "./_call.ts";
import type { Decoder } from "./_call.ts";

/** Bytes of one message; Amazon's own limit is 24 MiB. */
const MESSAGE_LIMIT = 24 * 1024 * 1024;
/** Total length, length of headers, their checksum, and the checksum of all. */
const SMALLEST = 16;

/** Events as `{"<event type>": payload}`, exceptions as `{"exception": "<type>", "body": "<payload>"}`. */
export class AwsDecoder implements Decoder {
  readonly #codec = new EventStreamCodec(
    (bytes) => Buffer.from(bytes as Uint8Array).toString("utf8"),
    (text) => Buffer.from(text, "utf8"),
  );
  #pieces: Uint8Array[] = [];
  #size = 0;

  push(bytes: Uint8Array): readonly string[] {
    this.#pieces.push(bytes);
    this.#size += bytes.length;
    const wanted = this.#wanted();
    if (wanted === undefined || this.#size < wanted) return [];
    let whole = Buffer.concat(this.#pieces);
    const found: string[] = [];
    while (whole.length >= 4) {
      const length = lengthOf(whole);
      if (whole.length < length) break;
      found.push(this.#message(whole.subarray(0, length)));
      whole = whole.subarray(length);
    }
    this.#pieces = whole.length > 0 ? [whole] : [];
    this.#size = whole.length;
    return found;
  }

  /** A message that was cut says nothing. */
  end(): readonly string[] {
    return [];
  }

  /** Bytes of the message that is coming; undefined while that is not known. */
  #wanted(): number | undefined {
    if (this.#size < 4) return undefined;
    const [first] = this.#pieces;
    if (first && first.length < 4) this.#pieces = [Buffer.concat(this.#pieces)];
    const { buffer, byteOffset, length } = this.#pieces[0] as Uint8Array;
    return lengthOf(Buffer.from(buffer, byteOffset, length));
  }

  #message(bytes: Uint8Array): string {
    const { headers, body } = this.#decoded(bytes);
    const header = (name: string) => String(headers[name]?.value ?? "");
    const payload = Buffer.from(body).toString("utf8");
    switch (header(":message-type")) {
      case "exception":
        return JSON.stringify({ exception: header(":exception-type"), body: payload });
      case "error": {
        const message = header(":error-message");
        return JSON.stringify({ exception: header(":error-code"), body: JSON.stringify({ message }) });
      }
      default:
        return `{${JSON.stringify(header(":event-type"))}:${payload}}`;
    }
  }

  #decoded(bytes: Uint8Array) {
    try {
      return this.#codec.decode(bytes);
    } catch {
      throw garbage();
    }
  }
}

/** The first four bytes. */
function lengthOf(bytes: Buffer): number {
  const length = bytes.readUInt32BE(0);
  if (length < SMALLEST) throw garbage();
  if (length > MESSAGE_LIMIT) throw new RangeError("a message of the stream is too large");
  return length;
}

function garbage(): CallFailed {
  const message = "The model's server sent something that is not its protocol.";
  return new CallFailed({ class: "server_error", code: "garbage", message });
}
