/** A question that is answered with yes or no. */
import { createInterface } from "node:readline/promises";
import { stderr, stdin } from "node:process";
import type { CliContext } from "../../contracts/cli.ts";

/** `--yes` answers for the person; without anybody there the answer is no. */
export async function confirmed({ options, global, out, signal }: CliContext, question: string): Promise<boolean> {
  if (options["yes"] === true) return true;
  if (options["input"] === false || global.json || options["json"] === true || !out.tty || !stdin.isTTY) return false;
  const terminal = createInterface({ input: stdin, output: stderr });
  try {
    return /^y(?:es)?$/i.test((await terminal.question(`${question} [y/N] `, { signal })).trim());
  } catch {
    return false; // Ctrl-C, or the input ended.
  } finally {
    terminal.close();
  }
}
