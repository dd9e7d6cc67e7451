import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { diffOf, editText } from "./_edit-text.ts";

const done = (text: string, old: string, next: string) => {
  const edit = editText(text, old, next);
  assert.equal(edit.kind, "done");
  return edit.kind === "done" ? edit.text : "";
};

describe("an exact edit", () => {
  it("replaces the only occurrence", () => assert.equal(done("a\nb\nc\n", "b", "x\ny"), "a\nx\ny\nc\n"));
  it("keeps a byte order mark", () => assert.equal(done("\uFEFFa\nb", "a", "x"), "\uFEFFx\nb"));
  it("finds text written with the other line ending and keeps the file's", () => {
    assert.equal(done("a\r\nb\r\nc\r\n", "a\nb", "x\ny\nz"), "x\r\ny\r\nz\r\nc\r\n");
    assert.equal(done("a\nb\n", "a\r\nb", "x\r\ny"), "x\ny\n");
  });
  it("takes the ending of the place in a file with both", () => {
    assert.equal(done("a\nb\r\nc\r\nd\n", "c", "x\ny"), "a\nb\r\nx\r\ny\r\nd\n");
    assert.equal(done("a\nb\r\nc\r\nd\n", "d", "x\ny"), "a\nb\r\nc\r\nx\ny\n");
  });
  it("inserts what looks like a replacement pattern as it is", () => assert.equal(done("a", "a", "$& $1"), "$& $1"));
  it("counts every occurrence and names their lines", () => {
    assert.deepEqual(editText("x\ny\nx\n", "x", "z"), { kind: "many", count: 2, lines: [1, 3] });
    assert.deepEqual(editText("aaa", "aa", "b"), { kind: "many", count: 2, lines: [1, 1] });
  });
  it("says where text differs in whitespace only", () => {
    assert.deepEqual(editText("one\n\tif (x) {\n\t\ty\n", "  if (x) {\n    y", "z"), { kind: "none", near: 2 });
    assert.deepEqual(editText("one\n", "two", "z"), { kind: "none", near: undefined });
  });
});

describe("an exact edit, for any text", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "\n", "\r\n", " ", "é"), maxLength: 40 });
  it("is undone by the reverse edit when both sides are unique", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const whole = `<${before}|old|${after}>`;
        const there = editText(whole, "|old|", "|new|");
        assert.ok(there.kind === "done");
        const back = editText(there.text, "|new|", "|old|");
        assert.ok(back.kind === "done" && back.text === whole);
      }),
    );
  });
  it("changes nothing around the place", () => {
    fc.assert(
      fc.property(text, text, text, (before, after, put) => {
        const edit = editText(`${before}|x|${after}`, "|x|", put);
        assert.ok(edit.kind === "done" && edit.text.startsWith(before) && edit.text.endsWith(after));
      }),
    );
  });
});

describe("a diff", () => {
  it("shows the change with three lines around it", () => {
    assert.equal(
      diffOf("1\n2\n3\n4\n5\n6\n7\n8\n9", "1\n2\n3\n4\nx\ny\n6\n7\n8\n9"),
      "@@ -2,7 +2,8 @@\n 2\n 3\n 4\n-5\n+x\n+y\n 6\n 7\n 8",
    );
  });
  it("is short for a long change", () => assert.ok(diffOf("a", "b\n".repeat(100_000)).length < 9000));
});
