import assert from "node:assert/strict";
import { test } from "node:test";
import { cacheShare, dayBefore, dollars, largestFirst, tokenText } from "./usage.ts";

const totals = (more: object = {}) => ({
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite: 0,
  totalTokens: 0,
  totalCost: 0,
  missingCostEntries: 0,
  ...more,
});

test("money keeps the digits that say something", () => {
  assert.deepEqual([0, 0.000042, 0.0123, 0.5, 0.996, 12.5, 1234.567].map(dollars), [
    "$0",
    "$0.000042",
    "$0.012",
    "$0.50",
    "$1.00",
    "$12.50",
    "$1234.57",
  ]);
});

test("tokens are short", () => {
  assert.deepEqual([0, 950, 12_400, 250_000, 3_100_000, 42_000_000].map(tokenText), [
    "0",
    "950",
    "12.4k",
    "250k",
    "3.1M",
    "42M",
  ]);
});

test("the share of the cache is of what was read", () => {
  assert.equal(cacheShare(totals()), undefined);
  assert.equal(cacheShare(totals({ input: 100, cacheRead: 300, output: 1000 })), 0.75);
});

test("what cost most stands first, without prices what used most", () => {
  const groups = [1, 2, 3].map((id) => ({ id, totals: totals({ totalTokens: id, totalCost: id === 1 ? 5 : 0 }) }));
  assert.deepEqual(
    largestFirst(groups).map(({ id }) => id),
    [1, 3, 2],
  );
});

test("days are those of this browser", () => {
  assert.equal(dayBefore(new Date(2026, 2, 1, 12).getTime(), 1), "2026-02-28");
  assert.equal(dayBefore(new Date(2026, 0, 1, 0, 30).getTime(), 0), "2026-01-01");
});
