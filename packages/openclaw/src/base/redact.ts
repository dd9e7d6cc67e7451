/**
 * Masks secrets in text that leaves the process: log lines, shown tool calls. Every repetition is
 * bounded or starts at most once per run of characters, so that the time is linear in the length.
 */
import { matchAllOf } from "./pattern.ts";

interface Secret {
  /** One of these stands in every text that the pattern matches; most log lines hold none. */
  readonly signs: readonly string[];
  /** Matches the secret itself, or has a group `secret`. */
  readonly pattern: RegExp;
}

const SECRETS: readonly Secret[] = [
  // Private keys, whole; an unfinished one to the end of the text.
  { signs: ["-----BEGIN"], pattern: /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?<secret>[^-]{1,16384})/dg },
  // Prefixes that vendors give their keys.
  { signs: ["sk-", "pk-", "rk-"], pattern: /(?<![A-Za-z0-9])[spr]k-[A-Za-z0-9_-]{12,512}/dg },
  {
    signs: [
      "gh",
      "pat_",
      "pat-",
      "npm_",
      "pypi-",
      "gsk_",
      "pplx-",
      "xai-",
      "hf_",
      "AIza",
      "ya29.",
      "whsec_",
      "k_live_",
    ],
    pattern:
      /(?<![A-Za-z0-9])(?:gh[pousr]_|github_pat_|glpat-|npm_|pypi-|gsk_|pplx-|xai-|hf_|AIza|ya29\.|whsec_|[sr]k_live_)[A-Za-z0-9_-]{10,512}/dg,
  },
  { signs: ["xox", "xapp-"], pattern: /(?<![A-Za-z0-9])x(?:ox[a-z]|app)-[A-Za-z0-9-]{8,512}/dg },
  { signs: ["AKIA"], pattern: /(?<![A-Za-z0-9])AKIA[A-Z0-9]{16}(?![A-Za-z0-9])/dg },
  // Telegram bot tokens; `bot` stands directly before them in URLs.
  { signs: [":"], pattern: /(?<![0-9])[0-9]{6,12}:[A-Za-z0-9_-]{30,64}(?![A-Za-z0-9_-])/dg },
  // JSON Web Tokens.
  {
    signs: ["eyJ"],
    pattern: /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{2,8192}\.[A-Za-z0-9_-]{2,1024}/dg,
  },
  { signs: ["earer", "EARER"], pattern: /(?<![A-Za-z0-9])bearer[ \t]{1,8}(?<secret>[A-Za-z0-9._~+/=-]{8,4096})/dgi },
  {
    signs: ["asic", "ASIC"],
    pattern: /(?<![A-Za-z0-9])basic[ \t]{1,8}(?<secret>(?=[A-Za-z+/]{0,512}[0-9=])[A-Za-z0-9+/=]{8,4096})/dgi,
  },
  // Names that announce a secret: JSON fields, assignments, query parameters, fragments, flags.
  {
    signs: ['":', "':", '" :', "' :"],
    pattern:
      /["'][A-Za-z0-9_-]{0,40}(?:token|secret|password|passwd|passphrase|api[_-]?key|private[_-]?key|authorization|cookie)["'][ \t]{0,8}:[ \t]{0,8}["'](?<secret>[^"'\\\r\n]{1,4096})/dgi,
  },
  {
    signs: ["="],
    pattern:
      /(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{0,40}(?:token|secret|password|passwd|passphrase|api[_-]?key|access[_-]?key|private[_-]?key)=(?<secret>[^\s"'&;,#<>]{1,4096})/dgi,
  },
  {
    signs: ["--"],
    pattern:
      /(?<![A-Za-z0-9_-])--[a-z0-9-]{0,40}(?:token|secret|password|passphrase|api-?key)[ \t]{1,4}(?<secret>[^\s"'&;,#<>-][^\s"'&;,#<>]{0,4095})/dgi,
  },
  // User information in URLs.
  {
    signs: ["://"],
    pattern: /(?<![A-Za-z0-9+.-])[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:@/?#]{0,256}:(?<secret>[^\s@/?#]{1,512})@/dgi,
  },
];

/** What masks secrets in a text. */
export type Redact = (text: string) => string;

/** First six and last four characters of a secret that is long enough to stay one, otherwise `***`. */
export function mask(secret: string): string {
  return secret.length >= 18 ? `${secret.slice(0, 6)}…${secret.slice(-4)}` : "***";
}

/** The text with everything that looks like a secret masked. */
export const redact: Redact = (text) => {
  if (text.length < 8) return text;
  const patterns = SECRETS.filter(({ signs }) => signs.some((sign) => text.includes(sign)));
  return maskRanges(
    text,
    patterns.flatMap(({ pattern }) => rangesOf(text, pattern)),
  );
};

/** What no shell gives a meaning to, and names no file from the root or home. */
const INERT = /^[A-Za-z0-9_+=:@%-][A-Za-z0-9._~+/=:@%-]{0,8191}$/;

/**
 * The same for a command that somebody is to allow: masks only what cannot be program text. Whatever else looks
 * like a secret (`TOKEN=$(…)`) is shown, because it would be run.
 */
export const redactCommand: Redact = (text) =>
  maskRanges(
    text,
    SECRETS.flatMap(({ pattern }) => rangesOf(text, pattern)).filter(([start, end]) =>
      INERT.test(text.slice(start, end)),
    ),
  );

/** Masks by the given patterns (from `userPattern`) instead of the built-in ones. */
export function redactBy(patterns: readonly RegExp[]): Redact {
  const everywhere = patterns.map(matchAllOf);
  return (text) =>
    maskRanges(
      text,
      everywhere.flatMap((pattern) => rangesOf(text, pattern)),
    );
}

type Range = readonly [start: number, end: number];

function rangesOf(text: string, pattern: RegExp): Range[] {
  return Array.from(
    text.matchAll(pattern),
    ({ index, indices, 0: { length } }) => indices?.groups?.["secret"] ?? [index, index + length],
  );
}

/** All patterns look at the original text, so that what one masks cannot hide a secret from another. */
function maskRanges(text: string, ranges: readonly Range[]): string {
  let out = "";
  let at = 0;
  for (const [start, end] of merged(ranges)) {
    out += text.slice(at, start) + mask(text.slice(start, end));
    at = end;
  }
  return at === 0 ? text : out + text.slice(at);
}

function merged(ranges: readonly Range[]): Range[] {
  const out: Range[] = [];
  for (const range of ranges.filter(([start, end]) => end > start).toSorted((a, b) => a[0] - b[0])) {
    const last = out.at(-1);
    if (last !== undefined && range[0] < last[1]) out[out.length - 1] = [last[0], Math.max(last[1], range[1])];
    else out.push(range);
  }
  return out;
}

/** Names of fields whose value is masked whatever it looks like. */
const SECRET_FIELD =
  /(?:^|[._-])(?:token|secret|password|passphrase|authorization|cookie|credential)s?$|(?:api|private|access)[_-]?key$|(?:Token|Secret|Password)$/i;
const COUNT_FIELD = /tokens$/i;

export interface RedactLimits {
  readonly depth: number;
  readonly items: number;
}

const LIMITS: RedactLimits = { depth: 6, items: 200 };

/** A copy of plain data with every string redacted, cut off below `depth` and after `items` members. */
export function redactData(value: unknown, clean: Redact = redact, limits: RedactLimits = LIMITS): unknown {
  if (typeof value === "string") return clean(value);
  if (typeof value === "bigint") return String(value);
  if (value === null || typeof value !== "object")
    return typeof value === "function" || typeof value === "symbol" ? undefined : value;
  if (limits.depth === 0) return "[…]";
  const inner = { ...limits, depth: limits.depth - 1 };
  if (value instanceof Error) return redactData(errorFields(value), clean, limits);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, limits.items).map((item) => redactData(item, clean, inner));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, limits.items)
      .map(([name, item]) => [name, redactField(name, item, clean, inner)]),
  );
}

function redactField(name: string, item: unknown, clean: Redact, limits: RedactLimits): unknown {
  if (typeof item === "string" && SECRET_FIELD.test(name) && !COUNT_FIELD.test(name))
    return item === "" ? item : mask(item);
  return redactData(item, clean, limits);
}

function errorFields(error: Error): Record<string, unknown> {
  const { code } = error as { code?: unknown };
  return {
    name: error.name,
    message: error.message,
    ...(typeof code === "string" ? { code } : {}),
    ...(error.stack ? { stack: error.stack } : {}),
  };
}
