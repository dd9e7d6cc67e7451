import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { chunkLines, linesOf, sizeOf } from "./chunk.ts";

const line = fc.oneof(
  { weight: 6, arbitrary: fc.string({ maxLength: 120 }) },
  { weight: 1, arbitrary: fc.constant("") },
  { weight: 1, arbitrary: fc.string({ maxLength: 20 }).map((text) => `## ${text}`) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 80 }) },
  { weight: 1, arbitrary: fc.string({ minLength: 500, maxLength: 2000 }) },
  { weight: 1, arbitrary: fc.constant("東京に行きました。".repeat(60)) },
);
const texts = fc
  .array(line, { maxLength: 60 })
  .map((lines) => lines.map((one) => one.replaceAll(/[\r\n]/g, " ")).join("\n"));
const rules = fc.record({ tokens: fc.integer({ min: 20, max: 120 }), overlap: fc.integer({ min: 0, max: 60 }) });

test("pieces hold every line that says something, in order", () => {
  fc.assert(
    fc.property(texts, rules, (text, rule) => {
      const chunks = chunkLines(linesOf(text), rule);
      const held = new Set(chunks.flatMap(({ startLine, endLine }) => range(startLine, endLine)));
      for (const { number, text: said } of linesOf(text))
        if (said.trim() !== "") assert.ok(held.has(number), `line ${number}`);
      for (const [at, chunk] of chunks.entries()) {
        const before = chunks[at - 1];
        assert.ok(!before || (chunk.startLine >= before.startLine && chunk.endLine >= before.endLine));
      }
    }),
  );
});

test("every word of a line that was cut is in a piece", () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 400 }),
      rules,
      (words, rule) => {
        const pieces = chunkLines(linesOf(words.join(" ")), rule).map(({ text }) => text);
        for (const word of words) assert.ok(pieces.some((piece) => piece.includes(word)));
      },
    ),
  );
});

test("no piece is longer than the rule says", () => {
  fc.assert(
    fc.property(texts, rules, (text, rule) => {
      for (const chunk of chunkLines(linesOf(text), rule))
        assert.ok(sizeOf(chunk.text) <= Math.max(16, rule.tokens * 4) + 8, `${sizeOf(chunk.text)} quarters`);
    }),
  );
});

test("pieces share no more than the overlap, and something of it", () => {
  const text = Array.from({ length: 200 }, (_, i) => `line number ${i} of a long day`).join("\n");
  const chunks = chunkLines(linesOf(text), { tokens: 100, overlap: 20 });
  for (const [at, chunk] of chunks.entries()) {
    const before = chunks[at - 1];
    if (!before) continue;
    const shared = before.endLine - chunk.startLine + 1;
    assert.ok(shared >= 1 && shared <= 3, `${shared} lines`);
  }
});

test("a section begins a piece of its own, without what was before", () => {
  const section = (name: string) => [
    `## ${name}`,
    "",
    ..."x"
      .repeat(30)
      .split("")
      .map((x, i) => `${name} ${x} ${i}`),
    "",
  ];
  const chunks = chunkLines(linesOf([...section("one"), ...section("two")].join("\n")), { tokens: 80, overlap: 10 });
  assert.deepEqual(
    chunks.map(({ text }) => text.slice(0, 6)),
    ["## one", "## two"],
  );
});

test("what is added at the end leaves the pieces before as they were", () => {
  const day = Array.from({ length: 80 }, (_, i) => `note ${i}: something happened`).join("\n");
  const before = chunkLines(linesOf(day), { tokens: 60, overlap: 10 });
  const after = chunkLines(linesOf(`${day}\nnote 80: and more`), { tokens: 60, overlap: 10 });
  assert.deepEqual(after.slice(0, before.length - 1), before.slice(0, -1));
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
