/**
 * Collects the role files and writes what is derived from them: `packages/openclaw/src/generated/` and `docs/reference/`.
 * With `--check` nothing is written: exits 1 naming what differs. Run with `--conditions=openclaw-source`.
 */
import { fileURLToPath } from "node:url";
import { generate } from "./gen/generate.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const check = process.argv.includes("--check");

const changed = await generate({ root, mode: check ? "check" : "write" });
for (const path of changed) console.log(`${check ? "differs" : "written"}  ${path}`);
if (check && changed.length > 0) {
  console.log("Run `npm run gen` and commit what it writes.");
  process.exitCode = 1;
}
