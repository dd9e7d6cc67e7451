/**
 * Words of texts and of questions, for the FTS5 index. SQLite's `unicode61` takes a run of Chinese, Japanese or
 * Thai for one word and leaves out symbols; so texts are spread before they are indexed: each such character
 * becomes a word of its own, and a question looks for pairs of them.
 */

export type Tokenizer = "unicode61" | "trigram";

/** As `tokenize=` of the virtual table. */
export const TOKENIZE: Readonly<Record<Tokenizer, string>> = {
  unicode61: `unicode61 remove_diacritics 2 categories 'L* N* Co So'`,
  trigram: "trigram",
};

/** Scripts that are written without spaces, or with few. */
const IS_SPACELESS =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const ALONE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{So}]/gu;
/** What SQLite knows as a word depends on its age; what is none here is none there. */
const BETWEEN = /[^\p{L}\p{N}\p{M}\p{Co}\p{So}]+/gu;
const WORDS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+|\p{So}|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}])[\p{L}\p{N}\p{M}\p{Co}])+/gu;

const MAX_QUESTION = 4000;
const MAX_TERMS = 32;
/** From this length on a word is also looked for by its beginning: `coffees` finds coffee. */
const LEAST_STEM = 5;

export function spread(text: string, tokenizer: Tokenizer): string {
  const normal = folded(text).replaceAll("\0", " ");
  return tokenizer === "trigram" ? normal : normal.replace(BETWEEN, " ").replace(ALONE, " $& ");
}

/** One thing to look for. */
export interface Term {
  /** As FTS5 phrases; any of them counts. */
  readonly phrases: readonly string[];
  /** As it stands in the vocabulary; absent for what is no single word. */
  readonly word?: string;
}

/** What a question asks for, most telling (longest) first when there is too much. Any text will do. */
export function termsOf(question: string, tokenizer: Tokenizer): Term[] {
  const found = new Map<string, Term>();
  for (const [run] of folded(question.slice(0, MAX_QUESTION)).matchAll(WORDS))
    for (const term of tokenizer === "trigram" ? trigramTerms(run) : wordTerms(run))
      found.set(term.phrases[0] ?? "", term);
  const terms = [...found.values()];
  if (terms.length <= MAX_TERMS) return terms;
  return terms.toSorted((a, b) => length(b) - length(a)).slice(0, MAX_TERMS);
}

/** The MATCH expression of terms; undefined when there is nothing to look for. */
export function matchOf(terms: readonly Term[]): string | undefined {
  const phrases = terms.flatMap((term) => term.phrases);
  return phrases.length === 0 ? undefined : phrases.join(" OR ");
}

function wordTerms(run: string): Term[] {
  if (IS_SPACELESS.test(run)) {
    const characters = [...run];
    if (characters.length === 1) return [{ phrases: [quoted(run)] }];
    return characters.slice(1).map((next, at) => ({ phrases: [quoted(`${characters[at]} ${next}`)] }));
  }
  if (run.length < LEAST_STEM || /^\p{N}+$/u.test(run)) return [{ phrases: [quoted(run)], word: run }];
  const stem = run.slice(0, Math.max(4, run.length - (run.length >= 8 ? 2 : 1)));
  return [{ phrases: [quoted(run), `${quoted(wellFormed(stem))}*`], word: run }];
}

function trigramTerms(run: string): Term[] {
  return run.length < 3 ? [] : [{ phrases: [quoted(run)] }];
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function length({ phrases }: Term): number {
  return phrases[0]?.length ?? 0;
}

/** Accents; and the vowels of New Tai Lue, which are letters since Unicode 8 and between words to an older SQLite. */
const SIGNS = /[\u0300-\u036f\u19b0-\u19c0\u19c8\u19c9]/g;

/** Small letters without signs, whatever the version of Unicode that SQLite knows. */
function folded(text: string): string {
  return wellFormed(text).normalize("NFD").replace(SIGNS, "").normalize("NFC").toLowerCase();
}

/** Without halves of surrogate pairs, which no encoding can hold. */
function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}
