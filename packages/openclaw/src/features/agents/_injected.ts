/** The workspace files that belong into a prompt, cut to their limits. */
import { join } from "node:path";
import { errorText } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import { headAndTail } from "./_cut.ts";
import type { FileCache } from "./_file-cache.ts";
import { WORKSPACE_FILES } from "./_workspace.ts";

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
  /** Heartbeats are on: what they look at belongs in. */
  readonly heartbeat: boolean;
  /** Sub-agents get the rules and the notes only. */
  readonly reduced: boolean;
  readonly log: Log;
  readonly files: FileCache;
}

const REDUCED = ["AGENTS.md", "TOOLS.md"];
const MEMORY = ["MEMORY.md", "memory.md"] as const;

/**
 * Files in a fixed order, blank ones left out. What is too much together is taken from the last: the rules
 * come first, the memory last.
 */
export async function injected(folder: string, options: InjectOptions): Promise<readonly InjectedFile[]> {
  const names = options.reduced
    ? REDUCED
    : WORKSPACE_FILES.filter((name) => name !== "HEARTBEAT.md" || options.heartbeat);
  const found = await Promise.all(names.map((name) => readOne(folder, name, options)));
  if (options.isMain && !options.reduced) found.push(await memoryOf(folder, options));
  let left = options.totalMaxChars;
  const files: InjectedFile[] = [];
  for (const file of found) {
    const told = fitted(file, Math.min(options.maxChars, Math.max(left, 0)));
    if (!told) continue;
    left -= told.text?.length ?? 0;
    if (told.truncated && file.fresh)
      options.log.warn("a workspace file is longer than its limit and was cut", {
        path: told.path,
        chars: told.rawChars,
        limit: Math.min(options.maxChars, options.totalMaxChars),
      });
    files.push(told);
  }
  return files;
}

/** What the model is told of files that were cut; undefined when none was. */
export function truncationNotice(files: readonly InjectedFile[]): string | undefined {
  const cut = files.filter(({ truncated }) => truncated);
  if (cut.length === 0) return undefined;
  const names = cut.map(({ name, rawChars, text }) => `${name} (${text?.length ?? 0} of ${rawChars} characters)`);
  return `Shortened here: ${names.join(", ")}. Read the file itself when the rest matters.`;
}

interface Candidate {
  readonly name: string;
  readonly path: string;
  readonly text: string | undefined;
  readonly fresh: boolean;
}

async function memoryOf(folder: string, options: InjectOptions): Promise<Candidate> {
  const usual = await readOne(folder, MEMORY[0], options);
  return usual.text === undefined ? readOne(folder, MEMORY[1], options) : usual;
}

async function readOne(folder: string, name: string, { files, log }: InjectOptions): Promise<Candidate> {
  const path = join(folder, name);
  try {
    const found = await files.read(folder, path);
    if (found && "problem" in found) {
      if (found.fresh) log.warn("a workspace file could not be read", { path, error: found.problem });
      return { name, path, text: undefined, fresh: found.fresh };
    }
    return { name, path, text: found?.text, fresh: found?.fresh ?? false };
  } catch (error) {
    log.warn("a workspace file could not be read", { path, error: errorText(error) });
    return { name, path, text: undefined, fresh: false };
  }
}

/** The file as it goes into the prompt; undefined when it is blank, or missing and nobody expects it. */
function fitted({ name, path, text: raw }: Candidate, max: number): InjectedFile | undefined {
  const optional = ["BOOTSTRAP.md", "HEARTBEAT.md", ...MEMORY].includes(name);
  if (raw === undefined) return optional ? undefined : { name, path, text: undefined, rawChars: 0, truncated: false };
  if (raw.trim() === "") return undefined;
  const text = headAndTail(raw, max);
  return { name, path, text, rawChars: raw.length, truncated: raw.length > max };
}
