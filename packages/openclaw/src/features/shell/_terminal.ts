/**
 * A terminal for a command, through `script(1)`, which every Linux and macOS has: node has no pseudo terminals of its
 * own, and packages that bring them run install scripts.
 */
import { delimiter, join } from "node:path";
import { platform as system } from "node:process";
import { info } from "../../base/files.ts";
import type { Env } from "../../base/env.ts";
import { errors } from "./errors.ts";
import { ownPath } from "./_shell.ts";

const COLUMNS = 120;
const ROWS = 40;

/** The vector that runs a shell line on a terminal. Throws `EXEC_PTY_UNAVAILABLE`. */
export async function terminalArgv(
  [shell, flag, line]: readonly string[],
  env: Env,
): Promise<readonly [string, ...string[]]> {
  const script = await scriptProgram(env);
  if (script === undefined || shell === undefined || flag === undefined || line === undefined)
    throw errors.EXEC_PTY_UNAVAILABLE();
  const sized = `stty cols ${COLUMNS} rows ${ROWS} 2>/dev/null\n${line}`;
  if (system === "darwin") return [script, "-q", "/dev/null", shell, flag, sized];
  return [script, "-qfec", `exec ${quoted(shell)} ${flag} ${quoted(sized)}`, "/dev/null"];
}

async function scriptProgram(env: Env): Promise<string | undefined> {
  if (system === "win32") return undefined;
  for (const folder of ownPath(env).split(delimiter)) {
    const program = join(folder, "script");
    if (folder !== "" && (await info(program))?.isFile === true) return program;
  }
  return undefined;
}

/** One word of a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
