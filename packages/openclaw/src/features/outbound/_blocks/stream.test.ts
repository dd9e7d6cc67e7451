import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { systemClock } from "../../../base/time.ts";
import type { Clock } from "../../../base/time.ts";
import type { PostPart } from "../../../store/index.ts";
import { takeDirections } from "../_directives.ts";
import { essence, restAfter, saidOf } from "./said.ts";
import { BlockStream, type Block, type BlockStreamOptions } from "./stream.ts";

/** A clock whose timers fire when the test says so. */
function fakeClock() {
  let pending: (() => void) | undefined;
  const clock: Clock = {
    ...systemClock,
    timer: (_ms, fire) => {
      pending = fire;
      return () => (pending = undefined);
    },
  };
  return { clock, pass: () => pending?.() };
}

function run(pieces: readonly string[], more: Partial<BlockStreamOptions> = {}): Block[] {
  const blocks: Block[] = [];
  const stream = new BlockStream({
    chunk: { minChars: 10, maxChars: 40, breakPreference: "paragraph" },
    coalesce: { idleMs: 1000, minChars: 10, maxChars: 40 },
    breakAt: "text_end",
    clock: fakeClock().clock,
    emit: (block) => void blocks.push(block),
    ...more,
  });
  for (const piece of pieces) stream.push(piece);
  stream.end();
  return blocks;
}

const numbered = (blocks: readonly Block[]): PostPart[] => blocks.map(({ part }) => ({ ...part, answer: 0 }));

test("short pieces that come quickly are joined as they were apart", () => {
  assert.deepEqual(
    run(["First part.\n\n", "Second part.\n\n", "Third part that is longer."]).map(({ text }) => text),
    ["First part.\n\nSecond part.", "Third part that is longer."],
  );
});

test("after a pause what was joined is posted, unless it is too short", () => {
  const { clock, pass } = fakeClock();
  const blocks: Block[] = [];
  const stream = new BlockStream({
    chunk: { minChars: 5, maxChars: 40, breakPreference: "paragraph" },
    coalesce: { idleMs: 1000, minChars: 15, maxChars: 80 },
    breakAt: "text_end",
    clock,
    emit: (block) => void blocks.push(block),
  });
  stream.push("Short.\n\nx");
  pass();
  assert.equal(blocks.length, 0);
  stream.push(" And more.\n\ny");
  pass();
  assert.deepEqual(
    blocks.map(({ text }) => text),
    ["Short.\n\nx And more."],
  );
  stream.end();
  assert.equal(blocks.length, 2);
});

test("at the end of the message, and not before, when that is wished", () => {
  const pieces = Array.from({ length: 8 }, (_, i) => `Paragraph number ${i}.\n\n`);
  const blocks: Block[] = [];
  const stream = new BlockStream({
    chunk: { minChars: 10, maxChars: 40, breakPreference: "paragraph" },
    coalesce: { idleMs: 1000, minChars: 10, maxChars: 40 },
    breakAt: "message_end",
    clock: fakeClock().clock,
    emit: (block) => void blocks.push(block),
  });
  for (const piece of pieces) stream.push(piece);
  stream.pause();
  assert.equal(blocks.length, 0);
  stream.end();
  assert.equal(blocks.length > 1, true);
});

test("a file goes out behind the text before it", () => {
  const blocks = run(["Look:\nMEDIA:a.png\nNice."]);
  assert.deepEqual(
    blocks.map(({ text, media }) => [text, media]),
    [
      ["Look:", []],
      ["", ["a.png"]],
      ["Nice.", []],
    ],
  );
});

const document = fc
  .array(
    fc.constantFrom(
      "A sentence of some words. ",
      "Another one, longer than the first of them. ",
      "\n\n",
      "\n",
      "```q\nlet a = 1;\nlet bee = 2;\n```\n",
      "- item\n",
      "z".repeat(55),
    ),
    { minLength: 1, maxLength: 20 },
  )
  .map((parts) => parts.join(""));
/** Without fences and their language, the only letter q: where a fence is broken they stand there again. */
const bare = (text: string) => essence(text).replace(/[`q]/g, "");

test("whatever was posted when the process died, the next attempt says the rest and nothing twice", () => {
  fc.assert(
    fc.property(document, fc.nat(20), fc.array(fc.nat(400), { maxLength: 6 }), (text, died, cuts) => {
      const first = run([text]).slice(0, died);
      const at = [...cuts.map((c) => c % (text.length + 1)), text.length].sort((a, b) => a - b);
      const pieces = at.map((to, i) => text.slice(at[i - 1] ?? 0, to));
      const second = run(pieces, { said: numbered(first) });
      assert.equal(bare([...first, ...second].map((b) => b.text).join("\n")), bare(takeDirections(text).text));
      assert.equal(restAfter(text, saidOf(text, numbered([...first, ...second]))).trim(), "");
    }),
    { numRuns: 400 },
  );
});

test("an answer that comes out differently the second time is said whole", () => {
  const first = run(["The cat sat on the mat.\n\nIt was grey and small."]).slice(0, 1);
  const second = run(["A dog lay under the table.\n\nIt was brown."], { said: numbered(first) });
  assert.equal(second.map(({ text }) => text).join("\n\n"), "A dog lay under the table.\n\nIt was brown.");
});

test("a file that was sent is not sent again", () => {
  const text = "Look at this one:\nMEDIA:a.png\nNice.\nMEDIA:b.png";
  const first = run([text]).slice(0, 2);
  assert.deepEqual(
    run([text], { said: numbered(first) }).flatMap(({ media }) => media),
    ["b.png"],
  );
});

test("the rest of an answer that was cut off inside a fence opens it again", () => {
  const text = "```ts\nlet a = 1;\nlet b = 2;\n```";
  assert.equal(restAfter(text, essence("```ts\nlet a = 1;").length), "```ts\nlet b = 2;\n```");
});
