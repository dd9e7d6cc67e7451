/**
 * The patch format of the tool `apply_patch`. Pure.
 *
 * ```
 * *** Begin Patch
 * *** Add File: <path>            lines that begin with +
 * *** Update File: <path>         optionally followed by *** Move to: <path>
 * @@ <a line before the change>   hunks of lines that begin with a space, - or +
 * *** End of File                 the hunk ends where the file does
 * *** Delete File: <path>
 * *** End Patch
 * ```
 */
export interface Hunk {
  /** A line that stands somewhere before the change, such as the head of a function. */
  readonly context: string | undefined;
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly atEnd: boolean;
}

export type FilePatch =
  | { readonly kind: "add"; readonly path: string; readonly text: string }
  | {
      readonly kind: "update";
      readonly path: string;
      readonly moveTo: string | undefined;
      readonly hunks: readonly Hunk[];
    }
  | { readonly kind: "delete"; readonly path: string };

export type Parsed = { readonly files: readonly FilePatch[] } | { readonly problem: string; readonly line: number };

const BEGIN = "*** Begin Patch";
const END = "*** End Patch";
const END_OF_FILE = "*** End of File";
const HEAD = /^\*\*\* (Add|Update|Delete) File: (.+)$/;
const MOVE = /^\*\*\* Move to: (.+)$/;

export function parsePatch(input: string): Parsed {
  const lines = input.replace(/\r\n/g, "\n").trim().split("\n");
  if (lines[0]?.trim() !== BEGIN) return { problem: `the first line must be "${BEGIN}"`, line: 1 };
  if (lines.at(-1)?.trim() !== END) return { problem: `the last line must be "${END}"`, line: lines.length };
  const reader = new Reader(lines, lines.length - 1);
  const files: FilePatch[] = [];
  try {
    while (!reader.done) files.push(readFile(reader));
  } catch (error) {
    if (error instanceof Problem) return { problem: error.message, line: reader.line };
    throw error;
  }
  return files.length === 0 ? { problem: "it changes no file", line: 1 } : { files };
}

class Problem extends Error {}

class Reader {
  readonly #lines: readonly string[];
  readonly #end: number;
  #at = 1;

  constructor(lines: readonly string[], end: number) {
    this.#lines = lines;
    this.#end = end;
  }

  /** From 1, for messages. */
  get line(): number {
    return this.#at + 1;
  }
  get done(): boolean {
    return this.#at >= this.#end;
  }
  peek(): string | undefined {
    return this.done ? undefined : this.#lines[this.#at];
  }
  next(): string {
    const line = this.peek() ?? "";
    this.#at += 1;
    return line;
  }
  /** Whether another file begins here, or nothing is left. */
  get atHead(): boolean {
    return this.done || HEAD.test(this.peek() ?? "");
  }
}

function readFile(reader: Reader): FilePatch {
  const head = HEAD.exec(reader.peek() ?? "");
  if (!head) throw new Problem(`expected "*** Add File: …", "*** Update File: …" or "*** Delete File: …"`);
  reader.next();
  const path = (head[2] ?? "").trim();
  if (head[1] === "Delete") return { kind: "delete", path };
  if (head[1] === "Add") return { kind: "add", path, text: readAdded(reader) };
  const moveTo = MOVE.exec(reader.peek() ?? "")?.[1]?.trim();
  if (moveTo !== undefined) reader.next();
  const hunks: Hunk[] = [];
  while (!reader.atHead) hunks.push(readHunk(reader));
  if (hunks.length === 0 && moveTo === undefined) throw new Problem(`the update of ${path} changes nothing`);
  return { kind: "update", path, moveTo, hunks };
}

function readAdded(reader: Reader): string {
  const lines: string[] = [];
  while (!reader.atHead) {
    const line = reader.peek() ?? "";
    if (!line.startsWith("+")) throw new Problem("every line of a new file must begin with +");
    lines.push(reader.next().slice(1));
  }
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

function readHunk(reader: Reader): Hunk {
  let context: string | undefined;
  const head = reader.peek() ?? "";
  if (head.startsWith("@@")) {
    context =
      reader
        .next()
        .slice(2)
        .replace(/@@\s*$/, "")
        .trim() || undefined;
    // The line numbers of a unified diff say nothing here.
    if (context !== undefined && /^-\d+(,\d+)? \+\d+(,\d+)?$/.test(context)) context = undefined;
  }
  const before: string[] = [];
  const after: string[] = [];
  let atEnd = false;
  while (!reader.atHead && !(reader.peek() ?? "").startsWith("@@")) {
    const line = reader.peek() ?? "";
    if (line.trim() === END_OF_FILE) {
      reader.next();
      atEnd = true;
      break;
    }
    const mark = line[0] ?? " ";
    if (mark !== " " && mark !== "-" && mark !== "+")
      throw new Problem("a line of a change must begin with a space, - or +");
    reader.next();
    if (mark !== "+") before.push(line.slice(1));
    if (mark !== "-") after.push(line.slice(1));
  }
  if (before.length + after.length === 0) throw new Problem("a change has no lines");
  return { context, before, after, atEnd };
}
