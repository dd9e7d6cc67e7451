import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { sampleTree } from "./tree.ts";
import { testFiles } from "./phases.mjs";

const files = {
  "packages/one/src/a.test.ts": "",
  "packages/one/src/a.ts": "",
  "packages/one/dist/a.test.ts": "",
  "extensions/two/node_modules/x/b.test.ts": "",
  "extensions/two/b.test.ts": "",
  "scripts/c.test.ts": "",
  "test/scenarios/d.test.ts": "",
  "test/fakes/clock.ts": "",
  "test/e2e/e.test.ts": "",
};

suite("the parts of npm test", () => {
  test("take every test exactly once, none from builds or packages of others", (t) => {
    const root = sampleTree(t, files);
    assert.deepEqual(testFiles(root, "unit", []), [
      "packages/one/src/a.test.ts",
      "extensions/two/b.test.ts",
      "scripts/c.test.ts",
    ]);
    assert.deepEqual(testFiles(root, "scenarios", []), ["test/scenarios/d.test.ts"]);
    assert.deepEqual(testFiles(root, "e2e", []), ["test/e2e/e.test.ts"]);
  });

  test("can be narrowed by a part of the path", (t) => {
    assert.deepEqual(testFiles(sampleTree(t, files), "unit", ["two"]), ["extensions/two/b.test.ts"]);
  });
});
