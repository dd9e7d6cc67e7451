/**
 * Amazon's binary event streams: length, headers, payload, checksums.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html
 */
import { crc32 } from "node:zlib";
import { CallFailed } from "./_call.ts";
import type { Decoder } from "./_call.ts";

/** Bytes of one message; Amazon's own limit is 24 MiB. */
const MESSAGE_LIMIT = 24 * 1024 * 1024;
/** Total length, length of headers, their checksum, and the checksum of all. */
const SMALLEST = 16;
/** Lengths and their checksum, before the headers. */
const PRELUDE = 12;
const CHECKSUM = 4;
/** Bytes of a header's value by its type; types 6 and 7 have a length of two bytes of their own. */
const SIZES: Readonly<Record<number, number>> = { 0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16 };
const STRING = 7;

/** Events as `{"<event type>": payload}`, exceptions as `{"exception": "<type>", "body": "<payload>"}`. */
export class AwsDecoder implements Decoder {
  #pieces: Uint8Array[] = [];
  #size = 0;
  readonly #headers = new LastHeaders();

  push(bytes: Uint8Array): readonly string[] {
    this.#pieces.push(bytes);
    this.#size += bytes.length;
    const wanted = this.#wanted();
    if (wanted === undefined || this.#size < wanted) return [];
    const [first] = this.#pieces;
    let whole = first && this.#pieces.length === 1 ? view(first) : Buffer.concat(this.#pieces);
    const found: string[] = [];
    while (whole.length >= 4) {
      const length = lengthOf(whole);
      if (whole.length < length) break;
      found.push(message(this.#headers, whole.subarray(0, length)));
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
    return lengthOf(view(this.#pieces[0] as Uint8Array));
  }
}

/** One whole message as an event. The last checksum is that of all before it, the lengths included. */
function message(known: LastHeaders, bytes: Buffer): string {
  const end = bytes.length - CHECKSUM;
  const begin = PRELUDE + bytes.readUInt32BE(4);
  if (begin > end || crc32(bytes.subarray(0, end)) !== bytes.readUInt32BE(end)) throw garbage();
  const headers = known.of(bytes.subarray(PRELUDE, begin));
  const header = (name: string) => headers.get(name) ?? "";
  const payload = bytes.toString("utf8", begin, end);
  switch (header(":message-type")) {
    case "exception":
      return JSON.stringify({ exception: header(":exception-type"), body: payload });
    case "error": {
      const said = header(":error-message");
      return JSON.stringify({ exception: header(":error-code"), body: JSON.stringify({ message: said }) });
    }
    default:
      return `{${JSON.stringify(header(":event-type"))}:${payload}}`;
  }
}

/** Message after message begins with the same headers, which are read once. */
class LastHeaders {
  #bytes = Buffer.alloc(0);
  #found: ReadonlyMap<string, string> = new Map();

  of(bytes: Buffer): ReadonlyMap<string, string> {
    if (bytes.equals(this.#bytes)) return this.#found;
    this.#found = headersIn(bytes);
    this.#bytes = Buffer.from(bytes);
    return this.#found;
  }
}

/** Headers whose value is a text; the others say nothing that is needed. */
function headersIn(bytes: Buffer): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let at = 0;
  const take = (size: number) => {
    at += size;
    if (at > bytes.length) throw garbage();
    return at - size;
  };
  while (at < bytes.length) {
    const named = bytes.readUInt8(take(1));
    const name = bytes.toString("utf8", take(named), at);
    const type = bytes.readUInt8(take(1));
    const size = SIZES[type] ?? (type === STRING || type === STRING - 1 ? bytes.readUInt16BE(take(2)) : undefined);
    if (size === undefined) throw garbage();
    const begin = take(size);
    if (type === STRING) found.set(name, bytes.toString("utf8", begin, at));
  }
  return found;
}

function view({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
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
