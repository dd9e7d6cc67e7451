/** Bringing the file up to date: old keys are rewritten, everything else stays as it was written. */
import type { ConfigSection } from "../../../contracts/config.ts";
import type { Platform } from "../../../contracts/service.ts";
import type { ConfigFile } from "../index.ts";
import { layoutOf } from "./layout.ts";
import { modernize, rewriteOf } from "../_legacy/legacy.ts";
import { readConfig } from "../_load/load.ts";
import { hasInclude } from "../_load/merge.ts";
import { formatPath, valueAt } from "../_path.ts";
import { editConfig } from "../_service.ts";

export interface Migrated {
  /** What was done: `routing.allowFrom → channels.whatsapp.allowFrom`. */
  readonly lines: readonly string[];
  /** Old keys that are still there, because they stand in included files that are not rewritten. */
  readonly left: readonly string[];
}

export interface MigrateOptions {
  /** `renamed`: only when a key is there that other commands refuse; `any`: also for what is still understood. */
  readonly when?: "any" | "renamed";
  /** What is written although it is not valid, as for `editConfig`. */
  readonly accept?: (file: ConfigFile) => boolean;
}

/**
 * Rewrites every old key of the file (and of sections in files of their own), the previous content kept as
 * `.bak`. Idempotent.
 */
export async function migrateConfig(
  context: {
    readonly platform: Pick<Platform, "env" | "paths" | "clock" | "version">;
    readonly sections: readonly ConfigSection[];
  },
  { when = "any", accept }: MigrateOptions = {},
): Promise<Migrated> {
  const { platform } = context;
  const before = await readConfig(platform);
  if (before.legacyIssues.length === 0) return { lines: [], left: [] };
  const { tree } = await layoutOf(before, platform.paths.home);
  if (when === "renamed" && !modernize(tree).found.some(({ treatment }) => treatment === "renamed"))
    return { lines: [], left: [] };
  const { lines, edits } = rewriteOf(tree, ({ from, to }) =>
    [from, ...to.map(({ path }) => path)].every(
      (path) =>
        path.every((_, depth) => !isIncluded(valueAt(tree, path.slice(0, depth)))) && !hasInclude(valueAt(tree, path)),
    ),
  );
  if (edits.length > 0)
    await editConfig(
      context,
      edits.map((edit) => ({ ...edit, path: formatPath(edit.path) })),
      accept,
    );
  const after = await readConfig(platform);
  return { lines, left: after.legacyIssues.map(({ path }) => path) };
}

/** Whether what is below may come from another file. */
function isIncluded(value: unknown): boolean {
  return value !== null && typeof value === "object" && Object.hasOwn(value, "$include");
}
