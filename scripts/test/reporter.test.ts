import assert from "node:assert/strict";
import { join } from "node:path";
import { suite, test } from "node:test";
import { runProgram } from "./programs.ts";
import { sampleTree } from "./tree.ts";

const files = {
  "good.test.ts": `import test from "node:test";
    test("adds", () => console.log("noise of a good file"));
    test("needs podman", { skip: "podman is not installed" }, () => {});`,
  "bad.test.ts": `import test, { suite } from "node:test";
    suite("numbers", () => test("subtract", () => { console.log("what the bad file printed"); throw new Error("three is not two"); }));`,
  "broken.test.ts": "this is no TypeScript",
};

suite("the report of a test run", () => {
  test("tells per file, names what was skipped and why, and ends with the runner's counts", async (t) => {
    const { code, stdout } = await report(sampleTree(t, files), ["good.test.ts"]);
    assert.equal(code, 0);
    assert.match(stdout, /^- skipped: needs podman \(podman is not installed\)$/m);
    assert.match(stdout, /^✓ good\.test\.ts {2}2 tests/m);
    assert.doesNotMatch(stdout, /noise/);
    assert.match(
      stdout,
      /\n# tests 2\n# suites 0\n# pass 1\n# fail 0\n# cancelled 0\n# skipped 1\n# todo 0\n# duration_ms [\d.]+\n$/,
    );
  });

  test("shows a failure with its reason and what its file printed, once", async (t) => {
    const { code, stdout } = await report(sampleTree(t, files), ["bad.test.ts"]);
    assert.equal(code, 1);
    assert.equal(stdout.match(/three is not two/g)?.length, 1);
    assert.match(stdout, /✗ subtract\n {2}bad\.test\.ts:2\n/);
    assert.match(stdout, /what the bad file printed/);
  });

  test("shows why a file could not be run", async (t) => {
    const { stdout } = await report(sampleTree(t, files), ["broken.test.ts"]);
    assert.match(stdout, /SyntaxError/);
    assert.match(stdout, /^# fail 1$/m);
  });
});

function report(cwd: string, names: readonly string[]) {
  const reporter = join(import.meta.dirname, "reporter.mjs");
  // Inside a test run Node would report to the outer runner instead.
  return runProgram(process.execPath, ["--test", `--test-reporter=${reporter}`, ...names], {
    cwd,
    env: { NODE_TEST_CONTEXT: undefined, NODE_OPTIONS: undefined },
  });
}
