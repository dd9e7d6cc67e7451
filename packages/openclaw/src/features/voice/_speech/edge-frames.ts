/** Frames and tokens of Microsoft's read-aloud service. Pure. */
import { sha256 } from "../../../base/ids.ts";

/** Seconds between the epochs of Windows (1601) and Unix (1970). */
const WINDOWS_EPOCH = 11_644_473_600n;
const TICKS_PER_SECOND = 10_000_000n;
const FIVE_MINUTES = 300n;

/** `Sec-MS-GEC`: the hash of the running five minutes, counted in units of 100 ns, and the client's token. */
export function securityToken(now: number, clientToken: string): string {
  const seconds = BigInt(Math.floor(now / 1000)) + WINDOWS_EPOCH;
  const ticks = (seconds - (seconds % FIVE_MINUTES)) * TICKS_PER_SECOND;
  return sha256(`${ticks}${clientToken}`).toUpperCase();
}

/** As a browser writes a date. */
export function dateHeader(now: number): string {
  const [day, date, month, year, time] = new Date(now).toUTCString().replace(",", "").split(" ");
  return `${day} ${month} ${date} ${year} ${time} GMT+0000 (Coordinated Universal Time)`;
}

/** What stands before the empty line of a text frame. */
export function headersOf(message: string): string {
  return message.split("\r\n\r\n", 1)[0] ?? "";
}

export function pathOf(headers: string): string | undefined {
  return /^Path:\s*(\S+)/im.exec(headers)?.[1]?.toLowerCase();
}

/** The sound of a binary frame: two bytes say how long its headers are. Undefined for any other frame. */
export function audioIn(frame: Uint8Array): Uint8Array | undefined {
  if (frame.length < 2) return undefined;
  const end = 2 + ((frame[0] ?? 0) << 8) + (frame[1] ?? 0);
  if (end > frame.length) return undefined;
  const headers = new TextDecoder("latin1").decode(frame.subarray(2, end));
  return pathOf(headers) === "audio" && frame.length > end ? frame.subarray(end) : undefined;
}
