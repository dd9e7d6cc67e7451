import assert from "node:assert/strict";
import { chmodSync, cpSync, existsSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { suite, test, type TestContext } from "node:test";
import { runProgram } from "./test/programs.ts";
import { sampleTree } from "./test/tree.ts";

const launcher = join(import.meta.dirname, "../packages/openclaw/bin/openclaw.mjs");
const REPORT =
  "console.log(JSON.stringify({ from: import.meta.url, argv: process.argv.slice(2), node: process.execArgv }));";

suite("the command openclaw", () => {
  test("tells whoever has an old Node what to do, in two sentences", async (t) => {
    const { root, env } = installation(t, { "dist/openclaw.js": REPORT });
    const pretend = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.11.0'})";
    const { code, stderr, stdout } = await runProgram(
      process.execPath,
      ["--import", pretend, join(root, "bin/openclaw.mjs")],
      { env },
    );
    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.match(
      stderr,
      /^OpenClaw needs Node 22\.18 or newer, and this is Node 20\.11\.0\. Install a current Node from https:\/\/nodejs\.org and run the command again\.\n$/,
    );
  });

  test("runs the build when there is one", async (t) => {
    const { stdout } = await run(t, { "dist/openclaw.js": REPORT, "src/cli/entry.ts": REPORT });
    assert.match(JSON.parse(stdout).from, /dist\/openclaw\.js$/);
    assert.deepEqual(JSON.parse(stdout).argv, ["status", "--json"]);
  });

  test("runs the sources of a checkout that was never built, with doors that lead to sources", async (t) => {
    const { stdout } = await run(t, { "src/cli/entry.ts": REPORT });
    assert.match(JSON.parse(stdout).from, /src\/cli\/entry\.ts$/);
    assert.deepEqual(JSON.parse(stdout).argv, ["status", "--json"]);
    assert.ok(JSON.parse(stdout).node.includes("--conditions=openclaw-source"));
  });

  test("runs the sources in spite of a build when it is told to", async (t) => {
    const { stdout } = await run(
      t,
      { "dist/openclaw.js": REPORT, "src/cli/entry.ts": REPORT },
      { OPENCLAW_FROM_SOURCE: "1" },
    );
    assert.match(JSON.parse(stdout).from, /entry\.ts$/);
  });

  test("passes on how the sources ended", async (t) => {
    assert.equal((await run(t, { "src/cli/entry.ts": "process.exit(3)" })).code, 3);
  });

  test("does not repeat Node's opinion of its SQLite, but every other warning", async (t) => {
    const warn =
      'process.emitWarning("SQLite is an experimental feature", "ExperimentalWarning"); process.emitWarning("the sky is falling");';
    const { stderr } = await run(t, { "dist/openclaw.js": warn });
    assert.doesNotMatch(stderr, /SQLite/);
    assert.match(stderr, /the sky is falling/);
  });

  test("says so when the installation holds neither", async (t) => {
    const { code, stderr } = await run(t, {});
    assert.equal(code, 1);
    assert.match(stderr, /incomplete/);
  });
});

suite("the compile cache", () => {
  const files = { "dist/openclaw.js": 'console.log(String((await import("node:module")).getCompileCacheDir()))' };

  test("is kept in a folder that is only the user's", async (t) => {
    const { root, env } = installation(t, files);
    const { stdout } = await runProgram(process.execPath, [join(root, "bin/openclaw.mjs")], { env });
    const folder = join(root, "cache/openclaw/v8");
    assert.ok(stdout.startsWith(folder));
    assert.equal(statSync(folder).mode & 0o777, 0o700);
  });

  test(
    "is not used where others may write",
    { skip: process.platform === "win32" && "modes mean nothing there" },
    async (t) => {
      const { root, env } = installation(t, files);
      mkdirSync(join(root, "cache/openclaw/v8"), { recursive: true });
      chmodSync(join(root, "cache/openclaw/v8"), 0o777);
      const { stdout } = await runProgram(process.execPath, [join(root, "bin/openclaw.mjs")], { env });
      assert.equal(stdout.trim(), "undefined");
    },
  );

  test("is not made for somebody who does not want it", async (t) => {
    const { root, env } = installation(t, files);
    await runProgram(process.execPath, [join(root, "bin/openclaw.mjs")], {
      env: { ...env, NODE_DISABLE_COMPILE_CACHE: "1" },
    });
    assert.ok(!existsSync(join(root, "cache")));
  });
});

function installation(t: TestContext, files: Record<string, string>) {
  const root = sampleTree(t, { "package.json": '{ "type": "module" }', ...files });
  cpSync(launcher, join(root, "bin/openclaw.mjs"));
  return { root, env: { XDG_CACHE_HOME: join(root, "cache"), OPENCLAW_FROM_SOURCE: undefined } };
}

function run(t: TestContext, files: Record<string, string>, extra: Record<string, string> = {}) {
  const { root, env } = installation(t, files);
  return runProgram(process.execPath, [join(root, "bin/openclaw.mjs"), "status", "--json"], {
    env: { ...env, ...extra },
  });
}
