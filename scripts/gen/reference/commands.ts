/** `docs/reference/commands.md`. */
import type { Item } from "../evaluate.ts";
import { cell, code, page, sentences, table } from "./markdown.ts";

interface Choice {
  readonly value: string;
}

interface Arg {
  readonly name: string;
  readonly description: string;
  readonly required?: boolean;
  readonly choices?: readonly (string | Choice)[] | (() => unknown);
}

interface Command {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly category: string;
  readonly args?: string | readonly Arg[];
  readonly level?: string;
  readonly flag?: string;
  readonly directive?: unknown;
  readonly inline?: true;
  readonly native?: false | Readonly<Record<string, string>>;
}

const TITLES: readonly (readonly [category: string, title: string])[] = [
  ["session", "Session"],
  ["options", "Model and answers"],
  ["status", "Information"],
  ["tools", "Tools and skills"],
  ["management", "Administration"],
  ["media", "Media"],
  ["docks", "Where answers go"],
];

export function commandsPage(items: readonly Item[]): string {
  const commands = (items as unknown as Command[]).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const intro =
    "What can be typed in a chat, besides the skills of the agent. *Inside*: it also counts in the middle of a message. How they work: [commands](../commands.md).";
  return page(
    "Chat commands",
    intro,
    TITLES.flatMap(([category, title]) => {
      const mine = commands.filter((command) => command.category === category);
      return mine.length === 0
        ? []
        : [`## ${title}`, table(["Command", "Does", "For", "Inside"], mine.map(row)), ...details(mine)];
    }),
  );
}

function row(command: Command): string[] {
  const also = command.aliases?.length ? `, also ${command.aliases.map((alias) => code(`/${alias}`)).join(", ")}` : "";
  return [
    `${code(`/${command.name}`)}${also}`,
    cell(command.summary),
    `${forWhom(command)}${command.flag === undefined ? "" : `; needs ${code(`commands.${command.flag}`)}`}`,
    command.directive !== undefined || command.inline === true ? "yes" : "",
  ];
}

function forWhom({ level }: Command): string {
  if (level === "owner") return "owners";
  if (level === "member") return "everybody but guests";
  return level === "elevated" ? `senders in ${code("tools.elevated.allowFrom")}` : "everybody who may talk";
}

/** Arguments of the commands that have some. */
function details(commands: readonly Command[]): string[] {
  return commands.flatMap(({ name, args }) => {
    if (args === undefined || args.length === 0) return [];
    const text = typeof args === "string" ? `${code(args)}.` : args.map(argument).join(" ");
    return [`**${code(`/${name}`)}** ${text}`];
  });
}

function argument({ name, description, required, choices }: Arg): string {
  const fixed = Array.isArray(choices) ? (choices as readonly (string | Choice)[]) : [];
  const words = fixed.map((one) => code(typeof one === "string" ? one : one.value)).join(", ");
  const which = words === "" ? "" : `: ${words}`;
  return sentences(`${code(required === true ? `<${name}>` : `[${name}]`)} ${lower(cell(description))}${which}`);
}

function lower(text: string): string {
  return /^[A-Z][a-z ]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
