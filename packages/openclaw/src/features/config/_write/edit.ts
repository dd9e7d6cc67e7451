/**
 * Changing one value in the text of the file. Comments, order, spelling of keys and everything else stay
 * byte for byte; only the value itself, or the member that is added or removed, is touched. What is new is
 * written in the style of what is there.
 */
import { indentAt, isBareBeside, keyIn, literalIn, styleOf, type Style } from "./style.ts";
import { childOf, rangeOf, syntaxTree, type MemberNode, type Range, type ValueNode } from "../_syntax.ts";
import { valueAt, type Segment } from "../_path.ts";

/** The text with `value` at `path`; undefined when the text cannot be edited in place. */
export function setInText(text: string, path: readonly Segment[], value: unknown): string | undefined {
  const tree = syntaxTree(text);
  if (!tree) return undefined;
  const [node, rest] = descend(tree, path);
  const file = { text, tree, style: styleOf(text, tree) };
  const [key, ...below] = rest;
  if (key === undefined) return replaceValue(file, node, value);
  const wrapped = wrap(below, value);
  if (node.type === "Array") return addElement(file, node, key, wrapped);
  if (node.type === "Object") return addMember(file, node, String(key), wrapped);
  return replaceValue(file, node, wrap(rest, value));
}

/** The text without the value at `path`; undefined when there is none or the text cannot be edited in place. */
export function removeFromText(text: string, path: readonly Segment[]): string | undefined {
  const tree = syntaxTree(text);
  const key = path.at(-1);
  if (!tree || key === undefined) return undefined;
  const [parent, rest] = descend(tree, path.slice(0, -1));
  if (rest.length > 0 || (parent.type !== "Object" && parent.type !== "Array")) return undefined;
  const items: readonly { readonly loc: MemberNode["loc"] }[] =
    parent.type === "Object" ? parent.members : parent.elements;
  const gone = childOf(parent, key);
  if (!gone) return undefined;
  return removeOnly(text, rangeOf(parent), items) ?? removeItem(text, items, items.indexOf(gone));
}

