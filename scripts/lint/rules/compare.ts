import type { Rule } from "../rule.ts";
import { isLiteral, type Node } from "../tree.ts";

const OPERATORS = new Set(["==", "===", "!=", "!=="]);
/** Plurals are counts (`maxTokens`) or lists. */
const SECRET = /(token|secret|password|passphrase|signature|nonce)(?!s)/i;

/** `==` tells by its duration how much of a secret was right. Comparing with something written out tells nothing. */
export const compare: Rule = {
  name: "compare",
  look: ({ node }) => {
    if (node.type !== "BinaryExpression" || !OPERATORS.has(node["operator"] as string)) return undefined;
    const sides = [node["left"], node["right"]] as Node[];
    if (sides.some((side) => isLiteral(side) || isUndefined(side) || side.type === "UnaryExpression")) return undefined;
    const name = sides.map(lastName).find((each) => each !== undefined && SECRET.test(each));
    return name === undefined ? undefined : `compares ${name} with ${String(node["operator"])}`;
  },
};

function lastName(node: Node): string | undefined {
  if (node.type === "Identifier" || node.type === "PrivateIdentifier") return node["name"] as string;
  if (node.type === "MemberExpression")
    return lastName(node["property"] as Node) ?? literalText(node["property"] as Node);
  if (/^(TSNonNull|TSAs|Chain|Parenthesized)Expression$/.test(node.type)) return lastName(node["expression"] as Node);
  return undefined;
}

function literalText(node: Node): string | undefined {
  return typeof node["value"] === "string" ? node["value"] : undefined;
}

function isUndefined(node: Node): boolean {
  return node.type === "Identifier" && node["name"] === "undefined";
}
