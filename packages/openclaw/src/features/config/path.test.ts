import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatPath, parsePath, valueAt, type Segment } from "./_path.ts";

const READ: readonly (readonly [text: string, segments: readonly Segment[] | undefined])[] = [
  ["gateway.port", ["gateway", "port"]],
  ["agents.list[0].id", ["agents", "list", 0, "id"]],
  ['channels.telegram.groups["-100123"]', ["channels", "telegram", "groups", "-100123"]],
  ["models.providers['my.host'].baseUrl", ["models", "providers", "my.host", "baseUrl"]],
  ["agents.list.0.id", ["agents", "list", "0", "id"]],
  ["", []],
  [".", []],
  ["a..b", undefined],
  [".a", undefined],
  ["a[", undefined],
  ["a]b", undefined],
];

for (const [text, segments] of READ) {
  test(`the path ${JSON.stringify(text)} means ${JSON.stringify(segments)}`, () =>
    assert.deepEqual(parsePath(text), segments));
}

test("every path is read back as it was written", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string({ minLength: 1 }), fc.nat(1000)), { maxLength: 6 }), (segments) => {
      assert.deepEqual(parsePath(formatPath(segments)), segments);
    }),
  );
});

test("only what the configuration itself holds is found", () => {
  const root = { list: [{ id: "a" }], text: "x" };
  assert.equal(valueAt(root, "list[0].id"), "a");
  assert.equal(valueAt(root, "list.0.id"), "a");
  for (const path of ["constructor", "list.length", "text.length", "list[1].id", "list[0].id.x", "a["])
    assert.equal(valueAt(root, path), undefined, path);
});
