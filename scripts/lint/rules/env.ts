import { importedBy } from "../imports.ts";
import type { Rule } from "../rule.ts";
import { dotted, type Node, type Visit } from "../tree.ts";

/** A child that gets the whole environment gets every key in it. */
export const envWhole: Rule = {
  name: "env-whole",
  look: (visit) => (isEnvironment(visit.node) && !isRead(visit) ? "hands on process.env as a whole" : undefined),
};

/** Code that reads the environment by itself cannot be run twice with different ones. */
export const envRead: Rule = {
  name: "env-read",
  look: ({ node }) => {
    if (isEnvironment(node)) return "reads process.env";
    const imported = importedBy(node);
    return imported?.module === "process" && imported.names.some((name) => name === "env" || name === "*")
      ? "imports the environment"
      : undefined;
  },
};

function isEnvironment(node: Node): boolean {
  const text = dotted(node);
  return text === "process.env" || text === "globalThis.process.env";
}

/** `process.env.NAME` and `process.env["NAME"]`. */
function isRead({ node, parent }: Visit): boolean {
  return parent?.type === "MemberExpression" && parent["object"] === node && dotted(parent) !== undefined;
}
