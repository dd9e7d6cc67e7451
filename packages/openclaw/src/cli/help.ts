/** Help of the root, from light data. */
import { GLOBAL_FLAGS } from "./globals.ts";
import type { Node } from "./tree.ts";

export function rootHelp(root: Node, version: string): string {
  const commands = [...root.children.values()]
    .filter(({ hidden }) => !hidden)
    .map((node) => [node.name, node.summary] as const);
  const flags = GLOBAL_FLAGS.map(({ flags: names, summary }) => [names, summary] as const);
  return [
    `OpenClaw ${version}: a personal assistant that answers on the chat apps you already use.`,
    "",
    "Usage: openclaw [flags] <command> [arguments]",
    "",
    "Commands:",
    ...columns(commands),
    "",
    "Flags:",
    ...columns(flags),
    "",
    "First steps: openclaw setup, then openclaw gateway run, then openclaw dashboard.",
    "Help for one command: openclaw <command> --help",
    "",
  ].join("\n");
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length), 0);
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`);
}
