import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { chunkMarkdown } from "./chunk.ts";
import { fencesOf } from "./_fences.ts";
import { parseMarkdown } from "./markdown.ts";

const measure = (markdown: string) => parseMarkdown(markdown).text.length;

/** Markdown as models write it, and worse. */
const word = fc.constantFrom(
  "word",
  "a",
  "**bold**",
  "_it_",
  "`code`",
  "[link](https://e.example/x)",
  "👩‍👩‍👧",
  "é",
  "𝒳",
  "&amp;",
  "<b>",
  "sentence.",
  "really?",
  "long".repeat(20),
);
const line = fc.array(word, { minLength: 1, maxLength: 30 }).map((words) => words.join(" "));
const paragraph = fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.join("\n"));
const fence = fc
  .tuple(
    fc.constantFrom("```", "````", "~~~"),
    fc.constantFrom("", "ts", "sh title"),
    fc.array(fc.constantFrom("let a = 1;", "", "  indented", "``", "𝒳𝒳𝒳", "x".repeat(90)), { maxLength: 12 }),
  )
  .map(([marker, info, lines]) => [marker + info, ...lines, marker].join("\n"));
const table = fc
  .array(line, { minLength: 1, maxLength: 5 })
  .map((cells) =>
    ["| a | b |", "|---|---|", ...cells.map((cell) => `| ${cell.slice(0, 40).replaceAll("|", "")} | x |`)].join("\n"),
  );
const document = fc
  .array(
    fc.oneof(
      { arbitrary: paragraph, weight: 4 },
      fence,
      table,
      line.map((text) => `- ${text}`),
      line.map((text) => `> ${text}`),
    ),
    { maxLength: 8 },
  )
  .map((blocks) => blocks.join("\n\n"));

const options = fc.record({
  limit: fc.integer({ min: 120, max: 600 }),
  mode: fc.constantFrom("length" as const, "newline" as const),
});

/** What stays when white space and fence lines are taken away: closing and reopening fences adds only those. */
function essence(text: string): string {
  return text.replace(/^[ \t]*(`{3,}|~{3,}).*$/gm, "").replace(/\s+/g, "");
}

test("every piece fits after rendering, none is empty", () => {
  fc.assert(
    fc.property(document, options, (markdown, { limit, mode }) => {
      for (const piece of chunkMarkdown(markdown, { limit, mode, measure })) {
        assert.ok(measure(piece) <= limit, `${measure(piece)} > ${limit}: ${JSON.stringify(piece)}`);
        assert.notEqual(piece.trim(), "");
      }
    }),
    { numRuns: 300 },
  );
});

test("the pieces together are the text", () => {
  fc.assert(
    fc.property(document, options, (markdown, { limit, mode }) =>
      assert.equal(essence(chunkMarkdown(markdown, { limit, mode }).join("\n")), essence(markdown)),
    ),
    { numRuns: 300 },
  );
});

test("fences are balanced in every piece", () => {
  fc.assert(
    fc.property(document, options, (markdown, { limit, mode }) => {
      for (const piece of chunkMarkdown(markdown, { limit, mode }))
        for (const { close, end } of fencesOf(piece)) assert.ok(close < end, piece);
    }),
    { numRuns: 300 },
  );
});

test("no character is torn apart, whatever the text and the limit", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), fc.integer({ min: 1, max: 40 }), (text, limit) => {
      const whole = text.isWellFormed();
      for (const piece of chunkMarkdown(text, { limit, mode: "length" }))
        if (whole) assert.ok(piece.isWellFormed(), JSON.stringify(piece));
    }),
    { numRuns: 500 },
  );
});

test("any text ends, whatever the limit", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("`", "~", "\n", " ", "a", "```", "~~~~", "\n\n", "|", "- "), { maxLength: 60 }),
      fc.integer({ min: 1, max: 12 }),
      (parts, limit) => void chunkMarkdown(parts.join(""), { limit, mode: "length", measure }),
    ),
    { numRuns: 500 },
  );
});

const cases: [title: string, text: string, limit: number, expected: string[]][] = [
  ["what fits stays whole", "a\n\nb", 10, ["a\n\nb"]],
  ["a paragraph is the first choice", "aaa. bbb\n\nccc ddd\neee", 17, ["aaa. bbb", "ccc ddd\neee"]],
  ["a newline is the second", "aaa bbb\nccc ddd", 11, ["aaa bbb", "ccc ddd"]],
  ["the end of a sentence is the third", "One two. Three four", 13, ["One two.", "Three four"]],
  ["white space is the fourth", "aaaa bbbb cccc", 11, ["aaaa bbbb", "cccc"]],
  ["a word that is too long is cut", "abcdefghij", 4, ["abcd", "efgh", "ij"]],
  ["a pair of surrogates stays together", "ab😀cd", 3, ["ab", "😀c", "d"]],
  [
    "a fence that fits is not broken",
    "intro text here\n\n```ts\nlet a;\nlet b;\n```\n\nafter",
    30,
    ["intro text here", "```ts\nlet a;\nlet b;\n```\n\nafter"],
  ],
  [
    "a fence that does not fit is closed and opened again with its language",
    "```ts\naaaaaaaaaa\nbbbbbbbbbb\ncccccccccc\n```",
    32,
    ["```ts\naaaaaaaaaa\nbbbbbbbbbb\n```", "```ts\ncccccccccc\n```"],
  ],
  ["indentation at the start survives", "text\n\n    code", 8, ["text", "    code"]],
];
for (const [title, text, limit, expected] of cases)
  test(title, () => assert.deepEqual(chunkMarkdown(text, { limit, mode: "length" }), expected));

test("by paragraphs, blank lines inside a fence do not count", () => {
  assert.deepEqual(chunkMarkdown("one\n\n```\na\n\nb\n```\n\ntwo\nthree", { limit: 100, mode: "newline" }), [
    "one",
    "```\na\n\nb\n```",
    "two\nthree",
  ]);
});

test("what a long answer takes to cut grows no faster than the answer", () => {
  const cutting = (paragraphs: number) => {
    const text = Array.from(
      { length: paragraphs },
      (_, i) => `Paragraph **${i}** with \`code\` and a [link](https://e.example/${i}).\n`,
    ).join("\n");
    let rendered = 0;
    const counted = (markdown: string) => {
      rendered += markdown.length;
      return measure(markdown);
    };
    assert.ok(chunkMarkdown(text, { limit: 4000, mode: "length", measure: counted }).length >= 5);
    return { length: text.length, rendered };
  };
  const short = cutting(600);
  const long = cutting(2400);
  assert.ok(long.rendered - short.rendered <= 2 * (long.length - short.length), JSON.stringify({ short, long }));
});
