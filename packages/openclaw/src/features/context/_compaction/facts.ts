/** What a summary must not lose, found by rule in what is summarised: files, failures of tools, identifiers. */
import { cut, firstLine } from "../../../base/text.ts";
import { textOf } from "../../../contracts/message.ts";
import type { Message } from "../../../contracts/message.ts";

export interface Facts {
  readonly readFiles: readonly string[];
  readonly modifiedFiles: readonly string[];
  /** `tool: first line`, newest last. */
  readonly failures: readonly string[];
}

const READS: ReadonlySet<string> = new Set(["read", "memory_get", "image"]);
const CHANGES: ReadonlySet<string> = new Set(["write", "edit", "apply_patch"]);
const MOST_FILES = 80;
const MOST_FAILURES = 8;
const FAILURE_CHARS = 160;

/** `before`: what earlier compactions had found. */
export function factsOf(
  messages: readonly Message[],
  before: { readonly readFiles?: readonly string[]; readonly modifiedFiles?: readonly string[] },
): Facts {
  const read = new Set(before.readFiles ?? []);
  const modified = new Set(before.modifiedFiles ?? []);
  const failures: string[] = [];
  for (const message of messages) {
    if (message.role === "assistant") {
      for (const part of message.content) {
        if (part.type !== "toolCall") continue;
        const target = READS.has(part.name) ? read : CHANGES.has(part.name) ? modified : undefined;
        for (const path of target ? pathsOf(part.arguments) : []) again(target!, path);
      }
    } else if (message.role === "toolResult" && message.isError) {
      const line = firstLine(textOf(message));
      if (line !== "") failures.push(`${message.toolName}: ${cut(line, FAILURE_CHARS)}`);
    }
  }
  const changed = [...modified].slice(-MOST_FILES);
  return {
    readFiles: [...read].filter((path) => !modified.has(path)).slice(-MOST_FILES),
    modifiedFiles: changed,
    failures: [...new Set(failures)].slice(-MOST_FAILURES),
  };
}

function again(paths: Set<string>, path: string): void {
  paths.delete(path);
  paths.add(path);
}

function pathsOf(given: Readonly<Record<string, unknown>>): string[] {
  const named = given["path"] ?? given["file_path"] ?? given["filePath"];
  if (typeof named === "string") return named.trim() === "" ? [] : [cut(named.trim(), 500)];
  const patch = given["input"] ?? given["patch"];
  if (typeof patch !== "string") return [];
  return [...patch.slice(0, 200_000).matchAll(/^\*\*\* (?:Add|Update|Delete) File: (.{1,500})$/gm)].map(([, path]) =>
    path!.trim(),
  );
}

/** Places and names whose every letter matters. Secrets have no form of their own and are not looked for. */
const IDENTIFIERS: readonly RegExp[] = [
  /\bhttps?:\/\/[^\s<>"'`)\]}]{3,300}/g,
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi,
  /(?<![\w/.])(?:~|\.{1,2})?\/[\w.@+-]{1,80}(?:\/[\w.@+-]{1,80}){0,20}/g,
  /\b[A-Za-z]:\\[\w.\\ -]{2,200}/g,
  /(?<![\w/])[\w@-]{1,60}(?:\/[\w.@-]{1,60}){1,12}\.[A-Za-z]\w{0,9}\b/g,
  /\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}\b/g,
  /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b/g,
  /\b[A-Z][A-Z0-9]{1,9}-\d{1,7}\b/g,
  /\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}\b/g,
];
/** Characters of one message that are looked through. */
const LOOKED_AT = 20_000;

/**
 * Identifiers of what people and the assistant said and of what tools were called with, most important first:
 * those of people before those of the assistant, newer before older.
 */
export function identifiersOf(messages: readonly Message[], most: number): string[] {
  const weights = new Map<string, number>();
  messages.forEach((message, at) => {
    if (message.role === "toolResult") return;
    const weight = (message.role === "user" ? 2 : 1) + at / messages.length;
    for (const found of inText(wordsOf(message))) weights.set(found, Math.max(weight, weights.get(found) ?? 0));
  });
  return [...weights]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, most)
    .map(([identifier]) => identifier);
}

function wordsOf(message: Message): string {
  const said = textOf(message).slice(0, LOOKED_AT);
  if (message.role !== "assistant") return said;
  const given = message.content.flatMap((part) =>
    part.type === "toolCall"
      ? Object.values(part.arguments).filter(
          (value): value is string => typeof value === "string" && value.length <= 2000,
        )
      : [],
  );
  return [said, ...given].join("\n").slice(0, LOOKED_AT);
}

function inText(text: string): Set<string> {
  const found = new Set<string>();
  for (const pattern of IDENTIFIERS)
    for (const [match] of text.matchAll(pattern)) {
      const identifier = match.replace(/[.,;:!?'"]+$/, "");
      if (identifier.length >= 4) found.add(identifier);
    }
  return found;
}
