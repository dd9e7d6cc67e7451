import type { Rule } from "../rule.ts";

/** A variable of a module lives as long as the process and is shared by everything in it. */
export const moduleState: Rule = {
  name: "module-state",
  look: ({ node, parent }) => {
    const isTop = parent?.type === "Program" || parent?.type === "ExportNamedDeclaration";
    return isTop && node.type === "VariableDeclaration" && node["kind"] === "let"
      ? "declares a variable of the module with let"
      : undefined;
  },
};
