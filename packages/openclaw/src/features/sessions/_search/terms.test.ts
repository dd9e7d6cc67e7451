import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { excerptOf, findAll, needleOf, termsOf } from "./terms.ts";

const finds = (query: string, text: string) => findAll(text, termsOf(query)) !== undefined;

const CASES: readonly [query: string, text: string, found: boolean][] = [
  ["invoice", "The Invoice of March", true],
  ["march invoice", "The Invoice of March", true],
  ["invoice april", "The Invoice of March", false],
  ["inv", "the invoice", true],
  ["voice", "the invoice", false],
  ['"invoice of"', "the invoice of March", true],
  ['"of invoice"', "the invoice of March", false],
  ["straße", "In der STRASSE", false],
  ["ÄRGER", "viel ärger", true],
  ["привет", "Сказал: Привет!", true],
  ["東京", "昨日東京に行った", true],
  ["istanbul", "İstanbul und istanbul", true],
  ["c++", "we write C++ here", true],
  [":-)", "fine :-)", true],
  ["x_y", "the field x_y", true],
  ["don't", "I don't know", true],
  ["😀", "ok 😀", true],
];
for (const [query, text, found] of CASES)
  test(`${query} is ${found ? "found" : "not found"} in: ${text}`, () => assert.equal(finds(query, text), found));

test("a question without words has no terms", () => {
  assert.deepEqual([termsOf("  "), termsOf('""'), termsOf('"  "')], [[], [], []]);
});

test("what is found stands where it is said to stand, and in the excerpt", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "B", "é", "日", "😀", "İ", "."), minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 120 }), fc.nat(), (words, pick) => {
      const text = words.join(" ");
      const wanted = words[pick % words.length]!;
      const terms = termsOf(wanted);
      const places = findAll(text, terms);
      assert.ok(places, wanted);
      const { excerpt, matches } = excerptOf(text, places);
      assert.ok(matches.length > 0);
      assert.ok(excerpt.length <= 245);
      assert.equal(excerpt.isWellFormed(), true);
      for (const [start, length] of matches)
        assert.ok(findAll(excerpt.slice(start, start + length), terms), excerpt.slice(start, start + length));
    }),
  );
});

test("the needle is in every line that holds the terms, as JSON writes it", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "B", "é", "日", '"', "\\", "\n", "1", "İ"), maxLength: 8 });
  fc.assert(
    fc.property(fc.array(word, { minLength: 1 }), (words) => {
      const text = words.join(" ");
      const terms = termsOf(text);
      if (findAll(text.replace(/\s+/g, " "), terms) === undefined) return;
      const needle = needleOf(terms);
      if (needle !== undefined) assert.ok(JSON.stringify({ text }).toLowerCase().includes(needle));
    }),
  );
});
