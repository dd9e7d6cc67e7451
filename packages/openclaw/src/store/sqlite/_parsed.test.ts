import assert from "node:assert/strict";
import { test } from "node:test";
import { Parsed } from "./_parsed.ts";

test("the same text of a row is parsed once, another one anew", () => {
  const parsed = new Parsed();
  const first = parsed.of("a", '{"n":1}');
  assert.equal(parsed.of("a", '{"n":1}'), first);
  assert.deepEqual(parsed.of("a", '{"n":2}'), { n: 2 });
  assert.deepEqual(parsed.of("a", '{"n":1}'), { n: 1 });
  assert.deepEqual(parsed.of("b", '{"n":2}'), { n: 2 });
});

test("what is shared cannot be changed by one of those who read it", () => {
  const entry = new Parsed().of<{ n: number }>("a", '{"n":1}');
  assert.throws(() => (entry.n = 2), TypeError);
});

test("rows that nobody has read for long are forgotten", () => {
  const parsed = new Parsed();
  const first = parsed.of("a", '{"n":1}');
  for (let n = 0; n < 100; n += 1) parsed.of(`other ${n}`, "{}");
  assert.notEqual(parsed.of("a", '{"n":1}'), first);
});
