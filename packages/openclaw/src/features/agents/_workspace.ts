/** The workspace folder: made on first use, missing files written from templates, nothing overwritten. */
import { join } from "node:path";
import { diskReason } from "../../base/errors.ts";
import { errorText } from "../../base/errors.ts";
import { ensureDir, exists, writeDurable } from "../../base/files.ts";
import { cut } from "../../base/text.ts";
import type { Log } from "../../base/log.ts";
import type { FileCache } from "./_file-cache.ts";
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
const MEMORY_FILES = ["MEMORY.md", "memory.md"] as const;

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

export interface InjectedFile {
  readonly name: string;
  readonly path: string;
  /** Text as it goes into the prompt; undefined when the file is missing. */
  readonly text: string | undefined;
  readonly rawChars: number;
  readonly truncated: boolean;
}

export interface InjectOptions {
  readonly maxChars: number;
  readonly totalMaxChars: number;
  /** Main session: personal memory belongs in. */
  readonly isMain: boolean;
  /** Sub-agents get the rules and the notes only. */
  readonly reduced: boolean;
  readonly log: Log;
  readonly files: FileCache;
}

/** The workspace files that belong into the prompt, cut to their limits. */
export async function injected(folder: string, options: InjectOptions): Promise<readonly InjectedFile[]> {
  const names: string[] = options.reduced
    ? ["AGENTS.md", "TOOLS.md"]
    : WORKSPACE_FILES.filter((name) => name !== "HEARTBEAT.md");
  if (options.isMain && !options.reduced)
    names.push((await exists(join(folder, MEMORY_FILES[0]))) ? MEMORY_FILES[0] : MEMORY_FILES[1]);
  const found = await Promise.all(names.map((name) => readOne(join(folder, name), options)));
  let left = options.totalMaxChars;
  const files: InjectedFile[] = [];
  for (const [i, name] of names.entries()) {
    const file = fitted(
      { name, path: join(folder, name), found: found[i] },
      Math.min(options.maxChars, Math.max(left, 0)),
    );
    if (!file) continue;
    left -= file.text?.length ?? 0;
    if (file.truncated && found[i]?.fresh)
      options.log.warn("a workspace file is longer than its limit and was cut", {
        path: file.path,
        chars: file.rawChars,
        limit: options.maxChars,
      });
    files.push(file);
  }
  return files;
}

type Found = Awaited<ReturnType<FileCache["read"]>>;

async function readOne(path: string, { files, log }: InjectOptions): Promise<Found> {
  try {
    return await files.read(path);
  } catch (error) {
    log.warn("a workspace file could not be read", { path, error: errorText(error) });
    return undefined;
  }
}

/** The file as it goes into the prompt; undefined when it is blank, or missing and nobody expects it. */
function fitted(
  { name, path, found }: { name: string; path: string; found: Found },
  max: number,
): InjectedFile | undefined {
  const optional = name === "BOOTSTRAP.md" || name.toLowerCase() === "memory.md";
  if (!found) return optional ? undefined : { name, path, text: undefined, rawChars: 0, truncated: false };
  if (found.text.trim() === "") return undefined;
  const text = headAndTail(found.text, max);
  return { name, path, text, rawChars: found.text.length, truncated: text.length < found.text.length };
}

function headAndTail(text: string, max: number): string {
  if (text.length <= max) return text;
  const head = cut(text, Math.floor(max * 0.7));
  const tail = text.slice(text.length - Math.floor(max * 0.2));
  return `${head}\n[… cut here: the file has ${text.length} characters; read it for the rest …]\n${tail}`;
}
