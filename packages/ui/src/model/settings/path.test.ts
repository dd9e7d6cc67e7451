import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatPath, parsePath, same, valueAt, withValue } from "./path.ts";
import type { Path, Segment } from "./path.ts";

const segment = fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom("gateway", "list", "-100"), fc.nat(50));
const place = fc.array<Segment>(segment, { minLength: 1, maxLength: 5 }).filter((path) => typeof path[0] === "string");

test("a path written as text is read as the same path", () => {
  fc.assert(fc.property(place, (path) => assert.deepEqual(parsePath(formatPath(path)), path)));
});

test("paths are written as the gateway writes them", () => {
  const table: readonly (readonly [Path, string])[] = [
    [["gateway", "port"], "gateway.port"],
    [["agents", "list", 0, "id"], "agents.list[0].id"],
    [["channels", "telegram", "groups", "-100123"], 'channels.telegram.groups["-100123"]'],
  ];
  for (const [path, text] of table) assert.equal(formatPath(path), text);
  for (const wrong of ["a..b", "a[", "a]b", ".["]) assert.equal(parsePath(wrong), undefined);
});

test("a value that is put at a path is found there, and nothing else changes", () => {
  fc.assert(
    fc.property(place, fc.jsonValue(), (path, value) => {
      const before = { kept: { deep: [1, 2] } };
      const after = withValue(before, path, value);
      if (path[0] !== "kept") assert.equal(valueAt(after, ["kept"]), before.kept);
      assert.ok(same(valueAt(after, path), value));
    }),
  );
});

test("taking a key or an entry away leaves the others in their order", () => {
  assert.deepEqual(withValue({ a: 1, b: 2, c: 3 }, ["b"], undefined), { a: 1, c: 3 });
  assert.deepEqual(withValue({ list: ["x", "y", "z"] }, ["list", 1], undefined), { list: ["x", "z"] });
  assert.deepEqual(Object.keys(withValue({ a: 1, b: 2 }, ["a"], 3) as object), ["a", "b"]);
});
