/** What a message that begins like a command may go on with. Pure. */

export interface SlashChoice {
  readonly value: string;
  readonly label: string;
}

export interface SlashArg {
  readonly name: string;
  readonly description: string;
  readonly choices?: readonly SlashChoice[];
}

/** A command as `commands.list` tells it. */
export interface SlashCommand {
  readonly name: string;
  readonly textAliases: readonly string[];
  readonly description: string;
  readonly source?: string;
  readonly args?: readonly SlashArg[];
}

export interface Suggestion {
  /** The whole message with it. */
  readonly insert: string;
  readonly label: string;
  readonly hint: string;
}

const MOST = 60;

/** Commands while the name is typed, then the choices of the argument that is. Nothing for any other text. */
export function suggestionsFor(text: string, commands: readonly SlashCommand[]): readonly Suggestion[] {
  if (!text.startsWith("/") || text.includes("\n")) return [];
  const blank = text.indexOf(" ");
  return (blank < 0 ? byName(text.toLowerCase(), commands) : byArgument(text, blank, commands)).slice(0, MOST);
}

/** The command that a message begins with. */
export function commandIn(text: string, commands: readonly SlashCommand[]): SlashCommand | undefined {
  const name = /^\/[^\s:]+/.exec(text)?.[0].toLowerCase().replaceAll("_", "-");
  return name === undefined ? undefined : commands.find((command) => spellings(command).includes(name));
}

function byName(typed: string, commands: readonly SlashCommand[]): readonly Suggestion[] {
  const word = typed.slice(1);
  const rank = (command: SlashCommand) => {
    if (command.name.startsWith(word)) return 0;
    if (command.textAliases.some((alias) => alias.startsWith(typed))) return 1;
    return command.name.includes(word) ? 2 : 3;
  };
  return commands
    .filter((command) => rank(command) < 3)
    .toSorted((a, b) => rank(a) - rank(b) || isSkill(a) - isSkill(b) || (a.name < b.name ? -1 : 1))
    .map(({ name, description, args = [] }) => ({
      insert: `/${name}${args.length === 0 ? "" : " "}`,
      label: `/${name}`,
      hint: description,
    }));
}

/** Skills stand behind what is always there. */
function isSkill({ source }: SlashCommand): number {
  return source === "skill" ? 1 : 0;
}

function byArgument(text: string, blank: number, commands: readonly SlashCommand[]): readonly Suggestion[] {
  const words = text.slice(blank + 1).split(" ");
  const word = (words.at(-1) ?? "").toLowerCase();
  const choices = commandIn(text, commands)?.args?.[words.length - 1]?.choices ?? [];
  const before = text.slice(0, text.length - word.length);
  return choices
    .filter(({ value, label }) => `${value} ${label}`.toLowerCase().includes(word) && value.toLowerCase() !== word)
    .map(({ value, label }) => ({ insert: `${before}${value}`, label: value, hint: label === value ? "" : label }));
}

function spellings({ name, textAliases }: SlashCommand): readonly string[] {
  return [`/${name}`, ...textAliases].map((one) => one.toLowerCase().replaceAll("_", "-"));
}
