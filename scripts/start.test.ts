import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test, type TestContext } from "node:test";
import { sourcesOf } from "./prepare/build.mjs";
import { isSuitable } from "./prepare/node.mjs";
import { runProgram } from "./test/programs.ts";
import { sampleTree } from "./test/tree.ts";

/** Stands for the gateway: says how it was called, then waits to be stopped. */
const GATEWAY = `
process.on("SIGINT", () => process.exit(130));
process.on("SIGTERM", () => process.exit(0));
console.log(JSON.stringify({ args: process.argv.slice(2), node: process.versions.node, pid: process.pid }));
if (process.argv.includes("--fail")) process.exit(7);
setInterval(() => {}, 1000);
`;

/** Whoever runs npm may have an older Node than the one that came with the packages; unknown without npm. */
const older = process.env["npm_node_execpath"] ?? process.execPath;

suite("npm start", () => {
  test("runs the gateway in the same process, with the arguments passed on", async (t) => {
    const { stdout } = await start(t, { args: ["--port", "1"], stopWith: "SIGTERM" });
    const { args, pid } = JSON.parse(stdout);
    assert.deepEqual(args, ["start", "--from-checkout", "--port", "1"]);
    assert.equal(typeof pid, "number");
  });

  test("ends without a failure when it was interrupted", async (t) => {
    assert.equal((await start(t, { stopWith: "SIGINT" })).code, 0);
  });

  test("fails as the gateway fails", async (t) => {
    assert.equal((await start(t, { args: ["--fail"] })).code, 7);
  });

  const skip = isOld(older) ? false : "the Node that runs npm is not older than 22.18";
  test("finds a newer Node when it is run by an old one, and passes signals on", { skip }, async (t) => {
    const interrupted = await start(t, { node: older, stopWith: "SIGINT" });
    assert.equal(JSON.parse(interrupted.stdout).node, process.versions.node);
    assert.equal(interrupted.code, 0);
    assert.equal((await start(t, { node: older, args: ["--fail"] })).code, 7);
  });
});

interface Start {
  readonly node?: string;
  readonly args?: readonly string[];
  /** Sent as soon as the gateway has spoken. */
  readonly stopWith?: NodeJS.Signals;
}

async function start(t: TestContext, { node = process.execPath, args = [], stopWith }: Start) {
  const root = preparedCheckout(t);
  return runProgram(node, [join(root, "scripts/start.mjs"), ...args], {
    onOutput: (_, kill) => {
      if (stopWith) kill(stopWith);
    },
  });
}

/** A checkout in which everything is installed and built already. */
function preparedCheckout(t: TestContext): string {
  const root = sampleTree(t, {
    "package-lock.json": '{ "packages": {} }',
    "scripts/build.mjs": "",
    "scripts/gen.ts": "",
    "node_modules/.package-lock.json": '{ "packages": {} }',
    "packages/openclaw/bin/openclaw.mjs": GATEWAY,
    "packages/openclaw/dist/.stamp": "",
  });
  for (const name of ["start.mjs", "prepare.mjs", "prepare"])
    cpSync(join(import.meta.dirname, name), join(root, "scripts", name), { recursive: true });
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  writeFileSync(join(root, "node_modules/.openclaw-install"), JSON.stringify({ lock, node: process.execPath }));
  writeFileSync(join(root, "packages/openclaw/dist/.stamp"), sourcesOf(root));
  return root;
}

function isOld(node: string): boolean {
  const { status, stdout } = spawnSync(node, ["--version"], { encoding: "utf8" });
  return status === 0 && !isSuitable(stdout.trim().slice(1));
}
