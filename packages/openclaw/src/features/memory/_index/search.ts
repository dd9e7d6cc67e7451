/**
 * One search: candidates by words (BM25) and by meaning (cosine), one order of both, the best of them with the lines
 * that say most. Without an embedding of the question words alone decide; without words, meaning.
 */
import type { Database } from "./database.ts";
import type { Embeddings } from "./embeddings.ts";
import { isCurated } from "./notes.ts";
import type { Source } from "./pieces.ts";
import { rank } from "./rank.ts";
import type { Candidate, RankOptions } from "./rank.ts";
import { snippetOf } from "./snippet.ts";
import { matchOf, termsOf } from "./words.ts";
import type { Term } from "./words.ts";

export interface SearchRequest extends Omit<RankOptions, "weights"> {
  readonly query: string;
  /** Embedding of the question, and who computed it. */
  readonly question?: { readonly vector: Float32Array; readonly fingerprint: string };
  /** Undefined: by meaning only. */
  readonly weights?: RankOptions["weights"];
  /** Candidates of each kind. */
  readonly candidates: number;
  /** Whether the curated file and conversations may be among the results. */
  readonly inPrivate: boolean;
}

export interface Hit {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly score: number;
  readonly snippet: string;
  readonly source: Source;
}

interface Row {
  readonly id: number;
  readonly path: string;
  readonly source: Source;
  readonly start_line: number;
  readonly end_line: number;
  readonly hash: string;
  readonly text: string;
}

type Known = Candidate & { readonly row: Row };

/** A piece whose words say less than this share of what the best one's say is not worth showing for its words alone. */
const LEAST_SHARE = 0.15;
const COLUMNS = "id, path, source, start_line, end_line, hash, text";

export function search(db: Database, embeddings: Embeddings, request: SearchRequest): Hit[] {
  const { question } = request;
  const terms = termsOf(request.query, db.tokenizer);
  const meant = question && embeddings.nearest(question.fingerprint, question.vector, request.candidates * 2);
  const said = request.weights || !meant ? byWords(db, terms, request, meant !== undefined) : new Map<number, number>();
  const found = new Map<number, Known>();
  for (const { hash, score } of meant ?? []) {
    if (found.size >= request.candidates) break;
    for (const row of db.all<Row>(`SELECT ${COLUMNS} FROM chunks WHERE hash = ?`, hash))
      if (mayShow(row, request))
        found.set(row.id, { id: row.id, path: row.path, text: row.text, row, likeness: score });
  }
  for (const [id, place] of said) {
    const row = found.get(id)?.row ?? db.get<Row>(`SELECT ${COLUMNS} FROM chunks WHERE id = ?`, id);
    if (!row) continue;
    const likeness =
      found.get(id)?.likeness ??
      (question && meant ? embeddings.likeness(question.fingerprint, question.vector, row.hash) : undefined);
    found.set(id, { id, path: row.path, text: row.text, row, place, ...(likeness === undefined ? {} : { likeness }) });
  }
  const words = terms.flatMap(({ word, phrases }) => word ?? (phrases[0] ?? "").replaceAll(/["* ]/g, ""));
  const weights = request.weights ?? { vector: 1, text: 0 };
  return rank([...found.values()], { ...request, weights }).map(({ candidate, score }) =>
    hitOf(candidate.row, score, words),
  );
}

function hitOf(row: Row, score: number, words: readonly string[]): Hit {
  const { text, skipped, lines } = snippetOf(row.text, words);
  const exact = row.source === "memory";
  const startLine = exact ? row.start_line + skipped : row.start_line;
  const endLine = exact ? Math.min(row.end_line, startLine + lines - 1) : row.end_line;
  return {
    path: row.path,
    startLine,
    endLine,
    score: Math.round(score * 1e4) / 1e4,
    snippet: text,
    source: row.source,
  };
}

/** Pieces that hold words of the question, with their place. Words that most pieces have tell nothing: the newest then. */
function byWords(
  db: Database,
  all: readonly Term[],
  request: SearchRequest,
  hasMeaning: boolean,
): ReadonlyMap<number, number> {
  const telling = tellingOf(db, all);
  if (telling.length === 0 && hasMeaning) return new Map();
  const match = matchOf(telling.length > 0 ? telling : commonOf(db, all));
  if (match === undefined) return new Map();
  const order = telling.length > 0 ? "rank" : "rowid DESC";
  const limit = request.inPrivate ? request.candidates : request.candidates * 4;
  const rows = db.all<{ rowid: number; rank: number }>(
    `SELECT rowid, ${telling.length > 0 ? "rank" : "-1.0 AS rank"} FROM chunks_fts WHERE chunks_fts MATCH ? ORDER BY ${order} LIMIT ?`,
    match,
    limit,
  );
  const best = rows[0]?.rank ?? 0;
  const places = new Map<number, number>();
  for (const { rowid, rank: strength } of rows) {
    if (places.size >= request.candidates || strength > best * LEAST_SHARE) break;
    const row = request.inPrivate
      ? undefined
      : db.get<Pick<Row, "path" | "source">>("SELECT path, source FROM chunks WHERE id = ?", rowid);
    if (row && !mayShow(row, request)) continue;
    places.set(rowid, places.size);
  }
  return places;
}

function mayShow({ path, source }: Pick<Row, "path" | "source">, { inPrivate }: SearchRequest): boolean {
  return inPrivate || (source === "memory" && !isCurated(path));
}

const MANY = 2000;
const COMMON = 0.2;
const MOST_FREQUENCIES = 5000;
const MOST_PLACES = 30_000;

/** Without the words that a fifth of all pieces have, and not more than can be counted in a moment: the rarest. */
function tellingOf(db: Database, terms: readonly Term[]): readonly Term[] {
  const total = db.get<{ n: number | null }>("SELECT max(id) AS n FROM chunks")?.n ?? 0;
  if (total < MANY) return terms;
  const counted = terms
    .map((term) => ({ term, pieces: term.word === undefined ? 1 : piecesWith(db, term.word) }))
    .filter(({ term, pieces }) => pieces < total * COMMON && (pieces > 0 || term.phrases.length > 1))
    .toSorted((a, b) => a.pieces - b.pieces);
  let sum = 0;
  return counted.filter(({ pieces }) => (sum += pieces) <= MOST_PLACES || sum === pieces).map(({ term }) => term);
}

/** One of the words that most pieces have. */
function commonOf(db: Database, terms: readonly Term[]): readonly Term[] {
  const one = terms.find(({ word }) => word !== undefined && piecesWith(db, word) > 0);
  return one ? [{ ...one, phrases: one.phrases.slice(0, 1) }] : [];
}

function piecesWith(db: Database, word: string): number {
  const known = db.frequencies.get(word);
  if (known !== undefined) return known;
  const found = db.get<{ doc: number }>("SELECT doc FROM chunks_words WHERE term = ?", word)?.doc ?? 0;
  if (db.frequencies.size < MOST_FREQUENCIES) db.frequencies.set(word, found);
  return found;
}
