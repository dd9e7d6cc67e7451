/** Words of a question, where they stand in a text, and the piece of text that shows them. Case does not matter. */

const MOST_TERMS = 12;
/** Characters of an excerpt before the first match, and in all. */
const BEFORE = 40;
const EXCERPT = 240;
const MOST_MATCHES = 20;

/** Words, and phrases in double quotes as they are. */
export function termsOf(query: string): string[] {
  const found = [...query.matchAll(/"([^"]+)"|([^\s"]+)/g)].map(([, phrase, word]) =>
    fold((phrase ?? word ?? "").trim().replace(/\s+/g, " ")),
  );
  return [...new Set(found.filter((term) => term !== ""))].slice(0, MOST_TERMS);
}

/**
 * Some text that every line with all terms contains once it is in lower case, as JSON writes it; undefined when no
 * term has one.
 */
export function needleOf(terms: readonly string[]): string | undefined {
  const runs = terms.flatMap((term) => term.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []);
  return runs.toSorted((a, b) => b.length - a.length)[0]?.toLowerCase();
}

/** Every place of every term; undefined when one is missing. A term begins where a word does. */
export function findAll(text: string, terms: readonly string[]): [start: number, length: number][] | undefined {
  const folded = fold(text);
  const places: [number, number][] = [];
  for (const term of terms) {
    const starts = startsOf(folded, term);
    if (starts.length === 0) return undefined;
    places.push(...starts.map((start): [number, number] => [start, term.length]));
  }
  return merged(places);
}

/** The text around the first match on one line, with the places of the matches in it. */
export function excerptOf(
  text: string,
  places: readonly (readonly [number, number])[],
): { readonly excerpt: string; readonly matches: [number, number][] } {
  const first = places[0]?.[0] ?? 0;
  const from =
    text.length <= EXCERPT ? 0 : wordStart(text, Math.min(Math.max(0, first - BEFORE), text.length - EXCERPT));
  const to = whole(text, Math.min(text.length, from + EXCERPT));
  const head = from > 0 ? "… " : "";
  const excerpt = `${head}${text.slice(from, to)}${to < text.length ? "…" : ""}`;
  const matches = places
    .filter(([start, length]) => start >= from && start + length <= to)
    .map(([start, length]): [number, number] => [start - from + head.length, length]);
  return { excerpt, matches };
}

/** Lower case of the same length, character for character. */
function fold(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return Array.from(text, (char) => {
    const small = char.toLowerCase();
    return small.length === char.length ? small : char;
  }).join("");
}

const WORD = /[\p{L}\p{M}\p{N}]/u;
/** Scripts that write words without a space between them. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;

function startsOf(folded: string, term: string): number[] {
  const anywhere = !WORD.test(charAt(term, 0)) || UNSPACED.test(charAt(term, 0));
  const starts: number[] = [];
  for (let at = folded.indexOf(term); at >= 0 && starts.length < MOST_MATCHES; at = folded.indexOf(term, at + 1))
    if (anywhere || at === 0 || !WORD.test(charBefore(folded, at))) starts.push(at);
  return starts;
}

function charAt(text: string, at: number): string {
  return String.fromCodePoint(text.codePointAt(at) ?? 0x20);
}

function charBefore(text: string, at: number): string {
  const low = text.charCodeAt(at - 1);
  return low >= 0xdc00 && low <= 0xdfff ? text.slice(Math.max(0, at - 2), at) : text.slice(at - 1, at);
}

/** In order; those that touch become one. */
function merged(places: readonly [number, number][]): [number, number][] {
  const result: [number, number][] = [];
  for (const [start, length] of places.toSorted(([a], [b]) => a - b)) {
    const last = result.at(-1);
    if (last && start < last[0] + last[1]) last[1] = Math.max(last[1], start + length - last[0]);
    else result.push([start, length]);
  }
  return result.slice(0, MOST_MATCHES);
}

/** The beginning of a word at or a little after `at`. */
function wordStart(text: string, at: number): number {
  if (at === 0) return 0;
  const space = text.indexOf(" ", at);
  return space >= 0 && space - at < BEFORE / 2 ? space + 1 : whole(text, at);
}

/** Not within a character. */
function whole(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}
