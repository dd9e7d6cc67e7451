import assert from "node:assert/strict";
import { test } from "node:test";
import { isRecord, record } from "./record.ts";

test("objects with keys are records; null, lists and plain values are not", () => {
  const given = { a: 1 };
  assert.equal(record(given), given);
  for (const other of [null, undefined, [1], "text", 1, true, () => 1]) {
    assert.equal(isRecord(other), false);
    assert.deepEqual(record(other), {});
  }
});
