// @ts-check
import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Folder names that never hold sources. */
const SKIPPED = new Set(["node_modules", "dist", ".git"]);

/**
 * Every file below `folder` for which `wanted` is true, as paths that begin with `folder`, sorted.
 * A folder that does not exist holds no files. `node_modules`, `dist` and `.git` are not entered.
 * @param {string} folder
 * @param {(path: string) => boolean} [wanted]
 * @returns {string[]}
 */
export function filesUnder(folder, wanted = () => true) {
  /** @type {string[]} */
  const found = [];
  visit(folder);
  return found.sort();

  /** @param {string} at */
  function visit(at) {
    for (const entry of entriesOf(at)) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name)) visit(path);
      } else if (wanted(path)) found.push(path);
    }
  }
}

/**
 * A digest that changes when a file is added, removed, renamed, or written (size and time of change, not content).
 * @param {string[]} files
 */
export function fingerprint(files) {
  const hash = createHash("sha256");
  for (const file of files) {
    const { mtimeMs, size } = statSync(file);
    hash.update(`${file}\0${mtimeMs}\0${size}\n`);
  }
  return hash.digest("hex");
}

/** @param {string} folder */
function entriesOf(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "ENOENT") return [];
    throw error;
  }
}
