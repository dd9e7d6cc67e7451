/** Arguments of a tool call, from the text that the model wrote. */
import { isRecord } from "../../base/record.ts";

/** Arguments must be one JSON object; nothing at all means none. Undefined for everything else. */
export function parseArguments(text: string, encoding?: string): Readonly<Record<string, unknown>> | undefined {
  if (text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value)) return undefined;
    return encoding === "html-entities" ? (decoded(value) as Readonly<Record<string, unknown>>) : value;
  } catch {
    return undefined;
  }
}

const NAMED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };

/** Some servers escape texts as if for a web page, inside of the JSON. */
function decoded(value: unknown): unknown {
  if (typeof value === "string") return value.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,5}));/gi, character);
  if (Array.isArray(value)) return value.map(decoded);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, decoded(inner)]));
}

function character(whole: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
  const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
}
