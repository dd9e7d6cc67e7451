import { childrenOf, type Node } from "../lint/tree.ts";
import type { Length } from "./shape.ts";

const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);

/** Every function of a file with its length in lines, under the name it was given. */
export function functionsOf(root: Node, text: string): Length[] {
  const found: Length[] = [];
  visit(root, "(anonymous)");
  return found;

  function visit(node: Node, given: string): void {
    if (FUNCTIONS.has(node.type) && node["body"]) {
      found.push({ name: nameOf(node["id"]) ?? given, lines: text.slice(node.start, node.end).split("\n").length });
    }
    const name = nameOf(node["id"]) ?? nameOf(node["key"]) ?? (node.type === "Program" ? given : undefined);
    for (const child of childrenOf(node)) visit(child, name ?? given);
  }
}

function nameOf(node: unknown): string | undefined {
  const { type, name, value } = (node ?? {}) as { type?: string; name?: string; value?: unknown };
  return type === "Identifier" || type === "PrivateIdentifier" ? name : typeof value === "string" ? value : undefined;
}
