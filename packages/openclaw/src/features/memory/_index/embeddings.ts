/** Embeddings of pieces, by who computed them and by text. */
import { addCode, makeCodes } from "./codes.ts";
import type { Database } from "./database.ts";
import { Codes, FULL_LOOK, bytesOf, dot, floatsOf, normalised } from "./vectors.ts";

export interface Embedder {
  /** Of provider, model, address and everything else that makes embeddings comparable. */
  readonly fingerprint: string;
  /** `provider/model`. */
  readonly label: string;
}

interface ModelRow {
  readonly id: number;
  readonly dimensions: number;
  readonly centre: Uint8Array | null;
}

interface Loaded {
  readonly codes: Codes;
  readonly version: number;
}

export class Embeddings {
  readonly #db: Database;
  readonly #loaded = new Map<number, Loaded>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** Texts without an embedding, from the piece after `after`; each text once in a call. */
  pending(fingerprint: string, after: number, limit: number): { id: number; hash: string; text: string }[] {
    const model = this.#model(fingerprint)?.id ?? -1;
    const rows = this.#db.all<{ id: number; hash: string; text: string }>(
      `SELECT id, hash, text FROM chunks c WHERE id > ?
         AND NOT EXISTS (SELECT 1 FROM vectors v WHERE v.model = ? AND v.hash = c.hash)
       ORDER BY id LIMIT ?`,
      after,
      model,
      limit,
    );
    return [...new Map(rows.map((row) => [row.hash, row])).values()];
  }

  countPending(fingerprint: string): number {
    const model = this.#model(fingerprint)?.id ?? -1;
    return (
      this.#db.get<{ n: number }>(
        `SELECT count(DISTINCT hash) AS n FROM chunks c
         WHERE NOT EXISTS (SELECT 1 FROM vectors v WHERE v.model = ? AND v.hash = c.hash)`,
        model,
      )?.n ?? 0
    );
  }

  /** Stores embeddings of `dimensions` floats each, in the order of the texts. Those of another length go: the model is another. */
  keep(embedder: Embedder, hashes: readonly string[], floats: Float32Array, dimensions: number): void {
    const known = this.#model(embedder.fingerprint);
    if (known && known.dimensions !== dimensions) this.forget([known.id]);
    const added: { id: number; code: Uint8Array | undefined }[] = [];
    const model = this.#db.write((connection) => {
      connection.run(
        "INSERT OR IGNORE INTO models (fingerprint, label, dimensions) VALUES (?, ?, ?)",
        embedder.fingerprint,
        embedder.label,
        dimensions,
      );
      const row = connection.get<ModelRow>(
        "SELECT id, dimensions, centre FROM models WHERE fingerprint = ?",
        embedder.fingerprint,
      ) as ModelRow;
      const centre = row.centre ? floatsOf(row.centre) : undefined;
      for (const [at, hash] of hashes.entries()) {
        const vector = normalised(floats.subarray(at * dimensions, (at + 1) * dimensions));
        const embedding = vector ? bytesOf(vector) : new Uint8Array(0);
        const { changes, lastInsertRowid } = connection.run(
          "INSERT OR IGNORE INTO vectors (model, hash, embedding) VALUES (?, ?, ?)",
          row.id,
          hash,
          embedding,
        );
        if (Number(changes) === 0 || !vector || !centre) continue;
        if (connection.get("SELECT 1 FROM chunks WHERE hash = ? LIMIT 1", hash) === undefined) continue;
        const id = Number(lastInsertRowid);
        addCode(connection, { id, model: row.id, embedding }, centre);
        added.push({ id, code: connection.get<{ code: Uint8Array }>("SELECT code FROM codes WHERE id = ?", id)?.code });
      }
      return row.id;
    });
    makeCodes(this.#db, model);
    const codes = this.#loaded.get(model)?.codes;
    for (const { id, code } of added) if (code) codes?.set(id, code);
  }

  /** After pieces with these texts came or went. */
  touched(hashes: readonly string[]): void {
    for (const [model, { codes }] of this.#loaded)
      for (const hash of new Set(hashes)) {
        const row = this.#db.get<{ id: number; code: Uint8Array | null }>(
          "SELECT v.id, c.code FROM vectors v LEFT JOIN codes c ON c.id = v.id WHERE v.model = ? AND v.hash = ?",
          model,
          hash,
        );
        if (row?.code) codes.set(row.id, row.code);
        else if (row) codes.delete(row.id);
      }
  }

  /** The texts whose embeddings are nearest, with their cosine, nearest first. Undefined for a question that does not fit. */
  nearest(fingerprint: string, question: Float32Array, count: number): { hash: string; score: number }[] | undefined {
    const model = this.#model(fingerprint);
    const asked = normalised(question);
    if (!model || !asked || asked.length !== model.dimensions) return undefined;
    const scored: { hash: string; score: number }[] = [];
    for (const { hash, embedding } of this.#candidates(model, asked)) {
      const vector = floatsOf(embedding);
      if (vector.length === asked.length) scored.push({ hash, score: dot(vector, asked) });
    }
    return scored.toSorted((a, b) => b.score - a.score).slice(0, count);
  }

  /** The cosine of one text; undefined when it has no embedding. */
  likeness(fingerprint: string, question: Float32Array, hash: string): number | undefined {
    const model = this.#model(fingerprint);
    const asked = normalised(question);
    if (!model || !asked) return undefined;
    const row = this.#db.get<{ embedding: Uint8Array }>(
      "SELECT embedding FROM vectors WHERE model = ? AND hash = ?",
      model.id,
      hash,
    );
    const vector = row && floatsOf(row.embedding);
    return vector && vector.length === asked.length ? dot(vector, asked) : undefined;
  }

  /** Throws away what no piece has beyond `most` embeddings in all, and, with `only`, those of every other model. */
  prune(most: number, only: readonly string[] | undefined): void {
    if (only !== undefined) {
      const others = this.#db.all<{ id: number; fingerprint: string }>("SELECT id, fingerprint FROM models");
      this.forget(others.filter(({ fingerprint }) => !only.includes(fingerprint)).map(({ id }) => id));
    }
    const total = this.#db.get<{ n: number }>("SELECT count(*) AS n FROM vectors")?.n ?? 0;
    if (total <= most) return;
    this.#db.write((connection) =>
      connection.run(
        `DELETE FROM vectors WHERE id IN (
           SELECT id FROM vectors v WHERE NOT EXISTS (SELECT 1 FROM chunks WHERE chunks.hash = v.hash) ORDER BY id LIMIT ?)`,
        total - most,
      ),
    );
    this.#db.tidy();
  }

  forget(models: readonly number[]): void {
    for (const model of models) {
      this.#db.write((connection) => {
        connection.run("DELETE FROM codes WHERE model = ?", model);
        connection.run("DELETE FROM vectors WHERE model = ?", model);
        connection.run("DELETE FROM models WHERE id = ?", model);
        connection.run("DELETE FROM meta WHERE key = ?", `codes:${model}`);
      });
      this.#loaded.delete(model);
    }
    if (models.length > 0) this.#db.tidy();
  }

  #model(fingerprint: string): ModelRow | undefined {
    return this.#db.get<ModelRow>("SELECT id, dimensions, centre FROM models WHERE fingerprint = ?", fingerprint);
  }

  *#candidates(model: ModelRow, asked: Float32Array): Iterable<{ hash: string; embedding: Uint8Array }> {
    const codes = this.#codes(model);
    if (codes === undefined) {
      yield* this.#db.iterate<{ hash: string; embedding: Uint8Array }>(
        `SELECT hash, embedding FROM vectors v WHERE model = ?
           AND EXISTS (SELECT 1 FROM chunks WHERE chunks.hash = v.hash)`,
        model.id,
      );
      return;
    }
    for (const id of codes.nearest(asked, FULL_LOOK)) {
      const row = this.#db.get<{ hash: string; embedding: Uint8Array }>(
        "SELECT hash, embedding FROM vectors WHERE id = ?",
        id,
      );
      if (row) yield row;
    }
  }

  /** Undefined while all are compared in full. */
  #codes(model: ModelRow): Codes | undefined {
    const known = this.#loaded.get(model.id);
    const version = this.#db.version();
    if (known?.version === version) return known.codes;
    while (!makeCodes(this.#db, model.id));
    const count = this.#db.get<{ n: number }>("SELECT count(*) AS n FROM codes WHERE model = ?", model.id)?.n ?? 0;
    if (count <= FULL_LOOK) return undefined;
    const codes = new Codes(model.dimensions, count + 64);
    const rows = this.#db.iterate<{ id: number; code: Uint8Array }>(
      "SELECT id, code FROM codes WHERE model = ?",
      model.id,
    );
    for (const { id, code } of rows) codes.set(id, code);
    this.#loaded.set(model.id, { codes, version });
    return codes;
  }
}
