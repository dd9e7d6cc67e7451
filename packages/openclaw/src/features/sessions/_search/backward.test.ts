import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { blocksBackward, linesBackward } from "./backward.ts";

/** Fake of an opened file: its bytes in memory. */
const fileOf = (text: string) => {
  const bytes = Buffer.from(text, "utf8");
  return { size: bytes.length, read: async (from: number, to: number) => bytes.subarray(from, to) };
};

async function linesOf(text: string, options: { size?: number; maxLine?: number; end?: number } = {}) {
  const found: { line: string; at: number }[] = [];
  for await (const block of blocksBackward(fileOf(text), options.end ?? Infinity, options))
    for (const { line, at } of linesBackward(block)) found.push({ line: line.toString("utf8"), at });
  return found;
}

const line = fc.string({ unit: fc.constantFrom("a", "ß", "日", "😀", " "), maxLength: 12 });

test("every line comes once, the last one first, with its place, whatever the blocks", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.integer({ min: 1, max: 40 }), fc.boolean(), async (lines, size, ended) => {
      const text = lines.join("\n") + (ended && lines.length > 0 ? "\n" : "");
      const found = await linesOf(text, { size });
      const told = (all: readonly string[]) => all.filter((one) => one !== "");
      assert.deepEqual(told(found.map((one) => one.line)), told(text.split("\n")).toReversed());
      const bytes = Buffer.from(text, "utf8");
      for (const { line: own, at } of found)
        assert.equal(bytes.subarray(at, at + Buffer.byteLength(own)).toString("utf8"), own);
    }),
  );
});

test("reading goes on before the line that it ended with", async () => {
  const text = "one\ntwo\nthree\nfour\n";
  const [, three] = await linesOf(text, { size: 5 });
  assert.deepEqual(
    (await linesOf(text, { size: 5, end: three!.at })).map((one) => one.line),
    ["two", "one"],
  );
});

test("a line that is far too long is left out, and those around it are not", async () => {
  const text = `first\n${"x".repeat(100)}\nlast\n`;
  for (const size of [3, 7, 16, 64])
    assert.deepEqual(
      (await linesOf(text, { size, maxLine: 40 })).map((one) => one.line).filter((one) => !one.startsWith("x")),
      ["last", "first"],
    );
});
