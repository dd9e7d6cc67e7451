/** Arguments of the one command that was asked for, parsed and explained by commander. */
import { Command, CommanderError, Option } from "commander";
import type { CliCommand } from "../contracts/cli.ts";
import { nearest } from "../base/text.ts";
import { errors } from "./errors.ts";
import { GLOBAL_FLAGS, type GlobalFlags } from "./globals.ts";
import type { Node } from "./tree.ts";

export type Parsed =
  | {
      readonly kind: "run";
      readonly command: CliCommand;
      readonly args: readonly string[];
      readonly options: Readonly<Record<string, unknown>>;
      readonly global: GlobalFlags;
    }
  | { readonly kind: "help"; readonly text: string }
  | { readonly kind: "version" };

/** Parses what follows the words of a command. Throws `CLI_UNKNOWN_FLAG` or `CLI_USAGE`. */
export function parseCommand(node: Node, rest: readonly string[], before: GlobalFlags): Parsed {
  const parser = parserOf(node);
  let help = "";
  parser.configureOutput({ writeOut: (text) => void (help += text), writeErr: () => {}, outputError: () => {} });
  const explain = (): Parsed => {
    parser.outputHelp();
    return { kind: "help", text: help };
  };
  if (before.help) return explain();
  try {
    parser.parse([...rest], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === "commander.helpDisplayed") return { kind: "help", text: help };
    throw usageFault(error, parser);
  }
  const options = parser.opts<Record<string, unknown>>();
  const global = mergeGlobals(before, options);
  if (global.version) return { kind: "version" };
  if (!node.command) return explain();
  return { kind: "run", command: node.command, args: parser.args, options, global };
}

function parserOf({ name, command, children, summary }: Node): Command {
  const parser = new Command(`openclaw ${name}`)
    .description(summary)
    .exitOverride()
    .allowExcessArguments(false)
    .showSuggestionAfterError(false);
  for (const { name: argument, summary: about, required } of command?.args ?? [])
    parser.argument(required ? `<${argument}>` : `[${argument}]`, about);
  for (const option of command?.options ?? []) parser.addOption(optionOf(option));
  if (command?.json && !has(parser, "--json")) parser.option("--json", "Print one JSON document");
  for (const { flags, summary: about } of GLOBAL_FLAGS) {
    const long = flags.split(", ").at(-1)?.split(" ")[0] ?? "";
    if (long !== "--help" && !has(parser, long))
      parser.addOption(new Option(long === "--version" ? long : flags, about).hideHelp());
  }
  parser.helpCommand(false);
  for (const child of children.values())
    if (!child.hidden)
      parser.addCommand(new Command(child.name.split(" ").at(-1)).description(child.summary).helpOption(false));
  parser.action(() => {});
  if (command?.examples?.length)
    parser.addHelpText("after", `\nExamples:\n${command.examples.map((example) => `  ${example}`).join("\n")}`);
  return parser;
}

function optionOf({
  flags,
  summary,
  default: initial,
  choices,
  required,
  repeat,
}: NonNullable<CliCommand["options"]>[number]): Option {
  const option = new Option(flags, summary);
  if (initial !== undefined) option.default(initial);
  if (choices) option.choices([...choices]);
  if (required) option.makeOptionMandatory();
  if (repeat) option.argParser<string[]>((value, all) => [...(Array.isArray(all) ? all : []), value]);
  return option;
}

function mergeGlobals(before: GlobalFlags, own: Readonly<Record<string, unknown>>): GlobalFlags {
  const profile = typeof own["profile"] === "string" ? own["profile"] : before.profile;
  const logLevel = typeof own["logLevel"] === "string" ? own["logLevel"] : before.logLevel;
  return {
    dev: before.dev || own["dev"] === true,
    color: before.color && own["color"] !== false,
    json: before.json || own["json"] === true,
    verbose: before.verbose || own["verbose"] === true,
    version: before.version || own["version"] === true,
    help: before.help,
    ...(profile === undefined ? {} : { profile }),
    ...(logLevel === undefined ? {} : { logLevel }),
  };
}

function usageFault(error: CommanderError, parser: Command): Error {
  const help = `${parser.name()} --help`;
  if (error.code === "commander.unknownOption") {
    const flag = /'(.+)'/.exec(error.message)?.[1] ?? "";
    const near = nearest(
      flag,
      parser.options.flatMap(({ long, hidden }) => (long && !hidden ? [long] : [])),
    );
    return errors.CLI_UNKNOWN_FLAG({ flag, help, ...(near === undefined ? {} : { near }) });
  }
  const problem = error.message.replace(/^error: /, "");
  return errors.CLI_USAGE({ problem: `${problem.charAt(0).toUpperCase()}${problem.slice(1)}`, help });
}

function has(parser: Command, long: string): boolean {
  return parser.options.some((option) => option.long === long);
}
