import type { Random } from "../../base/ids.ts";

/** 32 characters that cannot be mistaken for one another: 5 bits each, no bias. */
const ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const LENGTH = 8;

/** Eight characters of `ALPHABET`. */
export function newCode(random: Random): string {
  return Array.from(random.bytes(LENGTH), (byte) => ALPHABET[byte & 31]).join("");
}

/** As somebody typed it → as it was given out. */
export function normalizeCode(typed: string): string {
  return typed.replace(/[\s-]/g, "").toUpperCase();
}
