/** Taking out of the file what no section knows. */
import { Fault } from "../../../base/errors.ts";
import type { WriteContext } from "./commit.ts";
import { isUnknownKey } from "../_wording.ts";
import type { ConfigFile, ConfigIssue } from "../index.ts";
import { loadConfig } from "../_load/load.ts";
import { editConfig } from "../_service.ts";

/** Issues are reported in limited numbers, so a file may need several rounds. */
const ROUNDS = 10;

/**
 * Removes every unknown key, but for those in included files that are not written to, and returns their
 * paths. All else that is wrong stays as it is. Each round keeps the file that it found as `.bak`, which is
 * the original one when there is one round.
 */
export async function removeUnknownKeys(context: WriteContext): Promise<readonly string[]> {
  const removed: string[] = [];
  const kept = new Set<string>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const found = unknownKeys(await loadConfig(context)).filter(({ path }) => !kept.has(path));
    if (found.length === 0) break;
    for (const name of new Set(found.map(({ file }) => file))) {
      const paths = [...new Set(found.flatMap(({ file, path }) => (file === name ? [path] : [])))];
      if (await remove(context, paths)) removed.push(...paths);
      else for (const path of paths) kept.add(path);
    }
  }
  return removed;
}

const NOT_OURS: ReadonlySet<string> = new Set(["CONFIG_INCLUDED", "CONFIG_PATH_UNKNOWN"]);

/** False for keys of an included file that only its owner may change. */
async function remove(context: WriteContext, paths: readonly string[]): Promise<boolean> {
  try {
    await editConfig(
      context,
      paths.map((path) => ({ path, remove: true as const })),
      ({ problem }) => problem !== "syntax",
    );
    return true;
  } catch (error) {
    if (error instanceof Fault && NOT_OURS.has(error.code)) return false;
    throw error;
  }
}

function unknownKeys({ issues }: ConfigFile): ConfigIssue[] {
  return issues.filter(isUnknownKey);
}
