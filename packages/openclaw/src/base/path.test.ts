import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isInside, pathFrom } from "./path.ts";

describe("a path", () => {
  for (const path of ["/a/b", "/a/b/c", "/a/b/..c", "/a/b/c/../d", "/a/b/"])
    it(`${path} lies inside /a/b`, () => assert.ok(isInside("/a/b", path)));
  for (const path of ["/a", "/a/bc", "/a/b/../c", "/", "/x/a/b"])
    it(`${path} does not lie inside /a/b`, () => assert.ok(!isInside("/a/b", path)));

  it("is taken from the folder unless it is absolute or begins at home", () => {
    const from = (written: string) => pathFrom("/ws", written, "/home/u");
    assert.deepEqual(["a/../b", "/x/./y", "~", "~/z", "~other"].map(from), [
      "/ws/b",
      "/x/y",
      "/home/u",
      "/home/u/z",
      "/ws/~other",
    ]);
  });
});
