/**
 * What a message asks of the core: a command, directives, shortcuts inside a text. Pure. A token counts at the
 * beginning or after white space, and before its end, white space or a colon; what stands in code or in a quoted
 * line is not looked at.
 */
import type { ChatCommand, Taken } from "../../../contracts/chat.ts";
import type { Catalog } from "./catalog.ts";

/** A command in its place: `start` to `end` of the message is all of it, argument included. */
export interface Token {
  readonly command: ChatCommand;
  /** As typed, lower case. */
  readonly typed: string;
  readonly rest: string;
  readonly start: number;
  readonly end: number;
}

export type Parsed =
  | { readonly kind: "command"; readonly command: ChatCommand; readonly typed: string; readonly rest: string }
  /** Nothing but directives: they are kept for the session. */
  | { readonly kind: "directives"; readonly tokens: readonly Token[] }
  /** Directives and shortcuts among other text; `without` takes them out. */
  | { readonly kind: "mixed"; readonly tokens: readonly Token[]; readonly text: string }
  /** Begins like a command that is not in the catalogue. */
  | { readonly kind: "unknown"; readonly name: string; readonly rest: string }
  | { readonly kind: "text" };

export interface Grammar {
  readonly catalog: Catalog;
  /** Messages, or their beginnings, that stand for `/new`. */
  readonly resetTriggers: readonly string[];
  /** What `! ls` stands for. */
  readonly bang?: ChatCommand | undefined;
}

/** A colon may follow a name; two slashes after it make it an address. */
const HEAD = /^\/([a-z0-9][a-z0-9._-]{0,63})(?:@\w+)?(?=$|\s|:(?!\/))/i;
const ANYWHERE = /(?<=^|\s)\/([a-z0-9][a-z0-9._-]{0,63})(?:@\w+)?(?=$|\s|:(?!\/))/gi;
/** Characters that are looked at: what somebody pasted is not searched to its end. */
const LOOKED_AT = 32_000;
/** Whoever writes more of them than this into one message means something else. */
const MOST = 20;
/** Between a name and its argument. */
const GAP = /^:?[^\S\n]*/;
const TEXT: Parsed = { kind: "text" };

export function parseMessage(message: string, grammar: Grammar): Parsed {
  const text = message.trim();
  const { catalog } = grammar;
  const bang = shellLine(text, grammar.bang);
  if (bang) return bang;
  const head = HEAD.exec(text);
  const typed = head?.[1]?.toLowerCase() ?? "";
  const command = head ? catalog.find(typed) : undefined;
  if (!command) {
    const reset = resetBy(text, grammar);
    if (reset) return reset;
    if (head) return { kind: "unknown", name: typed, rest: after(text, head[0].length) };
  }
  if (head && command && isWhole(command, after(text, head[0].length)))
    return { kind: "command", command, typed, rest: after(text, head[0].length) };
  return among(text, scan(text, catalog));
}

/** The text without these tokens, and without the gaps that they leave. */
export function without(text: string, tokens: readonly Pick<Token, "start" | "end">[]): string {
  let left = text;
  for (const { start, end } of tokens.toSorted((a, b) => b.start - a.start)) {
    const before = left.slice(0, start);
    const behind = left.slice(end).replace(/^[^\S\n]+/, "");
    const ownLine = /(?:^|\n)[^\S\n]*$/.test(before);
    const apart = ownLine || /\s$/.test(before) || /^(?:\s|$)/.test(behind);
    left = `${before}${apart ? "" : " "}${ownLine ? behind.replace(/^\n/, "") : behind}`;
  }
  return left.trim();
}

/** A command takes all of its message; directives and shortcuts only what belongs to them. */
function isWhole(command: ChatCommand, rest: string): boolean {
  if (command.directive) return false;
  return !command.inline || rest === "" || takenBy(command, rest) === rest;
}

