import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import fc from "fast-check";
import { SCHEMA, ftsTables } from "./schema.ts";
import { matchOf, spread, termsOf } from "./words.ts";
import type { Tokenizer } from "./words.ts";

function indexOf(texts: readonly string[], tokenizer: Tokenizer = "unicode61") {
  const db = new DatabaseSync(":memory:");
  db.exec(SCHEMA + ftsTables(tokenizer));
  const add = db.prepare("INSERT INTO chunks_fts (rowid, text) VALUES (?, ?)");
  for (const [at, text] of texts.entries()) add.run(at, spread(text, tokenizer));
  return (question: string): number[] => {
    const match = matchOf(termsOf(question, tokenizer));
    if (match === undefined) return [];
    const rows = db.prepare("SELECT rowid FROM chunks_fts WHERE chunks_fts MATCH ? ORDER BY rank").all(match);
    return rows.map((row) => Number(row["rowid"]));
  };
}

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc.constantFrom(
    '"',
    "NEAR(a b)",
    "a AND",
    "-x",
    "col:y",
    "^z*",
    "'; DROP TABLE chunks",
    "\0",
    "\ud800",
    "{a b}: c",
    "🎉👩‍👩‍👧",
  ),
);

test("any text is a question", () => {
  for (const tokenizer of ["unicode61", "trigram"] as const) {
    const find = indexOf(["some text", "日本語"], tokenizer);
    fc.assert(
      fc.property(
        fc.array(text).map((parts) => parts.join(" ")),
        (question) => void find(question),
      ),
    );
  }
});

test("ten megabytes are a question too", () => {
  assert.deepEqual(indexOf(["needle"])(`needle ${"hay ".repeat(2_500_000)}`), [0]);
});

test("a word of a text finds it", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 8 }),
      (words) => {
        const find = indexOf([words.join(" ")]);
        for (const word of words) if (termsOf(word, "unicode61").length > 0) assert.deepEqual(find(word), [0], word);
      },
    ),
    { numRuns: 60 },
  );
});

test("a sign that is no word to the index is none to a question", () => {
  assert.deepEqual(termsOf("\u19b0", "unicode61"), []);
  assert.deepEqual(indexOf(["\u1980\u19b0 and more"])("\u1980\u19b0"), [0]);
});

const CASES: readonly [string, string][] = [
  ["Crème brûlée for Zoë", "creme zoe"],
  ["der Termin beim Zahnarzt", "Zahnärzte"],
  ["two coffees a day", "coffee"],
  ["昨日は東京でラーメンを食べました", "ラーメン"],
  ["我喜欢吃苹果", "苹果"],
  ["서울에서 만났다", "서울"],
  ["ไปกินข้าวที่เชียงใหม่", "เชียงใหม่"],
  ["明日LINEで連絡する", "LINEで"],
  ["party on Friday 🎉", "🎉"],
  ["order TKT-8841 was shipped", "TKT-8841"],
  ["don't forget O'Brien", "o'brien"],
];

for (const [said, asked] of CASES)
  test(`"${asked}" finds "${said}"`, () => {
    assert.deepEqual(indexOf([said, "nothing of that kind"])(asked), [0]);
  });

test("the piece with the rarer words comes first", () => {
  const find = indexOf(["the dog of the neighbour", "the car and the dentist", "the rest", "the end", "the weather"]);
  assert.equal(find("the dentist")[0], 1);
});

test("trigrams find parts of words", () => {
  assert.deepEqual(indexOf(["Donaudampfschifffahrt"], "trigram")("dampfschiff"), [0]);
});
