import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test, type TestContext } from "node:test";
import { sampleTree } from "../test/tree.ts";
import { build, sourcesOf } from "./build.mjs";

/** Stands for the build: counts its runs and stamps what it built. */
const BUILD = `
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { sourcesOf } from ${JSON.stringify(new URL("build.mjs", import.meta.url).href)};
appendFileSync("runs", "x");
mkdirSync("packages/openclaw/dist", { recursive: true });
writeFileSync("packages/openclaw/dist/.stamp", sourcesOf(process.cwd()));
`;

suite("building", () => {
  for (const path of [
    "packages/openclaw/src/base/text.ts",
    "packages/ui/index.html",
    "extensions/one/index.ts",
    "skills/weather/SKILL.md",
    "packages/openclaw/package.json",
  ]) {
    test(`is due after a change to ${path}`, async (t) => {
      const root = checkout(t);
      await build(root, process.execPath);
      writeFileSync(join(root, path), "changed, and longer than before");
      await build(root, process.execPath);
      assert.equal(runs(root), 2);
    });
  }

  test("is not due when nothing changed, or only tests and generated files did", async (t) => {
    const root = checkout(t);
    await build(root, process.execPath);
    writeFileSync(join(root, "packages/openclaw/src/generated/tools.ts"), "changed");
    writeFileSync(join(root, "packages/openclaw/src/base/text.test.ts"), "changed");
    await build(root, process.execPath);
    assert.equal(runs(root), 1);
  });

  test("is due after a file was removed or the build was", async (t) => {
    const root = checkout(t);
    await build(root, process.execPath);
    rmSync(join(root, "extensions/one/index.ts"));
    await build(root, process.execPath);
    rmSync(join(root, "packages/openclaw/dist"), { recursive: true });
    await build(root, process.execPath);
    assert.equal(runs(root), 3);
  });

  test("that fails says so with the reason", async (t) => {
    const root = checkout(t);
    writeFileSync(join(root, "scripts/build.mjs"), 'throw new Error("no such module")');
    await assert.rejects(
      build(root, process.execPath),
      (error: Error & { details?: string }) =>
        /build failed/.test(error.message) && /no such module/.test(error.details ?? ""),
    );
  });

  test("is told apart by folder, so that two checkouts never share a stamp", (t) => {
    assert.notEqual(sourcesOf(checkout(t)), sourcesOf(checkout(t)));
  });
});

function checkout(t: TestContext): string {
  return sampleTree(t, {
    "package-lock.json": "{}",
    "scripts/build.mjs": BUILD,
    "scripts/gen.ts": "",
    "packages/openclaw/package.json": "{}",
    "packages/openclaw/src/base/text.ts": "",
    "packages/openclaw/src/base/text.test.ts": "",
    "packages/openclaw/src/generated/tools.ts": "",
    "packages/ui/index.html": "",
    "extensions/one/index.ts": "",
    "skills/weather/SKILL.md": "",
  });
}

function runs(root: string): number {
  return readFileSync(join(root, "runs"), "utf8").length;
}
