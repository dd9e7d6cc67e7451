/** The worker: holds the open indexes and answers one question after another; long ones let short ones in between. */
import type { MessagePort } from "node:worker_threads";
import { errorText, systemCode } from "../../../base/errors.ts";
import { exists, info } from "../../../base/files.ts";
import { Serial } from "../../../base/queue.ts";
import { openDatabase } from "./database.ts";
import type { Database } from "./database.ts";
import { Embeddings } from "./embeddings.ts";
import { findNotes } from "./notes.ts";
import type { Note } from "./notes.ts";
import type { FileRow } from "./pieces.ts";
import type { Answer, Failure, IndexStatus, Place, Question, Task, Work } from "./protocol.ts";
import { scan } from "./scan.ts";
import { search } from "./search.ts";

interface Index {
  readonly db: Database;
  readonly embeddings: Embeddings;
  /** Scans of one index follow one another. */
  readonly scans: Serial;
}

export function serve(port: MessagePort): void {
  const indexes = new Map<string, Promise<Index>>();
  const open = async (place: Place, notes: string[]): Promise<Index> => {
    const key = `${place.path}\0${place.tokenizer}`;
    const known = indexes.get(key);
    if (known && (await exists(place.path))) return known;
    if (known && indexes.get(key) === known) {
      indexes.delete(key);
      known.then(({ db }) => db.close()).catch(() => {});
    }
    const begun = indexes.get(key);
    if (begun) return begun;
    const index = opened(place, notes);
    indexes.set(key, index);
    index.catch(() => indexes.delete(key));
    return index;
  };
  const answer = async (question: Question): Promise<void> => {
    const notes: string[] = [];
    let told: Answer;
    try {
      const index = await open(question.place, notes);
      told = { id: question.id, value: await work(index, question), notes };
    } catch (error) {
      told = { id: question.id, failure: failureOf(error), notes };
    }
    port.postMessage(told);
  };
  port.on("message", (question: Question | "end") => {
    if (question === "end") void closeAll(indexes).then(() => port.close());
    else void answer(question);
  });
}

async function opened(place: Place, notes: string[]): Promise<Index> {
  const db = await openDatabase(place.path, place.tokenizer, notes);
  return { db, embeddings: new Embeddings(db), scans: new Serial() };
}

async function closeAll(indexes: Map<string, Promise<Index>>): Promise<void> {
  for (const index of indexes.values()) await index.then(({ db }) => db.close()).catch(() => {});
  indexes.clear();
}

function work({ db, embeddings, scans }: Index, { task, asked }: Question): unknown {
  switch (task) {
    case "scan":
      return scans.run(() =>
        scan({ db, touched: (hashes) => embeddings.touched(hashes) }, asked as Work["scan"]["asked"]),
      );
    case "search":
      return search(db, embeddings, asked as Work["search"]["asked"]);
    case "pending": {
      const { fingerprint, after, limit } = asked as Work["pending"]["asked"];
      return embeddings.pending(fingerprint, after, limit);
    }
    case "keep": {
      const { embedder, hashes, floats, dimensions } = asked as Work["keep"]["asked"];
      return embeddings.keep(embedder, hashes, floats, dimensions);
    }
    case "prune": {
      const { most, only } = asked as Work["prune"]["asked"];
      return embeddings.prune(most, only);
    }
    case "status":
      return statusOf(db, embeddings, asked as Work["status"]["asked"]);
    default:
      throw new Error(`the worker knows no task ${String(task satisfies never as Task)}`);
  }
}

async function statusOf(
  db: Database,
  embeddings: Embeddings,
  { fingerprint, notes }: Work["status"]["asked"],
): Promise<IndexStatus> {
  const found = notes ? await findNotes(notes) : { notes: [], skipped: [] };
  const known = new Map(
    db
      .all<Pick<FileRow, "path" | "size" | "mtime">>("SELECT path, size, mtime FROM files WHERE source = 'memory'")
      .map((row) => [row.path, row]),
  );
  const isKnown = ({ path, size, mtime }: Note) => {
    const row = known.get(path);
    return row?.size === size && (row.mtime === mtime || row.mtime === 0);
  };
  const bySource = db.all<IndexStatus["bySource"][number]>(
    `SELECT source, count(*) AS files, (SELECT count(*) FROM chunks WHERE chunks.source = files.source) AS chunks
     FROM files GROUP BY source ORDER BY source`,
  );
  const model =
    fingerprint === undefined
      ? undefined
      : db.get<{ dimensions: number }>("SELECT dimensions FROM models WHERE fingerprint = ?", fingerprint);
  return {
    files: bySource.reduce((sum, { files }) => sum + files, 0),
    chunks: bySource.reduce((sum, { chunks }) => sum + chunks, 0),
    bySource: bySource.map((row) => ({ ...row })),
    ...(fingerprint === undefined ? {} : { pending: embeddings.countPending(fingerprint) }),
    embeddings: db.get<{ n: number }>("SELECT count(*) AS n FROM vectors")?.n ?? 0,
    ...(model === undefined ? {} : { dimensions: model.dimensions }),
    bytes: (await info(db.path))?.size ?? 0,
    dirty: found.notes.length !== known.size || !found.notes.every(isKnown),
    skipped: found.skipped.slice(0, 100),
  };
}

function failureOf(error: unknown): Failure {
  const errcode = (error as { errcode?: unknown } | null)?.errcode;
  const code = systemCode(error);
  return {
    message: errorText(error),
    ...(code === undefined ? {} : { code }),
    ...(typeof errcode === "number" ? { errcode } : {}),
  };
}
