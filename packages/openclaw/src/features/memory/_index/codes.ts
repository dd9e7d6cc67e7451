/** Short forms in the database: there is one for each embedding that a piece has, once there are many. */
import type { Database, Writing } from "./database.ts";
import { FULL_LOOK, centreOf, codeOf, floatsOf } from "./vectors.ts";

interface VectorRow {
  readonly id: number;
  readonly model: number;
  readonly embedding: Uint8Array;
}

const SAMPLE = 1024;
const PORTION = 500;

/** After pieces with these texts came or went. */
export function followCodes(connection: Writing, hashes: readonly string[]): void {
  for (const { id, centre } of connection.all<{ id: number; centre: Uint8Array }>(
    "SELECT id, centre FROM models WHERE centre IS NOT NULL",
  ))
    for (const hash of new Set(hashes)) followCode(connection, { model: id, hash, centre: floatsOf(centre) });
}

function followCode(
  connection: Writing,
  { model, hash, centre }: { model: number; hash: string; centre: Float32Array },
): void {
  const row = connection.get<VectorRow>(
    "SELECT id, model, embedding FROM vectors WHERE model = ? AND hash = ?",
    model,
    hash,
  );
  if (row === undefined) return;
  const used = connection.get("SELECT 1 FROM chunks WHERE hash = ? LIMIT 1", hash) !== undefined;
  if (!used) connection.run("DELETE FROM codes WHERE id = ?", row.id);
  else addCode(connection, row, centre);
}

/** Makes the short forms that are missing, some at a time; false while there are more. Nothing while a full look does. */
export function makeCodes(db: Database, model: number): boolean {
  if (db.meta(`codes:${model}`) === "made") return true;
  return db.write((connection) => {
    const centre = centreOfModel(connection, model);
    if (centre === undefined) return true;
    const rows = connection.all<VectorRow>(
      `SELECT id, model, embedding FROM vectors v WHERE model = ? AND length(embedding) > 0
         AND NOT EXISTS (SELECT 1 FROM codes WHERE codes.id = v.id)
         AND EXISTS (SELECT 1 FROM chunks WHERE chunks.hash = v.hash)
       LIMIT ${PORTION}`,
      model,
    );
    for (const row of rows) addCode(connection, row, centre);
    if (rows.length === PORTION) return false;
    connection.run("INSERT OR REPLACE INTO meta (key, value) VALUES (?, 'made')", `codes:${model}`);
    return true;
  });
}

/** The centre stays what it was when there were first enough embeddings to say. */
function centreOfModel(connection: Writing, model: number): Float32Array | undefined {
  const known = connection.get<{ centre: Uint8Array | null }>("SELECT centre FROM models WHERE id = ?", model);
  if (known?.centre) return floatsOf(known.centre);
  const sample = connection.all<VectorRow>(
    `SELECT id, model, embedding FROM vectors WHERE model = ? AND length(embedding) > 0 LIMIT ${SAMPLE}`,
    model,
  );
  if (sample.length <= FULL_LOOK) return undefined;
  const centre = centreOf(sample.map(({ embedding }) => floatsOf(embedding)));
  connection.run("UPDATE models SET centre = ? WHERE id = ?", new Uint8Array(centre.buffer), model);
  return centre;
}

export function addCode(connection: Writing, { id, model, embedding }: VectorRow, centre: Float32Array): void {
  const vector = floatsOf(embedding);
  if (vector.length !== centre.length) return;
  connection.run("INSERT OR REPLACE INTO codes (id, model, code) VALUES (?, ?, ?)", id, model, codeOf(vector, centre));
}
