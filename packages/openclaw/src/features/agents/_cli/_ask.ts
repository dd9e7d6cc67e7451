/** Questions on a terminal. */
import { createInterface } from "node:readline/promises";
import { stdin, stderr } from "node:process";
import type { CliContext } from "../../../contracts/cli.ts";

/** Whether somebody is there to answer. */
export function canAsk({ out, options, global }: Pick<CliContext, "out" | "options" | "global">): boolean {
  return out.tty && stdin.isTTY && !global.json && options["nonInteractive"] !== true;
}

/** The answer, trimmed; `fallback` for an empty one. Rejects when the command is interrupted. */
export async function ask(question: string, signal: AbortSignal, fallback = ""): Promise<string> {
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    const answer = await lines.question(fallback === "" ? `${question}: ` : `${question} [${fallback}]: `, { signal });
    return answer.trim() === "" ? fallback : answer.trim();
  } finally {
    lines.close();
  }
}

/** No unless the answer begins with y. */
export async function confirm(question: string, signal: AbortSignal): Promise<boolean> {
  return /^y/i.test(await ask(`${question} (y/N)`, signal));
}
