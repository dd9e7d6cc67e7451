/** Questions on a terminal; secrets are not shown while they are typed. */
import { createInterface } from "node:readline";
import { stderr, stdin } from "node:process";
import { Writable } from "node:stream";
import type { CliContext } from "../../contracts/cli.ts";
import { errors } from "./errors.ts";

const MAX_PIPED = 64 * 1024;

export function isThere({ out, global }: Pick<CliContext, "out" | "global">): boolean {
  return out.tty && stdin.isTTY && !global.json;
}

/** The line that was typed; undefined when the input ended. Rejects when `signal` aborts. */
export function ask(
  question: string,
  signal: AbortSignal,
  options: { readonly hidden?: boolean } = {},
): Promise<string | undefined> {
  const output = options.hidden ? new Writable({ write: (_chunk, _encoding, done) => done() }) : stderr;
  if (options.hidden) stderr.write(`${question}: `);
  const terminal = createInterface({ input: stdin, output, terminal: stdin.isTTY });
  return new Promise((resolve, reject) => {
    const stop = () => {
      reject(signal.reason as Error);
      terminal.close();
    };
    terminal.on("close", () => {
      signal.removeEventListener("abort", stop);
      if (options.hidden) stderr.write("\n");
      resolve(undefined);
    });
    terminal.on("SIGINT", () => terminal.close());
    signal.addEventListener("abort", stop, { once: true });
    terminal.question(options.hidden ? "" : `${question}: `, (line) => {
      resolve(line);
      terminal.close();
    });
  });
}

/** A secret: typed unseen, or the whole standard input where that is no terminal. Throws `LOGIN_NEEDS_TERMINAL`. */
export async function secret(context: CliContext, question: string): Promise<string> {
  if (stdin.isTTY) {
    if (!isThere(context)) throw errors.LOGIN_NEEDS_TERMINAL();
    return (await ask(question, context.signal, { hidden: true })) ?? "";
  }
  let text = "";
  for await (const piece of stdin) {
    text += String(piece);
    if (text.length > MAX_PIPED) break;
  }
  return text;
}
