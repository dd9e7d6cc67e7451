import { importedBy } from "../imports.ts";
import type { Rule } from "../rule.ts";

/** Names that touch no file. */
const HARMLESS = new Set(["constants"]);

/** Files are opened where paths are checked. */
export const open: Rule = {
  name: "open",
  look: ({ node }) => {
    const imported = importedBy(node);
    if (imported?.module !== "fs" && imported?.module !== "fs/promises") return undefined;
    return imported.names.every((name) => HARMLESS.has(name)) ? undefined : `imports node:${imported.module}`;
  },
};
