/** The rules of `lint/table.ts`, which oxlint cannot state; exits 1 when one is broken. Warnings are counted, or listed with `--all`. */
import { fileURLToPath } from "node:url";
import { lint } from "./lint/check.ts";

const found = lint(fileURLToPath(new URL("..", import.meta.url)));
const errors = found.filter(({ level }) => level === "error");
const shown = process.argv.includes("--all") ? found : errors;
for (const { rule, level, at, problem } of shown)
  console.log(`${at}  ${level === "error" ? "" : "warning: "}${problem}  [${rule}]`);
const warnings = found.length - errors.length;
if (warnings > 0) console.log(`${warnings} warnings; list them with: node scripts/lint.ts --all`);
if (errors.length > 0) process.exitCode = 1;
