import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { removeFromData, setInData } from "./edit.ts";
import { patchChanges, patchPaths } from "./patch.ts";
import { formatPath } from "../_path.ts";

/** RFC 7396, section 2, as it stands there. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (patch === null || typeof patch !== "object" || Array.isArray(patch)) return patch;
  const out = new Map<string, unknown>(
    target !== null && typeof target === "object" && !Array.isArray(target) ? Object.entries(target) : [],
  );
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) out.delete(key);
    else out.set(key, mergePatch(out.get(key), value));
  }
  return Object.fromEntries(out);
}

const applied = (stored: unknown, patch: Record<string, unknown>) =>
  patchChanges(patch, stored).reduce<unknown>(
    (data, change) =>
      "remove" in change ? removeFromData(data, change.path) : setInData(data, change.path, change.value),
    stored,
  );

const key = fc.constantFrom("a", "b", "c", "d e", "0");
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<unknown>(1, "x", true, null),
    fc.dictionary(key, tie("value"), { maxKeys: 3 }),
    fc.array(fc.integer(), { maxLength: 2 }),
  ),
}));
const plain = (data: unknown) => JSON.parse(JSON.stringify(data)) as Record<string, unknown>;
const object = fc.dictionary(key, value, { maxKeys: 4 }).map(plain);

test("a patch means what RFC 7396 says", () => {
  fc.assert(
    fc.property(object, object, (stored, patch) => {
      assert.deepEqual(plain(applied(stored, patch)), plain(mergePatch(stored, patch)));
    }),
    { numRuns: 1000 },
  );
});

test("a patch that changes nothing asks for no change", () => {
  fc.assert(
    fc.property(object, object, (stored, patch) => {
      const once = applied(stored, patch) as Record<string, unknown>;
      assert.deepEqual(patchChanges(patch, once), []);
    }),
  );
});

test("only the places that differ are changed", () => {
  const changes = patchChanges({ a: { b: 1, c: 2, gone: null, never: null } }, { a: { b: 1, c: 1, gone: 1 } });
  assert.deepEqual(changes, [
    { path: ["a", "c"], value: 2 },
    { path: ["a", "gone"], remove: true },
  ]);
});

test("the paths of a patch are the deepest that it names", () => {
  assert.deepEqual(patchPaths({ messages: { ackReaction: "x" }, a: null, b: {}, c: [1] }).map(formatPath), [
    "messages.ackReaction",
    "a",
    "b",
    "c",
  ]);
});
