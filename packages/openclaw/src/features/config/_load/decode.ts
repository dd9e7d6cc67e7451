/** Bytes of a file to text. What is not UTF-8 is refused with its place, never guessed at. */
import { isUtf8 } from "node:buffer";
import type { ConfigIssue } from "../index.ts";

export interface Decoded {
  /** With replacement characters where it is not UTF-8; a byte order mark stays. */
  readonly text: string;
  readonly issue?: ConfigIssue;
}

export function decode(bytes: Buffer): Decoded {
  const text = bytes.toString("utf8");
  return isUtf8(bytes) ? { text } : { text, issue: { path: "", message: "not UTF-8 text", ...placeOf(bytes) } };
}

const NEWLINE = 0x0a;

/** The first line that is not UTF-8 and where in it; a line feed is never part of another character. */
function placeOf(bytes: Buffer): { readonly line: number; readonly column: number } {
  let line = 1;
  for (let start = 0; ; line += 1) {
    const end = bytes.indexOf(NEWLINE, start);
    const content = bytes.subarray(start, end < 0 ? bytes.length : end);
    if (end < 0 || !isUtf8(content)) return { line, column: content.toString("utf8").indexOf("\uFFFD") + 1 };
    start = end + 1;
  }
}
