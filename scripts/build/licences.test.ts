import assert from "node:assert/strict";
import { join } from "node:path";
import { suite, test } from "node:test";
import { sampleTree } from "../test/tree.ts";
import { licencesOf } from "./licences.mjs";

suite("licences of bundled packages", () => {
  test("are printed once per package, in full, sorted by name", (t) => {
    const root = sampleTree(t, {
      "node_modules/zed/package.json": '{ "name": "zed", "version": "1.0.0", "license": "MIT" }',
      "node_modules/zed/LICENSE.md": "Zed may be used by all.",
      "node_modules/zed/node_modules/@a/b/package.json":
        '{ "name": "@a/b", "version": "2.0.0", "license": "Apache-2.0" }',
    });
    const files = [
      "node_modules/zed/index.js",
      "node_modules/zed/lib/x.js",
      "node_modules/zed/node_modules/@a/b/c.js",
      "src/own.ts",
    ];
    const text = licencesOf(files.map((file) => join(root, file)));
    assert.deepEqual(text.match(/^\S+ \d.*$/gm), ["@a/b 2.0.0 (Apache-2.0)", "zed 1.0.0 (MIT)"]);
    assert.match(text, /Zed may be used by all\./);
    assert.match(text, /Apache License/);
  });

  test("that are neither stated nor standard stop the build", (t) => {
    const root = sampleTree(t, { "node_modules/shady/package.json": '{ "name": "shady", "version": "1.0.0" }' });
    assert.throws(() => licencesOf([join(root, "node_modules/shady/index.js")]), /shady has no licence text/);
  });
});
