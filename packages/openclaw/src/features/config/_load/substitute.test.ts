import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { substitute } from "./substitute.ts";

const env = { A: "one", B: "two", EMPTY: "", TRICK: "${A} $${B}" };

const CASES: readonly (readonly [text: string, result: string, missing?: string])[] = [
  ["${A}", "one"],
  ["x${A}-${B}y", "xone-twoy"],
  ["$${A}", "${A}"],
  ["${lower} $A ${} ${1A}", "${lower} $A ${} ${1A}"],
  ["${TRICK}", "${A} $${B}"],
  ["${NONE}", "${NONE}", "NONE"],
  ["${EMPTY}", "${EMPTY}", "EMPTY"],
];

for (const [text, result, missing] of CASES) {
  test(`${text} becomes ${result}${missing === undefined ? "" : `, and ${missing} is reported`}`, () => {
    const done = substitute({ at: [text] }, env);
    assert.deepEqual(done.value, { at: [result] });
    assert.deepEqual(done.missing, missing === undefined ? [] : [{ path: ["at", 0], variable: missing }]);
  });
}

test("keys and values that are no text stay as they are", () => {
  const data = { "${A}": 1, b: [true, null, 1.5] };
  assert.deepEqual(substitute(data, env).value, data);
});

test("what was put in is never looked at again", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (value) => {
      const hostile = `\${A}${value}$\${A}`;
      const done = substitute(["${X}", "${X}${X}"], { X: hostile, A: "never" });
      assert.deepEqual(done.value, [hostile, hostile + hostile]);
      assert.deepEqual(done.missing, []);
    }),
  );
});
