/** Text measures and cuts used by more than one unit. */

/** Cuts to at most `max` UTF-16 units without splitting a surrogate pair. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const code = text.charCodeAt(max - 1);
  return text.slice(0, code >= 0xd800 && code <= 0xdbff ? max - 1 : max);
}

/** The same, with an ellipsis as its last character where something is missing. */
export function shortened(text: string, max: number): string {
  return text.length <= max ? text : `${cut(text, max - 1).trimEnd()}…`;
}

/** Words of several lines as one: every run of white space becomes a space, none is left at the ends. */
export function onOneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/**
 * What a server or a program said, as one line that can be shown anywhere: without what colours or moves the text of a
 * terminal, turns its direction or hides words in it.
 */
export function plainLine(text: string): string {
  return onOneLine(text.replace(TRICKS, "")).toWellFormed();
}

const TRICKS = /(?!\s)[\p{Cc}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;

/** Whether a name that somebody else gave is what it looks like: nothing in it hides, moves or ends a line. */
export function isShowable(name: string): boolean {
  return !/[\p{C}\p{Zl}\p{Zp}]/u.test(name);
}

/** The first line that says something, trimmed; empty when none does. */
export function firstLine(text: string): string {
  return /\S.*/.exec(text)?.[0].trimEnd() ?? "";
}

/** Cuts to at most `max` bytes of UTF-8 without splitting a character. */
export function cutBytes(text: string, max: number): string {
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length <= max) return text;
  let end = max;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end).toString("utf8");
}

/** Keeps the start and the end of a long text and says between them how much is missing. */
export function elide(text: string, max: number): string {
  if (text.length <= max) return text;
  const head = cut(text, Math.ceil(max * 0.6));
  const tail = text.slice(text.length - Math.floor(max * 0.4));
  return `${head}\n[… ${text.length - head.length - tail.length} of ${text.length} characters cut …]\n${tail}`;
}

/** Levenshtein distance, stopped at `limit` + 1. */
function editDistance(a: string, b: string, limit = 3): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(substitution, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? limit + 1;
}

/** The candidate nearest to `word` within two edits, if any. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = 3;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase(), 2);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** A name that somebody else chose, safe to print on a terminal: without control characters and changes of direction. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "\ufffd");
}

/**
 * Text that is to be judged by its look: characters that show as nothing, as a space or by moving others become
 * `\\u{202e}`. Line feeds and tabs stay.
 */
export function unveiled(text: string): string {
  return text.replace(VEILED, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

const VEILED = /(?![\n\t ])[\p{Cc}\p{Cf}\p{Z}\p{Co}\p{Cn}\p{Cs}\u115f\u1160\u2800\u3164\uffa0\p{Variation_Selector}]/gu;

/** A Markdown block of code that its text cannot end. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`{3,}/g), ([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}

/** `{ a: 1 }` without the keys whose value is undefined. */
export function compact<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
