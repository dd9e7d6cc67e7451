import { test } from "node:test";
import assert from "node:assert/strict";
import fc from "fast-check";
import { VisibleStream, visibleText } from "./_visible.ts";

const table: readonly [string, string][] = [
  ["hello", "hello"],
  ["<think>secret</think>hello", "hello"],
  ["a<think>secret</think>b", "ab"],
  ["before <think>never closed", "before"],
  ["<think>the whole answer", "the whole answer"],
  ["<final>hi</final>", "hi"],
  ["NO_REPLY", ""],
  ["  no_reply \n", ""],
  ["NO_REPLY but more", "NO_REPLY but more"],
  ["1 < 2 and <b>bold</b>", "1 < 2 and <b>bold</b>"],
];

for (const [given, shown] of table) {
  test(`of ${JSON.stringify(given)} people see ${JSON.stringify(shown)}`, () =>
    assert.equal(visibleText(given), shown));
}

const streamed = (text: string, cuts: number[]): string => {
  const stream = new VisibleStream();
  const at = [...new Set(cuts.map((c) => c % (text.length + 1)))].sort((a, b) => a - b);
  let out = "";
  let from = 0;
  for (const to of [...at, text.length]) {
    out += stream.push(text.slice(from, to));
    from = to;
  }
  return out + stream.end();
};

test("a stream shows the same however it is cut", () => {
  const texts = [
    "hello <think>x</think> world",
    "a<b <final>ok</final> <",
    "NO_REPLY",
    "NO_REPLYING is fine",
    "<thinking>deep</thinking>NO_REPLY",
    "plain",
  ];
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.array(fc.nat(60), { maxLength: 12 }), (text, cuts) => {
      assert.equal(streamed(text, cuts), streamed(text, []));
    }),
  );
});

test("no prefix of the silent token is ever shown", () => {
  assert.equal(streamed("NO_REPLY", [1, 2, 3, 4, 5, 6, 7]), "");
});

test("hidden reasoning never shows in a stream, and what follows does", () => {
  assert.equal(streamed("<think>secret</think>shown", [2, 8, 15, 19, 22]), "shown");
});
