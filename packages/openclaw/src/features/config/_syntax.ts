/** The file as a syntax tree with places, for error messages, edits and hiding secrets in text. */
import { parse, type ElementNode, type MemberNode, type ValueNode } from "@humanwhocodes/momoa";
import type { Segment } from "./_path.ts";

export type { MemberNode, ValueNode };

export interface Range {
  /** Offsets in the text; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
}

/** The tree of JSON5 text; undefined when it cannot be made. */
export function syntaxTree(text: string): ValueNode | undefined {
  try {
    return parse(text.startsWith("\uFEFF") ? ` ${text.slice(1)}` : text, { mode: "json5", ranges: true }).body;
  } catch {
    return undefined;
  }
}

export function rangeOf(node: {
  readonly loc: { readonly start: { readonly offset: number }; readonly end: { readonly offset: number } };
}): Range {
  return { start: node.loc.start.offset, end: node.loc.end.offset };
}

export function keyOf(member: MemberNode): string {
  return member.name.type === "String" ? member.name.value : member.name.name;
}

/** The member or list item at a key. Of equal keys the last one counts, as in parsing. */
export function childOf(node: ValueNode, key: Segment): MemberNode | ElementNode | undefined {
  if (node.type === "Object") return node.members.findLast((member) => keyOf(member) === String(key));
  if (node.type === "Array" && /^\d+$/.test(String(key))) return node.elements[Number(key)];
  return undefined;
}

export interface Located {
  readonly line: number;
  readonly column: number;
}

/** Where each path stands, 1-based: its key, or the nearest parent that is there. */
export function locate(tree: ValueNode, paths: readonly (readonly Segment[])[]): Located[] {
  return paths.map((path) => {
    let node = tree;
    let place = tree.loc.start;
    for (const segment of path) {
      const child = childOf(node, segment);
      if (!child) break;
      place = child.loc.start;
      node = child.value;
    }
    return { line: place.line, column: place.column };
  });
}

/** Calls `visit` for every text and number with its path, in the order of the file. */
export function eachScalar(
  node: ValueNode,
  visit: (path: readonly Segment[], value: string | number, range: Range) => void,
  path: readonly Segment[] = [],
): void {
  if (node.type === "String" || node.type === "Number") visit(path, node.value, rangeOf(node));
  if (node.type === "Object")
    for (const member of node.members) eachScalar(member.value, visit, [...path, keyOf(member)]);
  if (node.type === "Array") node.elements.forEach((element, at) => eachScalar(element.value, visit, [...path, at]));
}
