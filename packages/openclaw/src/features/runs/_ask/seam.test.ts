import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Seam, added } from "./seam.ts";

const cases: readonly [what: string, said: string, text: string, added: string][] = [
  ["the rest is added as it is", "One, two,", " three.", " three."],
  ["a repeated beginning is left out", "Well, the answer", "Well, the answer is 42.", " is 42."],
  ["also with other white space around it", "Well, ", "\nWell, hello", "hello"],
  [
    "words that are taken up again are left out",
    "It is made of bread and butter",
    "bread and butter, of course.",
    ", of course.",
  ],
  ["a short likeness is chance", "I know the", "the end", "the end"],
  ["a sentence is not glued to the one before", "Done.", "Next", " Next"],
  ["a word that was cut goes on", "Par", "is", "is"],
  ["nothing before, nothing to leave out", "", "hello", "hello"],
];
for (const [what, said, text, expected] of cases) test(what, () => assert.equal(added(said, text), expected));

test("however a text is cut into pieces, the same of it is added", () => {
  const word = fc.constantFrom("one ", "two ", "three, ", "four.", "\n", "Well, ");
  const words = fc.array(word, { maxLength: 30 }).map((all) => all.join(""));
  fc.assert(
    fc.property(words, words, fc.boolean(), fc.integer({ min: 1, max: 9 }), (said, rest, anew, size) => {
      const text = anew ? said + rest : rest;
      const seam = new Seam(said);
      let out = "";
      for (let at = 0; at < text.length; at += size) out += seam.push(text.slice(at, at + size));
      out += seam.end();
      assert.equal(out, said === "" ? text : text === "" ? "" : added(said, text));
    }),
  );
});
