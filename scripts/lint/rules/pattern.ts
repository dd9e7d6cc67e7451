import type { Rule } from "../rule.ts";
import { isGlobal, isLiteral, type Node } from "../tree.ts";

/** A pattern made from data can be made to never end. */
export const pattern: Rule = {
  name: "pattern",
  look: (visit) => {
    const { node, parent } = visit;
    if (!isGlobal(visit, "RegExp") || !parent || parent["callee"] !== node) return undefined;
    return isLiteral((parent["arguments"] as Node[])[0]) ? undefined : "makes a RegExp from a value";
  },
};
