/** Identifiers. Randomness comes in by parameter so that a simulation can replay it. */
import { createHash, randomBytes } from "node:crypto";

export interface Random {
  bytes(count: number): Buffer;
}

export const systemRandom: Random = { bytes: (count) => randomBytes(count) };

/** UUID version 4 (RFC 9562). */
export function uuid(random: Random): string {
  const bytes = random.bytes(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Version-4-shaped UUID derived from `text`: the same text gives the same id on every machine. */
export function derivedUuid(text: string): string {
  return uuid({ bytes: (count) => createHash("sha256").update(text).digest().subarray(0, count) });
}

/** A short id for entries of one file: `bytes` random bytes in hex. */
export function shortId(random: Random, bytes = 4): string {
  return random.bytes(bytes).toString("hex");
}

/** A bearer secret: 32 bytes, base64url (43 characters). */
export function secretToken(random: Random): string {
  return random.bytes(32).toString("base64url");
}

/** Lower-case hex SHA-256. */
export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}
