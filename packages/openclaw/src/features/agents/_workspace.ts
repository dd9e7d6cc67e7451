/** The workspace folder: made on first use, missing files written from templates, nothing overwritten. */
import { join } from "node:path";
import { diskReason } from "../../base/errors.ts";
import { ensureDir, exists, writeDurable } from "../../base/files.ts";
import { errors } from "./errors.ts";

/** Files that a workspace starts with, in the order in which they are read. */
export const WORKSPACE_FILES = [
  "AGENTS.md",
  "SOUL.md",
  "TOOLS.md",
  "IDENTITY.md",
  "USER.md",
  "HEARTBEAT.md",
  "BOOTSTRAP.md",
] as const;

export interface WorkspaceOptions {
  readonly skipBootstrap: boolean;
  readonly skipOptional: readonly string[];
  /** Template text by file name. */
  readonly template: (name: string) => string | undefined;
}

/**
 * Makes the folder and its missing files. `BOOTSTRAP.md` is written only into a brand-new workspace.
 * Throws `WORKSPACE_UNUSABLE`.
 */
export async function prepare(folder: string, options: WorkspaceOptions): Promise<void> {
  try {
    await makeFiles(folder, options);
  } catch (error) {
    throw errors.WORKSPACE_UNUSABLE({ path: folder, reason: diskReason(error) }).with({ cause: error });
  }
}

async function makeFiles(folder: string, options: WorkspaceOptions): Promise<void> {
  await ensureDir(folder);
  if (options.skipBootstrap) return;
  const present = await Promise.all(WORKSPACE_FILES.map((name) => exists(join(folder, name))));
  const isNew = !present.some(Boolean);
  for (const [i, name] of WORKSPACE_FILES.entries()) {
    if (present[i] || (name === "BOOTSTRAP.md" && !isNew) || options.skipOptional.includes(name)) continue;
    const text = options.template(name);
    if (text !== undefined) await writeDurable(join(folder, name), text);
  }
}
