import type { RuleName } from "./table.ts";
import type { Visit } from "./tree.ts";

/** A rule looks at one node at a time and says what is wrong with it, or nothing. */
export interface Rule {
  readonly name: RuleName;
  readonly look: (visit: Visit) => string | undefined;
}
