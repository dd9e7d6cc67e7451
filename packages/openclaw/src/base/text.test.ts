import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cut, fenced, firstLine, onOneLine, shortened, unveiled } from "./text.ts";

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

test("what is shortened is no longer than asked, says that something is missing, and splits no character", () => {
  assert.equal(shortened("short", 5), "short");
  assert.equal(shortened("a long line", 7), "a long…");
  assert.equal(shortened("a long line", 3), "a…");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 20 }), (text, max) => {
      const short = shortened(text, max);
      assert.ok(short.length <= max && short.isWellFormed());
      if (text.length <= max) assert.equal(short, text);
      else assert.ok(short.endsWith("…") && text.startsWith(short.slice(0, -1)) && cut(text, max).length <= max);
    }),
  );
});

test("white space of every kind becomes single spaces, and the first line is the first that says something", () => {
  assert.equal(onOneLine(" a\n\n b\tc\r\n"), "a b c");
  assert.equal(firstLine("\n  \r\n  one \r\ntwo"), "one");
  for (const blank of ["", " \n\t\n"]) assert.equal(firstLine(blank), "");
});
