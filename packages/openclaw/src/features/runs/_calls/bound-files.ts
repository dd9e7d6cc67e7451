/**
 * Scripts that a command would run. An approval is bound to what is in them, so that a script that is changed
 * while somebody reads the question is asked about anew. Best effort: files named in the arguments, or in a
 * shell line as plain words.
 */
import { extname } from "node:path";
import { info, readRegular } from "../../../base/files.ts";
import { sha256 } from "../../../base/ids.ts";
import { realPath } from "../../../base/open.ts";
import { pathFrom } from "../../../base/path.ts";

const SCRIPTS = new Set(
  ".sh .bash .zsh .fish .py .js .mjs .cjs .ts .mts .rb .pl .php .lua .ps1 .bat .cmd .awk .sql .mk".split(" "),
);
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_WORDS = 64;
const MAX_FILES = 8;

/** Digest of each by path; undefined where the command names none. */
export async function boundFiles(
  exact: Readonly<Record<string, unknown>>,
  home: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  const { argv, cwd, resolved } = exact;
  if (!Array.isArray(argv) || typeof cwd !== "string") return undefined;
  const words = argv
    .flatMap((word) => String(word).split(/[\s;&|()<>'"]+/))
    .filter((word) => word !== "" && !word.startsWith("-") && !word.includes("\0"));
  const program = typeof resolved === "string" ? [resolved] : [];
  const found: [string, string][] = [];
  for (const word of new Set([...program, ...words.slice(0, MAX_WORDS)])) {
    const script = found.length < MAX_FILES ? await digestOfScript(pathFrom(cwd, word, home)) : undefined;
    if (script !== undefined) found.push(script);
  }
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** Undefined for what is no script, or too large to be one. */
async function digestOfScript(path: string): Promise<[string, string] | undefined> {
  try {
    const real = await realPath(path);
    const file = await info(real);
    if (file?.isFile !== true || file.size > MAX_BYTES) return undefined;
    if ((file.mode & 0o111) === 0 && !SCRIPTS.has(extname(real).toLowerCase())) return undefined;
    return [real, sha256((await readRegular(real, MAX_BYTES)) ?? "")];
  } catch {
    // What cannot be read cannot be bound; running it will fail or be asked about as it is.
    return undefined;
  }
}
