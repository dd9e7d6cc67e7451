import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { nextSentences } from "./sentences.ts";
import { ageOf, spanText } from "./time.ts";
import { FOLLOW, MOST, extendDown, extendUp, hold, sliceOf } from "./window.ts";

test("a sentence is said once it is whole", () => {
  assert.deepEqual(nextSentences("Hello there. How a", 0), { said: "Hello there.", end: 12 });
  assert.deepEqual(nextSentences("Hello there. How are you? I", 12), { said: "How are you?", end: 25 });
  assert.deepEqual(nextSentences("Version 1.2 is", 0), { said: "", end: 0 });
});

test("durations read as people say them", () => {
  assert.deepEqual([40, 400, 1000, 59_000, 185_000].map(spanText), ["40 ms", "0.4 s", "1 s", "59 s", "3 min 5 s"]);
});

test("conversations are grouped by calendar day", () => {
  const now = new Date(2026, 0, 10, 0, 30).getTime();
  const at = (day: number, hour: number) => ageOf(new Date(2026, 0, day, hour).getTime(), now);
  assert.deepEqual(
    [at(10, 0), at(9, 23), at(9, 1), at(8, 23), at(5, 1), at(2, 1)],
    ["today", "yesterday", "yesterday", "week", "week", "older"],
  );
});

test("a list of ten thousand rows never puts more than the limit into the page, and both ends can be reached", () => {
  const keys = Array.from({ length: 10_000 }, (_, at) => `k${at}`);
  const moves = fc.array(fc.constantFrom(extendUp, extendDown, hold), { maxLength: 100 });
  fc.assert(
    fc.property(moves, (list) => {
      let window = FOLLOW;
      for (const move of list) {
        window = move(window, keys);
        const { from, to } = sliceOf(window, keys);
        assert.ok(from >= 0 && to <= keys.length && to > from && to - from <= MOST);
      }
    }),
    { numRuns: 50 },
  );
  let window = hold(FOLLOW, keys);
  while (sliceOf(window, keys).from > 0) window = extendUp(window, keys);
  while (sliceOf(window, keys).to < keys.length) window = extendDown(window, keys);
});

test("rows that arrive while the reader is elsewhere do not move the window", () => {
  const keys = Array.from({ length: 500 }, (_, at) => `k${at}`);
  const window = hold(extendUp(FOLLOW, keys), keys);
  const before = sliceOf(window, keys);
  const older = Array.from({ length: 30 }, (_, at) => `older${at}`);
  const after = sliceOf(window, [...older, ...keys, "newest"]);
  assert.deepEqual([after.from, after.to], [before.from + 30, before.to + 30]);
});
