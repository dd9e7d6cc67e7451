import { test } from "node:test";
import assert from "node:assert/strict";
import fc from "fast-check";
import { dayTeller, spanOf, zoneOf } from "./_days.ts";

const moment = Date.parse("2026-03-01T23:30:00Z");

const zones: readonly [string, Parameters<typeof zoneOf>[0], string][] = [
  ["utc", { mode: "utc" }, "2026-03-01"],
  ["an offset to the east", { mode: "specific", utcOffset: "UTC+2" }, "2026-03-02"],
  ["an offset with minutes", { mode: "specific", utcOffset: "UTC+00:30" }, "2026-03-02"],
  ["an offset to the west", { mode: "specific", utcOffset: "UTC-5" }, "2026-03-01"],
  ["a zone by name", { mode: "specific", timeZone: "Asia/Tokyo" }, "2026-03-02"],
];
for (const [title, question, expected] of zones)
  test(`a moment belongs to a day: ${title}`, () => assert.equal(dayTeller(zoneOf(question))(moment), expected));

test("a zone that nobody knows is that of this machine", () => {
  const here = dayTeller(zoneOf({}))(moment);
  assert.equal(dayTeller(zoneOf({ mode: "specific", timeZone: "No/Where" }))(moment), here);
  assert.equal(dayTeller(zoneOf({ mode: "specific", utcOffset: "UTC+99" }))(moment), here);
});

test("the last days end today; given dates hold, also over the end of a month", () => {
  assert.deepEqual(spanOf({ days: 3 }, "2026-03-01").days, ["2026-02-27", "2026-02-28", "2026-03-01"]);
  assert.deepEqual(spanOf({ days: 30, startDate: "2026-02-28", endDate: "2026-03-01" }, "2026-09-09").days, [
    "2026-02-28",
    "2026-03-01",
  ]);
  assert.deepEqual(spanOf({ days: 1, startDate: "2026-99-99" }, "2026-03-01").days, ["2026-03-01"]);
});

test("a span holds every moment of its days in every zone, and is never endless", () => {
  fc.assert(
    fc.property(fc.integer({ min: -10, max: 5000 }), fc.integer({ min: -840, max: 840 }), (days, offset) => {
      const today = dayTeller({ offset })(moment);
      const span = spanOf({ days }, today);
      assert.ok(span.days.length >= 1 && span.days.length <= 1100);
      assert.ok(span.since <= moment && moment < span.until);
      assert.equal(span.days.at(-1), today);
    }),
  );
});
