import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fencesOf } from "../../../channel-kit/index.ts";
import { Chunker, type ChunkSettings, solid } from "./chunker.ts";

function chunks(pieces: readonly string[], settings: Partial<ChunkSettings> = {}): string[] {
  const chunker = new Chunker({ minChars: 10, maxChars: 30, breakPreference: "paragraph", ...settings });
  const out = pieces.flatMap((piece) => (chunker.append(piece), chunker.drain(false)));
  return [...out, ...chunker.drain(true)].map(({ text }) => text);
}

const cases: readonly [string, string, Partial<ChunkSettings>, string[]][] = [
  ["what is short is one block", "hello", {}, ["hello"]],
  [
    "a paragraph comes first",
    "One. Two.\nThree four\n\nFive six seven eight nine",
    {},
    ["One. Two.\nThree four", "Five six seven eight nine"],
  ],
  [
    "then the end of a line",
    "One. Two. Three\nFour five six seven eight",
    {},
    ["One. Two. Three", "Four five six seven eight"],
  ],
  [
    "then the end of a sentence",
    "One two three. Four five six seven eight",
    {},
    ["One two three.", "Four five six seven eight"],
  ],
  ["then white space", "aaaaa bbbbb ccccc ddddd eeeee fffff", {}, ["aaaaa bbbbb ccccc ddddd eeeee", "fffff"]],
  [
    "by sentences, lines do not count",
    "aaaa bbbb. cc\ndddd eeee ffff gggg hhhh",
    { breakPreference: "sentence" },
    ["aaaa bbbb.", "cc\ndddd eeee ffff gggg hhhh"],
  ],
  ["a word that is too long is cut", "x".repeat(70), {}, ["x".repeat(30), "x".repeat(30), "x".repeat(10)]],
  [
    "a fence that is too long is closed and opened again with its language",
    "```ts\nlet a = 1;\nlet b = 2;\nlet c = 3;\n```",
    {},
    ["```ts\nlet a = 1;\n```", "```ts\nlet b = 2;\n```", "```ts\nlet c = 3;\n```"],
  ],
  [
    "no block ends inside a fence that fits",
    "Some words here.\n```\na\n\nb\n```\nand some more text",
    {},
    ["Some words here.\n```\na\n\nb\n```", "and some more text"],
  ],
  [
    "blank lines with carriage returns separate paragraphs",
    "One two three\r\n\r\nfour five six seven eight",
    {},
    ["One two three", "four five six seven eight"],
  ],
];
for (const [title, text, settings, expected] of cases)
  test(title, () => assert.deepEqual(chunks([text], settings), expected));

test("nothing is given before the shortest block is complete", () => {
  const chunker = new Chunker({ minChars: 800, maxChars: 1200, breakPreference: "paragraph" });
  chunker.append(`${"word ".repeat(150)}\n\n`);
  assert.deepEqual(chunker.drain(false), []);
});

test("a line of 5,000 characters without a blank is cut at the longest block", () => {
  assert.deepEqual(
    chunks(["y".repeat(5000)], { minChars: 800, maxChars: 1200 }).map((chunk) => chunk.length),
    [1200, 1200, 1200, 1200, 200],
  );
});

const piece = fc.oneof(
  fc.constantFrom(
    "word ",
    "sentence. ",
    "\n",
    "\n\n",
    "\r\n",
    "\n```\n",
    "\n```ts\n",
    "\n~~~\n",
    "\n````\n",
    "👩‍👩‍👧",
    "𝒳",
    " ",
  ),
  fc.stringMatching(/^[a-z.! ]{0,12}$/),
  fc.nat(80).map((n) => "z".repeat(n)),
);
const settings = fc.record({
  minChars: fc.integer({ min: 1, max: 60 }),
  maxChars: fc.integer({ min: 1, max: 60 }),
  breakPreference: fc.constantFrom("paragraph" as const, "newline" as const, "sentence" as const),
});
/** Fence lines that were added when a fence was broken are the only difference. */
const essence = (text: string) => text.replace(/\s+/g, "").replace(/[`~]|ts/g, "");

test("the blocks together are the text, whatever it is and however it comes", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 25 }), settings, (pieces, given) => {
      const wide = { ...given, minChars: given.minChars + 40, maxChars: given.maxChars + 80 };
      assert.equal(
        essence(chunks(pieces, wide).join("\n")),
        essence(chunks([pieces.join("")], { ...wide, maxChars: 1e6 }).join("\n")),
      );
    }),
    { numRuns: 500 },
  );
});

test("the end of each block tells how much of the text is in it and those before it", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 25 }), settings, (pieces, given) => {
      const chunker = new Chunker(given);
      const all = pieces.flatMap((one) => (chunker.append(one), chunker.drain(false)));
      all.push(...chunker.drain(true));
      const whole = solid(pieces.join(""));
      assert.equal(all.at(-1)?.end ?? 0, whole);
      assert.deepEqual(
        all.map(({ end }) => end),
        all.map(({ end }) => end).toSorted((a, b) => a - b),
      );
    }),
    { numRuns: 500 },
  );
});

test("a fence that was opened is closed in the same block", () => {
  const fenced = fc.tuple(
    fc.constantFrom("```", "~~~", "````"),
    fc.array(fc.constantFrom("code();", "", "  more", "``"), { maxLength: 20 }),
  );
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fenced.map(([m, lines]) => `${m}js\n${lines.join("\n")}\n${m}\n`),
          fc.constant("Some prose here.\n\n"),
        ),
        { maxLength: 6 },
      ),
      (blocks) => {
        for (const chunk of chunks(blocks, { minChars: 20, maxChars: 60 }))
          for (const { close, end } of fencesOf(chunk)) assert.ok(close < end, chunk);
      },
    ),
    { numRuns: 300 },
  );
});
