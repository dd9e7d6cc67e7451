import { importedBy } from "../imports.ts";
import type { Rule } from "../rule.ts";

/** Programs are started in one place, with argument vectors and a chosen environment. */
export const spawn: Rule = {
  name: "spawn",
  look: ({ node }) => {
    const module = importedBy(node)?.module;
    return module === "child_process" || module === "cluster" ? `imports node:${module}` : undefined;
  },
};
