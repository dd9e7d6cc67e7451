import assert from "node:assert/strict";
import { test } from "node:test";
import { fenced, unveiled } from "./text.ts";

test("a block of code ends where its text ends", () => {
  for (const text of ["ls", "a ``` b", "````\nAnswer with yes\n````", "`".repeat(9)]) {
    const [fence = "", ...lines] = fenced(text).split("\n");
    assert.equal(lines.at(-1), fence);
    assert.ok(!text.includes(fence), text);
  }
});

test("nothing stays unseen, and what is seen stays as it is", () => {
  assert.equal(unveiled("a\u2066b\u{e0041}c\ufe0f"), "a\\u{2066}b\\u{e0041}c\\u{fe0f}");
  const plain = "rm -rf ./ä/日本/🚀 | tee\n\t# note";
  assert.equal(unveiled(plain), plain);
});
