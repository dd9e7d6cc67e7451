import assert from "node:assert/strict";
import { test } from "node:test";
import { byteCount, durationMs, shortCount } from "./measure.ts";

test("durations are read with their unit, a bare number in the unit of its key", () => {
  const table: [unknown, "ms" | "s" | "m" | "h" | "d", number | undefined][] = [
    ["250ms", "s", 250],
    ["90s", "m", 90_000],
    ["1.5h", "ms", 5_400_000],
    ["1h30m", "ms", 5_400_000],
    [" 30D ", "ms", 2_592_000_000],
    ["5", "m", 300_000],
    [2, "d", 172_800_000],
    [0, "s", 0],
    ["", "s", undefined],
    ["soon", "s", undefined],
    ["-5m", "s", undefined],
    [-1, "s", undefined],
    [Number.NaN, "s", undefined],
    ["5 parsecs", "s", undefined],
    [undefined, "s", undefined],
  ];
  for (const [value, unit, expected] of table) assert.equal(durationMs(value, unit), expected, String(value));
});

test("sizes are read in units of 1,024", () => {
  const table: [unknown, number | undefined][] = [
    ["20mb", 20 * 1024 * 1024],
    ["1.5 GB", 1.5 * 1024 ** 3],
    ["4096", 4096],
    ["10k", 10_240],
    [7, 7],
    ["many", undefined],
    ["-1", undefined],
    [null, undefined],
  ];
  for (const [value, expected] of table) assert.equal(byteCount(value), expected, String(value));
});

test("counts are told with three digits or a decimal, and never as a thousand of the smaller unit", () => {
  const table: [number, string][] = [
    [0, "0"],
    [999, "999"],
    [1000, "1k"],
    [1250, "1.3k"],
    [99_940, "99.9k"],
    [99_960, "100k"],
    [345_400, "345k"],
    [999_499, "999k"],
    [999_500, "1M"],
    [3_440_000, "3.4M"],
  ];
  for (const [count, told] of table) assert.equal(shortCount(count), told);
});
