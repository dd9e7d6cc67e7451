/** Ordering what was found by words and by meaning. Pure. */

export interface Candidate {
  readonly id: number;
  readonly path: string;
  readonly text: string;
  /** Cosine with the question; undefined for a piece without an embedding, or when nobody computed the question's. */
  readonly likeness?: number;
  /** Place among what was found by words, best is 0; undefined when it is not among them. */
  readonly place?: number;
}

export interface Ranked<C extends Candidate = Candidate> {
  readonly candidate: C;
  readonly score: number;
}

export interface Weights {
  readonly vector: number;
  readonly text: number;
}

export interface RankOptions {
  readonly weights: Weights;
  /** Half life in days of dated daily notes. */
  readonly halfLifeDays?: number;
  /** 1 = by score only, 0 = as different as can be. */
  readonly lambda?: number;
  /** Unix epoch milliseconds. */
  readonly now: number;
  readonly maxResults: number;
  readonly minScore: number;
  /** The caller gave `minScore`; else what words alone found is not measured by it. */
  readonly strict: boolean;
}

/** Candidates in order, at most `maxResults`. */
export function rank<C extends Candidate>(candidates: readonly C[], options: RankOptions): Ranked<C>[] {
  const scored = candidates.map((candidate) => ({ candidate, score: scoreOf(candidate, options) })).toSorted(byScore);
  const likely = scored.filter(
    ({ candidate, score }) => score >= options.minScore || (!options.strict && candidate.likeness === undefined),
  );
  const kept =
    likely.length > 0 || options.strict ? likely : scored.filter(({ candidate }) => candidate.place !== undefined);
  return options.lambda === undefined
    ? kept.slice(0, options.maxResults)
    : diverse(kept, options.lambda, options.maxResults);
}

function textScore(place: number): number {
  return 1 / (1 + Math.max(0, place));
}

function scoreOf({ path, likeness, place }: Candidate, { weights, halfLifeDays, now }: RankOptions): number {
  const text = place === undefined ? 0 : textScore(place);
  const sum = weights.vector + weights.text;
  const both =
    likeness === undefined || sum === 0
      ? text
      : (weights.vector / sum) * Math.max(0, likeness) + (weights.text / sum) * text;
  return halfLifeDays === undefined ? both : both * decay(path, halfLifeDays, now);
}

const DAILY = /(?:^|\/)memory\/(?:.*\/)?(\d{4})-(\d{2})-(\d{2})[^/]*\.md$/i;
const DAY_MS = 86_400_000;

/** 1 for everything but dated daily notes. */
export function decay(path: string, halfLifeDays: number, now: number): number {
  const date = DAILY.exec(path);
  if (!date || halfLifeDays <= 0) return 1;
  const at = Date.UTC(Number(date[1]), Number(date[2]) - 1, Number(date[3]));
  if (Number.isNaN(at)) return 1;
  return 0.5 ** (Math.max(0, Math.floor((now - at) / DAY_MS)) / halfLifeDays);
}

/**
 * Maximal marginal relevance (Carbonell and Goldstein, 1998): each next one is the best of what it adds,
 * `lambda · score − (1 − lambda) · greatest likeness to one chosen before`; likeness is the share of words in common.
 */
function diverse<C extends Candidate>(ranked: readonly Ranked<C>[], lambda: number, count: number): Ranked<C>[] {
  const best = Math.max(...ranked.map(({ score }) => score), Number.MIN_VALUE);
  const rest = ranked.map((one) => ({ one, words: wordsOf(one.candidate.text), nearest: 0 }));
  const chosen: Ranked<C>[] = [];
  while (chosen.length < count && rest.length > 0) {
    const worth = rest.map(({ one, nearest }) => (lambda * one.score) / best - (1 - lambda) * nearest);
    const at = worth.indexOf(Math.max(...worth));
    const [next] = rest.splice(at, 1);
    if (!next) break;
    chosen.push(next.one);
    for (const other of rest) other.nearest = Math.max(other.nearest, inCommon(next.words, other.words));
  }
  return chosen;
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
}

function inCommon(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  let both = 0;
  for (const word of a) if (b.has(word)) both += 1;
  return both / (a.size + b.size - both);
}

/** The same order every time: better first, then older pieces. */
function byScore(a: Ranked, b: Ranked): number {
  return b.score - a.score || a.candidate.id - b.candidate.id;
}