/** Data with `value` at `path`; objects and lists on the way are made as the segments say. */
export function setInData(root: unknown, path: readonly Segment[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const child = setInData(valueAt(root, [key]), rest, value);
  if (Array.isArray(root) && /^\d+$/.test(String(key))) return root.toSpliced(Number(key), 1, child);
  if (typeof key === "number" && (root === undefined || root === null)) return [child];
  const entries = root !== null && typeof root === "object" && !Array.isArray(root) ? Object.entries(root) : [];
  const at = entries.findIndex(([name]) => name === String(key));
  return Object.fromEntries(
    at < 0 ? [...entries, [String(key), child]] : entries.toSpliced(at, 1, [String(key), child]),
  );
}

/** Data without the value at `path`. */
export function removeFromData(root: unknown, path: readonly Segment[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined || root === null || typeof root !== "object") return root;
  if (rest.length > 0) return setInData(root, [key], removeFromData(valueAt(root, [key]), rest));
  if (Array.isArray(root)) return root.toSpliced(Number(key), 1);
  return Object.fromEntries(Object.entries(root).filter(([name]) => name !== String(key)));
}

/** As deep as the path exists, and what is left of it. */
function descend(tree: ValueNode, path: readonly Segment[]): [ValueNode, readonly Segment[]] {
  let node = tree;
  for (let at = 0; at < path.length; at += 1) {
    const child = childOf(node, path[at] ?? "");
    if (!child) return [node, path.slice(at)];
    node = child.value;
  }
  return [node, []];
}

interface File {
  readonly text: string;
  readonly tree: ValueNode;
  readonly style: Style;
}

function replaceValue({ text, style }: File, node: ValueNode, value: unknown): string {
  const range = rangeOf(node);
  const lines = text.slice(range.start, range.end).includes("\n") ? { lines: "several" as const } : {};
  return replace(text, range, literalIn(style, value, { ...placeAt(text, range.start), ...lines }));
}

function addMember(file: File, node: ValueNode & { type: "Object" }, key: string, value: unknown): string {
  if (isBlank(file.text, node)) return fill(file, node, Object.fromEntries([[key, value]]));
  const name = `${keyIn(key, isBareBeside(node, file.style))}: `;
  return addItem(file, node, { items: node.members.map(rangeOf), name, value });
}

/** Only behind the last item: a gap in a list has no meaning. */
function addElement(file: File, node: ValueNode & { type: "Array" }, key: Segment, value: unknown): string | undefined {
  if (Number(key) !== node.elements.length) return undefined;
  if (isBlank(file.text, node)) return fill(file, node, [value]);
  return addItem(file, node, { items: node.elements.map(rangeOf), name: "", value });
}

/** Nothing inside, not even a comment. */
function isBlank(text: string, node: ValueNode): boolean {
  const { start, end } = rangeOf(node);
  return text.slice(start + 1, end - 1).trim() === "";
}

/** The file itself spans lines from its first key on. */
function fill({ text, tree, style }: File, node: ValueNode, content: unknown): string {
  const place = placeAt(text, rangeOf(node).start);
  return replace(
    text,
    rangeOf(node),
    literalIn(style, content, node === tree ? { ...place, lines: "several" } : place),
  );
}

interface Added {
  /** Those that are there. */
  readonly items: readonly Range[];
  /** Key and colon; empty in a list. */
  readonly name: string;
  readonly value: unknown;
}

function addItem({ text, style }: File, node: ValueNode, { items, name, value }: Added): string {
  const whole = rangeOf(node);
  const outer = indentAt(text, whole.start);
  const last = items.at(-1);
  const write = (indent: string, lines?: "one") => {
    const place = { indent, column: indent.length + name.length, ...(lines ? { lines } : {}) };
    return `${name}${literalIn(style, value, place)}`;
  };
  if (!last) {
    const indent = outer + style.unit;
    const kept = text.slice(whole.start + 1, whole.end - 1).trimEnd();
    return replace(
      text,
      { start: whole.start + 1, end: whole.end - 1 },
      `${kept}\n${indent}${write(indent)}${style.trailing ? "," : ""}\n${outer}`,
    );
  }
  const comma = commaAfter(text, last.end, whole.end);
  const oneLine = !text.slice(whole.start, last.start).includes("\n");
  const indent = oneLine ? outer : indentAt(text, last.start);
  const item = oneLine ? ` ${write(indent, "one")}` : `\n${indent}${write(indent)}`;
  const at = comma === undefined ? last.end : comma + 1;
  const end = oneLine ? at : endOfLineComment(text, at, whole.end);
  const separated =
    comma === undefined ? `${text.slice(0, last.end)},${text.slice(last.end, end)}` : text.slice(0, end);
  return `${separated}${item}${comma === undefined || oneLine ? "" : ","}${text.slice(end)}`;
}

/** An object or list that had nothing else, not even a comment, is empty afterwards, on one line. */
function removeOnly(
  text: string,
  whole: Range,
  items: readonly { readonly loc: MemberNode["loc"] }[],
): string | undefined {
  const [only, second] = items;
  if (!only || second) return undefined;
  const { start, end } = rangeOf(only);
  const comma = commaAfter(text, end, whole.end);
  const around = text.slice(whole.start + 1, start) + text.slice(comma === undefined ? end : comma + 1, whole.end - 1);
  return around.trim() === "" && text.slice(end, comma ?? end).trim() === ""
    ? replace(text, { start: whole.start + 1, end: whole.end - 1 }, "")
    : undefined;
}

/** Takes out one item with the comma that belongs to it and, when it stood alone on its lines, those lines. */
function removeItem(
  text: string,
  items: readonly { readonly loc: MemberNode["loc"] }[],
  at: number,
): string | undefined {
  const [before, item, after] = [items[at - 1], items[at], items[at + 1]];
  if (!item) return undefined;
  const { start, end } = rangeOf(item);
  const comma = commaAfter(text, end, after?.loc.start.offset ?? text.length);
  if (comma === undefined && before) {
    const previous = commaAfter(text, rangeOf(before).end, start);
    return previous === undefined
      ? undefined
      : text.slice(0, previous) + text.slice(previous + 1, start).trimEnd() + text.slice(end);
  }
  const to = comma === undefined ? end : comma + 1;
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const lineEnd = text.indexOf("\n", to);
  const alone = text.slice(lineStart, start).trim() === "" && lineEnd >= 0 && text.slice(to, lineEnd).trim() === "";
  if (alone) return text.slice(0, lineStart) + text.slice(lineEnd + 1);
  return text.slice(0, start) + text.slice(to).replace(/^[ \t]+/, "");
}

/** Offset of the next comma outside comments; undefined when something else comes first. */
function commaAfter(text: string, from: number, to: number): number | undefined {
  const gap = /(?:\s|\/\/[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/y;
  gap.lastIndex = from;
  gap.exec(text);
  return gap.lastIndex < to && text[gap.lastIndex] === "," ? gap.lastIndex : undefined;
}

/** Behind a comment that stands on the same line, so that it keeps belonging to what it is beside. */
function endOfLineComment(text: string, from: number, to: number): number {
  const comment = /[ \t]*(?:\/\/[^\n]*|\/\*[^\n]*?\*\/[ \t]*(?=\n))/y;
  comment.lastIndex = from;
  return comment.test(text) && comment.lastIndex < to ? comment.lastIndex : from;
}

function replace(text: string, { start, end }: Range, by: string): string {
  return text.slice(0, start) + by + text.slice(end);
}

function wrap(path: readonly Segment[], value: unknown): unknown {
  return setInData(undefined, path, value);
}

function placeAt(text: string, offset: number): { readonly indent: string; readonly column: number } {
  return { indent: indentAt(text, offset), column: offset - text.lastIndexOf("\n", offset - 1) - 1 };
}
