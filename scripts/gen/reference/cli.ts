/** `docs/reference/cli.md`. */
import type { Item } from "../evaluate.ts";
import { cell, code, page, sentences, table, value } from "./markdown.ts";

interface Command {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly args?: readonly { readonly name: string; readonly summary: string; readonly required: boolean }[];
  readonly options?: readonly { readonly flags: string; readonly summary: string; readonly default?: unknown }[];
  readonly gateway: "none" | "needs" | "tries";
  readonly json?: boolean;
  readonly hidden?: boolean;
  readonly examples?: readonly string[];
}

const GATEWAY = {
  none: "",
  needs: "Needs a running gateway.",
  tries: "Asks the running gateway; without one it uses what is on disk.",
} as const;

export function cliPage(items: readonly Item[]): string {
  const shown = (items as unknown as Command[]).filter(({ hidden }) => !hidden);
  const intro = "Every command of `openclaw`. Each also answers `--help`.";
  return page("Command line", intro, shown.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(commandPart));
}

function commandPart(command: Command): string {
  const args = (command.args ?? []).map(({ name, required }) => (required ? ` <${name}>` : ` [${name}]`)).join("");
  const also = command.aliases?.length ? `Also: ${command.aliases.map(code).join(", ")}.` : "";
  return [
    `## \`openclaw ${command.name}${args}\``,
    sentences(command.summary, GATEWAY[command.gateway], also),
    table(
      ["Argument", "Meaning"],
      (command.args ?? []).map(({ name, summary }) => [code(name), cell(summary)]),
    ),
    table(["Option", "Meaning", "Default"], options(command)),
    command.examples?.length ? ["```sh", ...command.examples, "```"].join("\n") : "",
  ]
    .filter(Boolean)
    .join("\n\n");
}

function options(command: Command): string[][] {
  const own = (command.options ?? []).map((option) => [
    code(option.flags),
    cell(option.summary),
    value(option.default),
  ]);
  const declared = command.options?.some(({ flags }) => flags.includes("--json"));
  return command.json && !declared ? [...own, [code("--json"), "Print one JSON document", ""]] : own;
}
