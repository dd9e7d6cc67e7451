// @ts-check
// `npm test`: prepare, check, then every test there is. With arguments only a part: `npm test unit packages/ui`.
//   1 prepare    install and build what changed
//   2 check      format, types, lint, boundaries, generated files      scripts/check.ts
//   3 unit       beside what they test                                 packages, extensions, scripts
//   4 scenarios  the built gateway from outside                        test
//   5 e2e        the Control UI in a real browser                      test/e2e
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { prepare, prepareSources } from "./prepare.mjs";
import { findBrowser, NO_BROWSER } from "./test/browser.mjs";
import { isolatedHome } from "./test/environment.mjs";
import { PHASES, testFiles } from "./test/phases.mjs";
import { runTests, sumOf } from "./test/run.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const [phase, ...only] = process.argv.slice(2);
if (phase && !(phase in PHASES))
  fail(`There is no part named ${phase}: choose one of ${Object.keys(PHASES).join(", ")}.`);

const node = await (phase === "unit" ? prepareSources(root) : prepare(root));
const home = isolatedHome();
const browser = findBrowser();
const env = { ...home.env, ...(browser ? { CHROMIUM_PATH: browser } : {}) };

/** @type {string[]} */
const failures = [];
/** @type {string[]} sentences about parts that were not run at all */
const leftOut = [];
/** @type {import("./test/run.mjs").Counts[]} */
const counts = [];
try {
  if (!phase) check();
  for (const name of Object.keys(PHASES)) if (!phase || phase === name) run(name);
} finally {
  home.remove();
}
if (counts.length > 1) process.stdout.write(`\nAll parts together\n${sumOf(counts)}${leftOut.join("")}`);
if (failures.length > 0) fail(`Failed: ${failures.join(", ")}.`);

function check() {
  const { status } = spawnSync(node, [join(root, "scripts", "check.ts")], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (status !== 0) failures.push("check");
}

/** @param {string} name */
function run(name) {
  const files = testFiles(root, name, only);
  if (files.length === 0) return;
  process.stdout.write(`\n── ${name}: ${files.length} files\n`);
  if (name === "e2e" && !browser) {
    leftOut.push(`${name} was left out: ${NO_BROWSER}\n`);
    process.stdout.write(leftOut.join(""));
    return;
  }
  const outcome = runTests({ root, node, files, env });
  counts.push(outcome.counts);
  if (!outcome.ok) failures.push(name);
}

/**
 * @param {string} sentence
 * @returns {never}
 */
function fail(sentence) {
  process.stderr.write(`\n${sentence}\n`);
  process.exit(1);
}