function among(text: string, found: readonly Token[]): Parsed {
  if (found.length === 0) return TEXT;
  const directives = found.filter(({ command }) => command.directive);
  if (without(text, found) === "" && directives.length === found.length) return { kind: "directives", tokens: found };
  const first = found[0];
  // `/think bogus`: what follows was meant for it.
  if (first?.start === 0 && first.command.directive && first.rest === "") {
    const rest = /^\S+/.exec(after(text, first.end))?.[0] ?? "";
    return { kind: "command", command: first.command, typed: first.typed, rest };
  }
  // In the middle of a sentence a directive without its argument is only talked about.
  const tokens = found.filter(({ command, rest }) => !command.directive || rest !== "");
  return tokens.length === 0 ? TEXT : { kind: "mixed", tokens, text };
}

/** Directives and shortcuts of a message, in their order. */
function scan(whole: string, catalog: Catalog): Token[] {
  const text = whole.slice(0, LOOKED_AT);
  const hidden = unread(text);
  const tokens: Token[] = [];
  for (const match of text.matchAll(ANYWHERE)) {
    if (tokens.length === MOST) break;
    const start = match.index;
    const command = catalog.find(match[1] ?? "");
    if (!command || (!command.directive && !command.inline)) continue;
    if (hidden.some(([from, to]) => start >= from && start < to)) continue;
    if (start < (tokens.at(-1)?.end ?? 0)) continue;
    const name = start + match[0].length;
    const gap = GAP.exec(text.slice(name))?.[0].length ?? 0;
    const taken = takenBy(command, text.slice(name + gap));
    const colon = text.startsWith(":", name) ? 1 : 0;
    const end = taken === "" ? name + colon : name + gap + taken.length;
    tokens.push({ command, typed: (match[1] ?? "").toLowerCase(), rest: taken.trim(), start, end });
  }
  return tokens;
}

function takenBy({ directive, takes }: ChatCommand, rest: string): string {
  const taken: Taken | undefined = directive?.takes ?? takes;
  if (taken === undefined) return "";
  return taken instanceof RegExp ? (taken.exec(rest)?.[0] ?? "") : rest.slice(0, wordAt(rest, taken));
}

/** Length of the longest of these words that stands at the beginning by itself; 0 for none. */
function wordAt(rest: string, words: readonly string[]): number {
  const plain = (text: string) => text.toLowerCase().replace(/[_-]/g, " ");
  const text = plain(rest);
  const fits = words.filter((word) => text.startsWith(plain(word)) && /^(?:$|\s)/.test(rest.slice(word.length)));
  return Math.max(0, ...fits.map(({ length }) => length));
}

/** Fenced code, code in a line, quoted lines. */
function unread(text: string): readonly (readonly [number, number])[] {
  return [...text.matchAll(/^(`{3,}|~{3,})[\s\S]*?(?:^\1|$(?![\s\S]))|`[^`\n]+`|^[^\S\n]*>.*$/gm)].map(
    (match) => [match.index, match.index + match[0].length] as const,
  );
}

function resetBy(text: string, { resetTriggers, catalog }: Grammar): Parsed | undefined {
  const lower = text.toLowerCase();
  const trigger = resetTriggers.find((one) => {
    const word = one.trim().toLowerCase();
    return word !== "" && (lower === word || (lower.startsWith(word) && /^\s/.test(lower.slice(word.length))));
  });
  const command = trigger === undefined ? undefined : catalog.find("new");
  return command && { kind: "command", command, typed: "new", rest: text.slice(trigger?.trim().length).trim() };
}

/** `! ls`, `!ls`, `!poll`: the rest of the line is the command's. */
function shellLine(text: string, command: ChatCommand | undefined): Parsed | undefined {
  const rest = command && /^!(?![!=])\s*([\s\S]+)$/.exec(text)?.[1];
  return command && rest !== undefined && rest !== ""
    ? { kind: "command", command, typed: "bash", rest: rest.trim() }
    : undefined;
}

function after(text: string, at: number): string {
  return text.slice(at).replace(/^:/, "").trim();
}
