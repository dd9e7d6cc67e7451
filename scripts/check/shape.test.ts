import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { sampleTree } from "../test/tree.ts";
import { cloneShare } from "./clones.ts";
import { measure } from "./shape.ts";

const SRC = "packages/openclaw/src";
const statements = (name: string): string =>
  Array.from({ length: 12 }, (_, i) => `  ${name}(${i}, "text", [${i}, ${i}]);`).join("\n");

suite("shape of the code", () => {
  test("lists files and functions, longest first, without tests and generated files", (t) => {
    const root = sampleTree(t, {
      [`${SRC}/base/short.ts`]: "export const one = () => 1;\n",
      [`${SRC}/base/long.ts`]: `export function walk() {\n${statements("go")}\n}\n`,
      [`${SRC}/base/long.test.ts`]: `${statements("check")}\n`,
      [`${SRC}/generated/tools.ts`]: `${statements("more")}\n`,
    });
    const { files, functions, testLines } = measure(root);
    assert.deepEqual(files, [
      { name: `${SRC}/base/long.ts`, lines: 14 },
      { name: `${SRC}/base/short.ts`, lines: 1 },
    ]);
    assert.deepEqual(
      functions.map(({ name, lines }) => [name, lines]),
      [
        [`${SRC}/base/long.ts: walk`, 14],
        [`${SRC}/base/short.ts: one`, 1],
      ],
    );
    assert.equal(testLines, 12);
  });

  test("names exports that nobody imports; a use by a test is a use, types do not count", (t) => {
    const root = sampleTree(t, {
      [`${SRC}/base/a.ts`]:
        "export const used = 1; export const tested = 2; export const dead = 3; export interface Shape {}",
      [`${SRC}/base/b.ts`]: 'import { used } from "./a.ts"; use(used);',
      [`${SRC}/base/a.test.ts`]: 'import { tested } from "./a.ts"; use(tested);',
    });
    assert.deepEqual(measure(root).deadExports, [`${SRC}/base/a.ts: dead`]);
  });
});

suite("clones", () => {
  test("are lines that stand in two places, whatever their layout", () => {
    const copy = statements("send");
    assert.equal(cloneShare([copy, copy.replaceAll(", ", ",  ")]), 1);
  });

  test("are not lines that merely look alike", () => {
    assert.equal(cloneShare([statements("send"), statements("receive")]), 0);
  });

  test("do not include imports", () => {
    const imports = Array.from({ length: 20 }, (_, i) => `import { a${i}, b${i} } from "./m${i}.ts";`).join("\n");
    assert.equal(cloneShare([imports, imports]), 0);
  });
});
