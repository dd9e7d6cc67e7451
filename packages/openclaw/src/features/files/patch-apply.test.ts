import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { applyHunks } from "./_patch-apply.ts";

const hunk = (before: readonly string[], after: readonly string[], context?: string) => ({
  context,
  before,
  after,
  atEnd: false,
});
const many = (line: string, count: number): string[] => Array.from({ length: count }, () => line);

const heavy: readonly (readonly [what: string, file: string, before: string[], after: string[], context?: string])[] = [
  ["lines that nearly stand everywhere", "a\n".repeat(200_000), [...many("a", 100_000), "b"], ["c"]],
  ["a context that every line is", "{\n".repeat(200_000), ["z"], ["c"], "{"],
  ["a change of every line", "a\n".repeat(300_000), many("a", 300_000), many("b", 300_000)],
];
for (const [what, file, before, after, context] of heavy)
  test(`a patch with ${what} costs no more than one pass`, { timeout: 60_000 }, () => {
    const applied = applyHunks(file, [hunk(before, after, context)]);
    assert.equal("text" in applied, file.length === before.length * 2);
  });

test("a file of half a million lines takes a change of its last", () => {
  const file = `${"a\n".repeat(500_000)}z\n`;
  const applied = applyHunks(file, [hunk(["z"], ["y"])]);
  assert.ok("text" in applied && applied.text.endsWith("a\ny\n") && applied.text.length === file.length);
});

const line = fc.constantFrom<string>("a", "b", " a", "c");
test("lines are found where a search from each place would find them", () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), fc.array(line, { minLength: 1, maxLength: 4 }), (file, before) => {
      const plain = (i: number, change: (text: string) => string) =>
        before.every((wanted, n) => i + n < file.length && change(file[i + n] ?? "") === change(wanted));
      const from = (change: (text: string) => string) => file.findIndex((_, i) => plain(i, change));
      const expected = [from((text) => text), from((text) => text.trim())].find((at) => at >= 0);
      const applied = applyHunks(file.map((text) => `${text}\n`).join(""), [hunk(before, ["NEW"])]);
      if (expected === undefined) assert.ok("missing" in applied);
      else {
        const lines = file.toSpliced(expected, before.length, "NEW");
        assert.deepEqual(applied, { text: lines.map((text) => `${text}\n`).join("") });
      }
    }),
  );
});
