import { test } from "node:test";
import assert from "node:assert/strict";
import { changedPaths } from "./_follow/changed.ts";

const table: readonly [string, unknown, unknown, string[]][] = [
  ["nothing changed", { a: { b: 1 } }, { a: { b: 1 } }, []],
  ["a value", { a: { b: 1 } }, { a: { b: 2 } }, ["a.b"]],
  ["an added key", { a: {} }, { a: { b: { c: 1 } } }, ["a.b"]],
  ["a removed key", { a: 1, b: 2 }, { a: 1 }, ["b"]],
  ["an array counts as a whole", { list: [1, 2] }, { list: [1, 3] }, ["list"]],
  ["a key that is no name", { m: { "x/y": 1 } }, { m: { "x/y": 2 } }, ['m["x/y"]']],
];
for (const [title, before, after, paths] of table)
  test(title, () => assert.deepEqual(changedPaths(before, after), paths));
