import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cutBlocks } from "./blocks.ts";
import type { Cut } from "./blocks.ts";

const piece = fc.constantFrom(
  "# Title\n\n",
  "A paragraph with `code` and **bold**.\n\n",
  "- one\n- two\n",
  "\n  more of two\n",
  "1. first\n\n2. second\n\n",
  "```ts\nconst a = 1;\n\n// still code\n",
  "```\n\n",
  "| a | b |\n|---|---|\n",
  "| 1 | 2 |\n",
  "> quoted\n",
  "---\n",
  "text\n",
  "\n",
);

test("a text that arrives in pieces is cut as if it had come whole", () => {
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 40 }),
      (pieces, sizes) => {
        const text = pieces.join("");
        let cut: Cut | undefined;
        let end = 0;
        for (const size of sizes) {
          end = Math.min(text.length, end + size);
          cut = cutBlocks(text.slice(0, end), cut);
        }
        assert.deepEqual(cutBlocks(text, cut).blocks, cutBlocks(text).blocks);
      },
    ),
    { numRuns: 500 },
  );
});

test("finished blocks keep their identity while the last one grows", () => {
  const before = cutBlocks("First.\n\nSecond.\n\nThi");
  const after = cutBlocks("First.\n\nSecond.\n\nThird.", before);
  assert.equal(after.blocks[0], before.blocks[0]);
  assert.equal(after.blocks[1], before.blocks[1]);
  assert.equal(after.blocks[2]?.raw, "Third.");
});

test("a text that was rewritten is cut anew", () => {
  assert.deepEqual(cutBlocks("Other.", cutBlocks("First.\n\nSecond.")), cutBlocks("Other."));
});
