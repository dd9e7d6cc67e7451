import { test } from "node:test";
import assert from "node:assert/strict";
import fc from "fast-check";
import { VisibleStream, visibleText } from "./visible.ts";

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
  ["<think>a</think><think>b", ""],
  ["answer</think> goes on", "answer goes on"],
  ['Let me look. <tool_call>{"name":"x"}</tool_call>', "Let me look."],
  ["[TOOL_CALL]{}[/TOOL_CALL]done", "done"],
  ["<tool_call>never closed", ""],
  ["hi<|im_end|> there<｜end▁of▁sentence｜>", "hi there"],
  ["write `<think>` first", "write `<think>` first"],
  ["```xml\n<think>x</think>\n```\nso <think>y</think>done", "```xml\n<think>x</think>\n```\nso done"],
  ["~~~\n```\n<final>\n~~~\n<final>ok</final>", "~~~\n```\n<final>\n~~~\nok"],
  ["HEARTBEAT_OK", ""],
  ["All done. HEARTBEAT_OK", "All done."],
  ["The word HEARTBEAT_OK means fine", "The word HEARTBEAT_OK means fine"],
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
    "HEARTBEAT_OK",
    "HEARTBEAT_OK and Hello H",
    "fine. HEARTBEAT_OK",
    "a HEARTBEAT_OK b",
    "HEARTBEAT_OK\nHEARTBEAT_OK<",
    "x `<think>` y <tool_call>{}</tool_call>\n```\n<think>\n```\n<|im_end|>end",
    "<think>all of it",
    "a\r\n~~~~\r\n<final>\r\n~~~~\r\n<final>b",
  ];
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.array(fc.nat(60), { maxLength: 12 }), (text, cuts) => {
      assert.equal(streamed(text, cuts).trimEnd(), streamed(text, []).trimEnd());
    }),
  );
});

test("what a stream showed is the visible text of the whole", () => {
  const piece = fc.constantFrom(
    "word ",
    "<think>",
    "</think>",
    "<final>",
    "`",
    "```",
    "\n",
    "~~~",
    "<tool_call>",
    "</tool_call>",
    "<|x|>",
    "<",
    "HEARTBEAT_OK",
    "NO_REPLY",
    " ",
  );
  const bare = (text: string) => text.replace(/\s/g, "");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), fc.array(fc.nat(120), { maxLength: 10 }), (pieces, cuts) => {
      const text = pieces.join("");
      assert.equal(bare(streamed(text, cuts)), bare(visibleText(text)), JSON.stringify(text));
    }),
    { numRuns: 500 },
  );
});

test("no prefix of the silent token is ever shown", () => {
  assert.equal(streamed("NO_REPLY", [1, 2, 3, 4, 5, 6, 7]), "");
});

test("hidden reasoning never shows in a stream, and what follows does", () => {
  assert.equal(streamed("<think>secret</think>shown", [2, 8, 15, 19, 22]), "shown");
});
