// @ts-check
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** @typedef {Record<"tests" | "suites" | "passed" | "failed" | "cancelled" | "skipped" | "todo", number>} Counts */

/** How the runner names the counts in its closing lines. @type {[keyof Counts, string][]} */
const LINES = [
  ["tests", "tests"],
  ["suites", "suites"],
  ["passed", "pass"],
  ["failed", "fail"],
  ["cancelled", "cancelled"],
  ["skipped", "skipped"],
  ["todo", "todo"],
];

/** What is known of tests whose runner was ended. @type {Counts} */
const NONE = { tests: 0, suites: 0, passed: 0, failed: 0, cancelled: 0, skipped: 0, todo: 0 };

/**
 * Runs test files with Node's runner, two at a time, and prints what failed and what was skipped.
 * @param {{ root: string, node: string, files: string[], env: NodeJS.ProcessEnv }} options
 * @returns {{ ok: boolean, counts: Counts }}
 */
export function runTests({ root, node, files, env }) {
  const folder = mkdtempSync(join(tmpdir(), "openclaw-test-run-"));
  const totals = join(folder, "totals.json");
  const reporters = [
    [join(root, "scripts", "test", "reporter.mjs"), "stdout"],
    [join(root, "scripts", "test", "totals.mjs"), totals],
  ].flatMap(([reporter, destination]) => [`--test-reporter=${reporter}`, `--test-reporter-destination=${destination}`]);
  const options = [
    "--conditions=openclaw-source",
    "--test",
    "--test-concurrency=2",
    "--test-timeout=300000",
    "--no-warnings",
  ];
  try {
    const { status, signal } = spawnSync(node, [...options, ...reporters, ...files], {
      cwd: root,
      env,
      stdio: ["ignore", "inherit", "inherit"],
    });
    if (signal) process.stdout.write(`\nThe test runner was ended from outside by ${signal}.\n`);
    return { ok: status === 0, counts: signal ? NONE : JSON.parse(readFileSync(totals, "utf8")) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The closing lines of several runs taken together.
 * @param {Counts[]} counts
 */
export function sumOf(counts) {
  return LINES.map(([key, label]) => `# ${label} ${counts.reduce((sum, each) => sum + each[key], 0)}\n`).join("");
}
