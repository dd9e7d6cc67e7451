/** Questions on a terminal. */
import { createInterface } from "node:readline";
import { stdin, stderr } from "node:process";
import type { CliContext } from "../../../contracts/cli.ts";

/** Whether somebody is there to answer. */
export function canAsk({ out, options, global }: Pick<CliContext, "out" | "options" | "global">): boolean {
  return out.tty && stdin.isTTY && !global.json && options["nonInteractive"] !== true;
}

/** The answer, trimmed; `fallback` for an empty one, undefined when the input ended instead. */
export type Ask = (question: string, fallback?: string) => Promise<string | undefined>;

/** Runs a conversation with one person. Lines typed ahead are kept for the questions that follow. */
export async function interview<T>(signal: AbortSignal, conversation: (ask: Ask) => Promise<T>): Promise<T> {
  const terminal = createInterface({ input: stdin, output: stderr, signal });
  const lines = terminal[Symbol.asyncIterator]();
  terminal.on("SIGINT", () => terminal.close());
  try {
    return await conversation(async (question, fallback = "") => {
      terminal.setPrompt(fallback === "" ? `${question}: ` : `${question} [${fallback}]: `);
      terminal.prompt();
      const { value, done } = await lines.next();
      if (done === true) return undefined;
      return String(value).trim() === "" ? fallback : String(value).trim();
    });
  } finally {
    terminal.close();
  }
}
