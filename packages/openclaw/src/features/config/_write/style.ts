/** How a file is written by hand, as far as new values should look like it. */
import { isIdentifier, quoteKey } from "./literal.ts";
import { rangeOf, type ValueNode } from "../_syntax.ts";

export interface Style {
  /** Keys stand without quotes where they may. */
  readonly bare: boolean;
  /** One step of indentation. */
  readonly unit: string;
  /** Short objects and lists stand on one line. */
  readonly inlineObjects: boolean;
  readonly inlineLists: boolean;
  /** The last item of several lines has a comma too. */
  readonly trailing: boolean;
}

type Container = ValueNode & { readonly type: "Object" | "Array" };

/** Where a value is written. */
interface Place {
  /** White space at the begin of its line. */
  readonly indent: string;
  /** Characters before it on its line. */
  readonly column: number;
  /** `one`: on the line as it is, if it fits · `several`: it spans lines already. */
  readonly lines?: "one" | "several";
}

const WIDTH = 100;

/** The habits of a file; those of plain JSON where it shows none. */
export function styleOf(text: string, tree: ValueNode): Style {
  const all = containersIn(tree);
  const bare = hasBareKeys(all);
  const filled = all.map((node) => ({ node, items: itemsOf(node) })).filter(({ items }) => items.length > 0);
  const isOneLine = ({ node }: { readonly node: Container }) => !text.slice(...span(node)).includes("\n");
  const oneLine = filled.filter(isOneLine);
  const several = filled.filter((each) => !isOneLine(each));
  const shows = (type: Container["type"]) => {
    if (oneLine.some(({ node }) => node.type === type)) return true;
    return bare && !several.some(({ node }) => node.type === type && node !== tree);
  };
  return {
    bare,
    unit: unitOf(text, several[0]),
    inlineObjects: shows("Object"),
    inlineLists: shows("Array"),
    trailing: several.some(({ node, items }) =>
      text.slice(items.at(-1)?.loc.end.offset, rangeOf(node).end).trimStart().startsWith(","),
    ),
  };
}

/** Whether a new key beside these stands without quotes; undefined when there is nothing to go by. */
export function isBareBeside(node: Container, style: Style): boolean {
  const own =
    node.type === "Object"
      ? node.members.filter(({ name }) => name.type === "Identifier" || isIdentifier(name.value))
      : [];
  return own.length === 0 ? style.bare : own.some(({ name }) => name.type === "Identifier");
}

/** A key as the style writes it. */
export function keyIn(key: string, bare: boolean): string {
  return bare && isIdentifier(key) ? key : quoteKey(key);
}

/** A value as the style writes it. */
export function literalIn(style: Style, value: unknown, place: Place): string {
  return write(style, JSON.parse(JSON.stringify(value)), place);
}

function write(style: Style, value: unknown, { indent, column, lines }: Place): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const line = onOneLine(style, value, lines === "one");
  if (line !== undefined && (line.length === 2 || (lines !== "several" && column + line.length <= WIDTH))) return line;
  const inner = indent + style.unit;
  const below = (prefix: string, item: unknown) =>
    inner + prefix + write(style, item, { indent: inner, column: inner.length + prefix.length });
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const items = Array.isArray(value)
    ? value.map((item) => below("", item))
    : Object.entries(value).map(([key, item]) => below(`${keyIn(key, style.bare)}: `, item));
  return `${open}\n${items.join(",\n")}${style.trailing ? "," : ""}\n${indent}${close}`;
}

/** Undefined where the style gives each item a line. */
function onOneLine(style: Style, value: unknown, always: boolean): string | undefined {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const isList = Array.isArray(value);
  const items = Object.entries(value).map(([key, item]) => {
    const text = onOneLine(style, item, always);
    return text === undefined || isList ? text : `${keyIn(key, style.bare)}: ${text}`;
  });
  if (items.length === 0) return isList ? "[]" : "{}";
  if ((!always && !(isList ? style.inlineLists : style.inlineObjects)) || items.includes(undefined)) return undefined;
  return isList ? `[${items.join(", ")}]` : `{ ${items.join(", ")} }`;
}

function containersIn(node: ValueNode): Container[] {
  if (node.type !== "Object" && node.type !== "Array") return [];
  return [node, ...itemsOf(node).flatMap(({ value }) => containersIn(value))];
}

function itemsOf(node: Container) {
  return node.type === "Object" ? node.members : node.elements;
}

/** More keys without quotes than with quotes that they do not need. */
function hasBareKeys(all: readonly Container[]): boolean {
  const names = all.flatMap((node) => (node.type === "Object" ? node.members.map(({ name }) => name) : []));
  const bare = names.filter(({ type }) => type === "Identifier").length;
  return bare > names.filter((name) => name.type === "String" && isIdentifier(name.value)).length;
}

function unitOf(
  text: string,
  container: { readonly node: Container; readonly items: ReturnType<typeof itemsOf> } | undefined,
): string {
  const [first] = container?.items ?? [];
  if (!container || !first) return "  ";
  const outer = indentAt(text, rangeOf(container.node).start);
  const inner = indentAt(text, rangeOf(first).start);
  return inner.startsWith(outer) && inner !== outer ? inner.slice(outer.length) : "  ";
}

function span(node: ValueNode): [number, number] {
  const { start, end } = rangeOf(node);
  return [start, end];
}

/** Leading white space of the line that holds an offset. */
export function indentAt(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}
