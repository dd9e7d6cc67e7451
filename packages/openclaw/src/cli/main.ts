/**
 * One command, from arguments to exit code:
 *
 * 1. find the command by its words        `tree.ts`
 * 2. parse its arguments                  `parse.ts`
 * 3. places, `.env` files, platform       `platform.ts`
 * 4. gate: the configuration is valid     `context.ts`
 * 5. run its body, loaded now
 */
import type { Env } from "../base/env.ts";
import { Fault, errorText } from "../base/errors.ts";
import { nearest } from "../base/text.ts";
import type { CliCommand, CliOut } from "../contracts/cli.ts";
import { openContext } from "./context.ts";
import { errors } from "./errors.ts";
import { interruptible } from "./exit.ts";
import { readGlobals } from "./globals.ts";
import { createOut } from "./out.ts";
import { parseCommand, type Parsed } from "./parse.ts";
import { typedAs } from "./typed.ts";
import { buildTree, findCommand, type Node } from "./tree.ts";

export interface MainOptions {
  /** Without program and script. */
  readonly argv: readonly string[];
  readonly commands: readonly CliCommand[];
  readonly version: string;
  readonly env: Env;
}

/** Resolves with the exit code; never rejects. */
export async function main(options: MainOptions): Promise<number> {
  const { argv, env } = options;
  const named = typedAs({ flags: readGlobals(argv).flags, env, words: firstWords(options.commands) });
  const out = createOut(process, { tty: process.stdout.isTTY === true, color: wantsColor(argv, env), named });
  const interrupt = interruptible();
  try {
    const parsed = parse(options);
    if (parsed.kind === "help") out.line(parsed.text.trimEnd());
    if (parsed.kind === "version") out.line(options.version);
    if (parsed.kind !== "run") return 0;
    return await run(parsed, options, out, interrupt.signal);
  } catch (error) {
    const code = interrupt.code();
    if (code !== undefined) return code;
    printFailure(error, out, wantsJson(argv), argv.includes("--verbose"));
    return 1;
  } finally {
    interrupt.release();
  }
}

function firstWords(commands: readonly CliCommand[]): readonly string[] {
  return [
    ...new Set(
      commands.flatMap(({ name, aliases = [] }) => [name, ...aliases].map((each) => each.split(" ")[0] ?? "")),
    ),
  ];
}

function parse({ argv, commands }: MainOptions): Parsed {
  const { flags, rest, problem } = readGlobals(argv);
  if (problem?.kind === "unknown") throw errors.CLI_UNKNOWN_FLAG({ flag: problem.flag, help: "openclaw --help" });
  if (problem) throw errors.CLI_USAGE({ problem: `${problem.flag} needs a value.`, help: "openclaw --help" });
  const words = rest[0] === "help" ? rest.slice(1) : rest;
  if (words.length === 0) throw errors.CLI_NO_COMMAND();
  const found = findCommand(buildTree(commands), words);
  if (found.unknown !== undefined || found.node.name === "")
    throw unknownCommand(found.node, found.unknown ?? words[0] ?? "");
  return parseCommand(found.node, found.rest, rest[0] === "help" ? { ...flags, help: true } : flags);
}

async function run(
  parsed: Extract<Parsed, { kind: "run" }>,
  { version, env }: MainOptions,
  out: CliOut,
  signal: AbortSignal,
): Promise<number> {
  const { context, close } = await openContext({ parsed, out, signal, version, env });
  try {
    const { run: body } = await parsed.command.load();
    return (await body(context)) ?? 0;
  } finally {
    await close();
  }
}

function unknownCommand(node: Node, word: string): Error {
  const near = nearest(
    word,
    [...node.children].flatMap(([name, child]) => (child.hidden ? [] : [name])),
  );
  const prefix = node.name === "" ? "" : `${node.name} `;
  return errors.CLI_UNKNOWN_COMMAND({
    words: `${prefix}${word}`,
    ...(near === undefined ? {} : { near: `${prefix}${near}` }),
  });
}

/** What happened and what to do on stderr, or the one document of `--json` on stdout. */
function printFailure(error: unknown, out: CliOut, json: boolean, verbose: boolean): void {
  const fault = error instanceof Fault ? error : undefined;
  if (json) {
    out.json({
      ok: false,
      error: {
        message: errorText(error),
        ...(fault ? { code: fault.code } : {}),
        ...(fault?.remedy ? { remedy: fault.remedy } : {}),
      },
    });
    return;
  }
  out.note(out.paint.error(errorText(error)));
  if (fault?.remedy) out.note(fault.remedy);
  if (verbose && error instanceof Error && error.stack) out.note(out.paint.dim(error.stack));
}

function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  return argv.slice(0, end < 0 ? argv.length : end).includes("--json");
}

/** `NO_COLOR` and `--no-color` win over `FORCE_COLOR`; a pipe gets none. */
function wantsColor(argv: readonly string[], env: Env): boolean {
  if (env["NO_COLOR"] || argv.includes("--no-color") || wantsJson(argv)) return false;
  if (env["FORCE_COLOR"] && env["FORCE_COLOR"] !== "0") return true;
  return process.stdout.isTTY === true && env["TERM"] !== "dumb";
}
