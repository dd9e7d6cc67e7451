import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test, type TestContext } from "node:test";
import { sampleTree } from "../test/tree.ts";
import { install } from "./install.mjs";
import { isSuitable } from "./node.mjs";

/** Stands for npm: counts its runs and leaves npm's record of the lock file. */
const NPM = `
import { appendFileSync, copyFileSync, mkdirSync } from "node:fs";
mkdirSync("node_modules", { recursive: true });
appendFileSync("runs", process.argv.slice(2).join(" ") + "\\n");
copyFileSync("package-lock.json", "node_modules/.package-lock.json");
`;

suite("installing", () => {
  test("happens once, without install scripts, and again when the lock file changes", async (t) => {
    const root = checkout(t, NPM);
    const node = await install(root);
    assert.equal(await install(root), node);
    assert.match(runs(root)[0] ?? "", /^ci --ignore-scripts/);
    assert.equal(runs(root).length, 1);

    writeFileSync(join(root, "package-lock.json"), lock("2.0.0"));
    await install(root);
    assert.equal(runs(root).length, 2);
  });

  test("is not repeated when somebody ran npm by hand", async (t) => {
    const root = checkout(t, NPM, { "node_modules/.package-lock.json": lock("1.0.0") });
    await install(root);
    assert.ok(!existsSync(join(root, "runs")));
  });

  test("happens again when a package is missing", async (t) => {
    const root = checkout(t, NPM, { "node_modules/.package-lock.json": '{ "packages": {} }' });
    await install(root);
    assert.equal(runs(root).length, 1);
  });

  test("ends in one sentence that says what to do, with what npm said", async (t) => {
    const root = checkout(t, 'console.error("network is down"); process.exit(1);');
    await assert.rejects(install(root), (error: Error & { details?: string }) => {
      assert.match(error.message, /registry can be reached/);
      assert.equal(error.details, "network is down");
      return true;
    });
  });
});

test("Node 22.18 is the oldest that will do", () => {
  assert.deepEqual(["20.20.2", "22.17.9", "22.18.0", "24.0.0", "26.10.0"].map(isSuitable), [
    false,
    false,
    true,
    true,
    true,
  ]);
});

function checkout(t: TestContext, npm: string, files: Record<string, string> = {}): string {
  const root = sampleTree(t, { "npm.mjs": npm, "package-lock.json": lock("1.0.0"), ...files });
  const before = process.env["npm_execpath"];
  process.env["npm_execpath"] = join(root, "npm.mjs");
  t.after(() => {
    if (before === undefined) delete process.env["npm_execpath"];
    else process.env["npm_execpath"] = before;
  });
  return root;
}

function lock(version: string): string {
  return JSON.stringify({
    packages: { "": {}, "node_modules/ws": { version }, "node_modules/other-os": { version, optional: true } },
  });
}

function runs(root: string): string[] {
  return readFileSync(join(root, "runs"), "utf8").trim().split("\n");
}
