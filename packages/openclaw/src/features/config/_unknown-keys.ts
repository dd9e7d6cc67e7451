/** Taking out of the file what no section knows. */
import type { ConfigSection } from "../../contracts/config.ts";
import type { Platform } from "../../contracts/service.ts";
import { isUnknownKey } from "./_check.ts";
import type { ConfigFile } from "./index.ts";
import { loadConfig } from "./_load.ts";
import { editConfig } from "./_service.ts";

/** Issues are reported in limited numbers, so a file may need several rounds. */
const ROUNDS = 10;

/**
 * Removes every unknown key and returns their paths. All else that is wrong stays as it is. Each round
 * keeps the file that it found as `.bak`, which is the original one when there is one round.
 */
export async function removeUnknownKeys(context: {
  readonly platform: Pick<Platform, "env" | "paths" | "clock" | "version">;
  readonly sections: readonly ConfigSection[];
}): Promise<readonly string[]> {
  const removed: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const paths = unknownKeys(await loadConfig(context));
    if (paths.length === 0) break;
    await editConfig(
      context,
      paths.map((path) => ({ path, remove: true as const })),
      ({ problem }) => problem !== "syntax",
    );
    removed.push(...paths);
  }
  return removed;
}

function unknownKeys({ issues }: ConfigFile): string[] {
  return [...new Set(issues.filter(isUnknownKey).map(({ path }) => path))];
}
