// @ts-check
import { join, relative, sep } from "node:path";
import { filesUnder } from "../prepare/files.mjs";

/**
 * The parts of the test suite, in the order they run: folders, and folders inside them that belong to another part.
 * @type {Record<string, { folders: string[], except?: string }>}
 */
export const PHASES = {
  unit: { folders: ["packages", "extensions", "scripts"] },
  scenarios: { folders: ["test"], except: join("test", "e2e") },
  e2e: { folders: [join("test", "e2e")] },
};

/**
 * Test files of a part, relative to `root`. `only` keeps those whose path contains one of its texts; none keeps all.
 * @param {string} root
 * @param {string} phase
 * @param {string[]} only
 */
export function testFiles(root, phase, only) {
  const { folders = [], except } = PHASES[phase] ?? {};
  return folders
    .flatMap((folder) => filesUnder(join(root, folder), (path) => path.endsWith(".test.ts")))
    .map((path) => relative(root, path))
    .filter((path) => !except || !path.startsWith(except + sep))
    .filter((path) => only.length === 0 || only.some((text) => path.includes(text)));
}
