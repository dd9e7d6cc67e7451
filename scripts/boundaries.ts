/** Holds every import of the product against `boundaries/table.ts`; exits 1 naming what does not belong. */
import { fileURLToPath } from "node:url";
import { violations } from "./boundaries/check.ts";

const found = violations(fileURLToPath(new URL("..", import.meta.url)));
for (const { rule, at, problem } of found) console.log(`${at}  ${problem}  [${rule}]`);
if (found.length > 0) process.exitCode = 1;
