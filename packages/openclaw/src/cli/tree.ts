/** Commands by their words: `config get` stands below `config`. */
import type { CliCommand } from "../contracts/cli.ts";

export interface Node {
  /** Full words: `config get`; empty for the root. */
  readonly name: string;
  readonly command?: CliCommand;
  readonly children: ReadonlyMap<string, Node>;
  readonly summary: string;
  readonly hidden: boolean;
}

/** What groups without a command of their own are about. */
const GROUPS: Readonly<Record<string, string>> = {
  agents: "Agents and their identities",
  approvals: "Which commands run without asking",
  "approvals allowlist": "Programs that run without asking",
  channels: "Accounts on chat networks",
  config: "Read and change the configuration",
  devices: "Paired devices",
  gateway: "Run and ask the gateway",
  models: "Models and their credentials",
  nodes: "Phones and other computers that lend their commands",
  pairing: "People who ask to be let in",
  sessions: "Conversations",
};

interface Growing {
  readonly name: string;
  command?: CliCommand;
  readonly children: Map<string, Growing>;
}

export function buildTree(commands: readonly CliCommand[]): Node {
  const root: Growing = { name: "", children: new Map() };
  for (const command of commands) {
    for (const name of [command.name, ...(command.aliases ?? [])]) {
      let node = root;
      for (const word of name.split(" ")) node = childOf(node, word);
      node.command = name === command.name ? command : { ...command, hidden: true };
    }
  }
  return settle(root);
}

function childOf(node: Growing, word: string): Growing {
  const known = node.children.get(word);
  if (known) return known;
  const made: Growing = { name: node.name === "" ? word : `${node.name} ${word}`, children: new Map() };
  node.children.set(word, made);
  return made;
}

function settle({ name, command, children }: Growing): Node {
  const settled = new Map(
    [...children].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([word, child]) => [word, settle(child)]),
  );
  return {
    name,
    children: settled,
    summary: command?.summary ?? GROUPS[name] ?? `Commands about ${name}`,
    hidden: command?.hidden ?? (settled.size > 0 && [...settled.values()].every((child) => child.hidden)),
    ...(command ? { command } : {}),
  };
}

export interface Found {
  readonly node: Node;
  /** What follows the words. */
  readonly rest: readonly string[];
  /** A word that is no command here. */
  readonly unknown?: string;
}

/** Follows the words as deep as they go. */
export function findCommand(root: Node, words: readonly string[]): Found {
  let node = root;
  for (const [at, word] of words.entries()) {
    const child = node.children.get(word);
    if (child) {
      node = child;
      continue;
    }
    const takesArguments = (node.command?.args?.length ?? 0) > 0;
    const isWord = !word.startsWith("-") && node.children.size > 0 && !takesArguments;
    return { node, rest: words.slice(at), ...(isWord ? { unknown: word } : {}) };
  }
  return { node, rest: [] };
}
