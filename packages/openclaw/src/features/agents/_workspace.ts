/** The workspace folder: made on first use, missing files written from templates, nothing overwritten. */
import { dirname, join } from "node:path";
import { childEnv } from "../../base/env.ts";
import { diskReason } from "../../base/errors.ts";
import { ensureDir, exists, writeDurable } from "../../base/files.ts";
import { withDeadline } from "../../base/time.ts";
import type { Platform } from "../../contracts/service.ts";
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

/** What `skipOptionalBootstrapFiles` may name. */
const OPTIONAL: readonly string[] = ["SOUL.md", "USER.md", "HEARTBEAT.md", "IDENTITY.md"];
/** Whoever has one of these has been here before. */
const SIGNS_OF_LIFE = [...WORKSPACE_FILES, "MEMORY.md", "memory.md", "memory"];

export interface WorkspaceOptions {
  readonly skipBootstrap: boolean;
  readonly skipOptional: readonly string[];
  /** Template text by file name. */
  readonly template: (name: string) => string | undefined;
  /** No ritual, also in a brand-new workspace. */
  readonly skipRitual?: boolean;
}

/** Absolute paths. */
export interface Prepared {
  readonly created: readonly string[];
  readonly kept: readonly string[];
  /** Nobody has worked here before. */
  readonly isNew: boolean;
  /** Why missing files could not be written into a workspace that is in use. */
  readonly problem?: string;
}

/**
 * Makes the folder and its missing files. `BOOTSTRAP.md` is written only into a brand-new workspace, and first: a
 * start that is cut off after any file leaves a workspace that the next one completes. Throws
 * `WORKSPACE_UNUSABLE`; a workspace in use that cannot be written to stays in use.
 */
export async function prepare(folder: string, options: WorkspaceOptions): Promise<Prepared> {
  const wasThere = await exists(folder);
  try {
    await ensureDir(folder);
  } catch (error) {
    throw unusable(folder, error);
  }
  const present = new Set<string>();
  for (const name of SIGNS_OF_LIFE) if (await exists(join(folder, name))) present.add(name);
  const isNew = present.size === 0;
  const kept = [
    ...(wasThere ? [folder] : []),
    ...WORKSPACE_FILES.filter((name) => present.has(name)).map((name) => join(folder, name)),
  ];
  const created = wasThere ? [] : [folder];
  if (options.skipBootstrap) return { created, kept, isNew };
  const ritual = isNew && options.skipRitual !== true;
  for (const name of missing(present, { ritual, skip: options.skipOptional })) {
    const text = options.template(name);
    if (text === undefined) continue;
    try {
      await writeDurable(join(folder, name), withoutFrontMatter(text));
      created.push(join(folder, name));
    } catch (error) {
      if (isNew) throw unusable(folder, error);
      return { created, kept, isNew, problem: diskReason(error) };
    }
  }
  return { created, kept, isNew };
}

/** Names of the files to write, `BOOTSTRAP.md` first. */
function missing(
  present: ReadonlySet<string>,
  { ritual, skip }: { readonly ritual: boolean; readonly skip: readonly string[] },
): readonly string[] {
  const usual = WORKSPACE_FILES.filter(
    (name) => name !== "BOOTSTRAP.md" && !present.has(name) && !(OPTIONAL.includes(name) && skip.includes(name)),
  );
  return ritual ? ["BOOTSTRAP.md", ...usual] : usual;
}

function unusable(folder: string, error: unknown) {
  return errors.WORKSPACE_UNUSABLE({ path: folder, reason: diskReason(error) }).with({ cause: error });
}

/** The text of a template without the block of settings that it may begin with. */
export function withoutFrontMatter(text: string): string {
  return text.replace(/^\uFEFF?---\r?\n[\s\S]*?\r?\n---[ \t]*\r?\n\s*/, "");
}

const GIT_MS = 3000;

/**
 * Makes a repository of a new workspace, so that what is written there can be looked up and taken back. Best
 * effort: without git, or within another repository, nothing happens.
 */
export async function initRepository(folder: string, { spawn, env, clock }: Platform): Promise<void> {
  if (await inRepository(folder)) return;
  try {
    const child = await spawn({ argv: ["git", "init", "--quiet"], cwd: folder, env: childEnv(env) });
    await withDeadline(clock, GIT_MS, child.exit, () => new Error("git did not end")).catch(() => child.kill(0));
  } catch {
    // No git here: a workspace is one without it too.
  }
}

async function inRepository(folder: string): Promise<boolean> {
  if (await exists(join(folder, ".git"))) return true;
  const parent = dirname(folder);
  return parent !== folder && inRepository(parent);
}
