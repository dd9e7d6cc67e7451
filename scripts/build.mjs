// @ts-check
// `npm run build`: the release build of packages/openclaw, in five steps. The old build stays until the new one is whole.
//   1 ui        the Control UI, at the same time as 2 and 3  dist/ui
//   2 gen       registries, reference pages                  packages/openclaw/src/generated, docs/reference
//   3 bundle    entries and lazily loaded chunks             dist/*.js
//   4 assets    skills, licences of what was bundled         dist/skills, dist/THIRD-PARTY-LICENSES.txt
//   5 publish   the finished folder takes dist's place
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify, stripVTControlCharacters } from "node:util";
import { bundle } from "./build/bundle.mjs";
import { licencesOf } from "./build/licences.mjs";
import { buildUi } from "./build/ui.mjs";
import { sourcesOf, stampPath } from "./prepare/build.mjs";
import { seconds } from "./prepare/step.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const product = join(root, "packages", "openclaw");
const dist = join(product, "dist");
const fresh = `${dist}.${process.pid}`;

const sources = sourcesOf(root);
/** @type {Set<string>} files of other people's packages that went into the build */
const bundled = new Set();

try {
  mkdirSync(fresh, { recursive: true });
  await all(
    timed("ui", () => buildUi({ root, into: join(fresh, "ui"), bundled })),
    buildGateway(),
  );
  await timed("assets", copyAssets);
  writeFileSync(stampPath(fresh), sources);
  publish();
} catch (error) {
  const { message } = /** @type {Error} */ (error);
  process.stderr.write(`${stripVTControlCharacters(message)}\n`);
  process.exitCode = 1;
} finally {
  rmSync(fresh, { recursive: true, force: true });
}

async function buildGateway() {
  const generate = ["--conditions=openclaw-source", join(root, "scripts", "gen.ts")];
  await timed("gen", () => promisify(execFile)(process.execPath, generate, { cwd: root }));
  await timed("bundle", () => bundle({ root, into: fresh, bundled }));
}

function copyAssets() {
  const skills = join(root, "skills");
  if (existsSync(skills)) cpSync(skills, join(fresh, "skills"), { recursive: true });
  for (const name of ["LICENSE", "README.md"]) {
    if (existsSync(join(root, name))) cpSync(join(root, name), join(product, name));
  }
  writeFileSync(join(fresh, "THIRD-PARTY-LICENSES.txt"), licencesOf(bundled));
}

function publish() {
  const old = `${fresh}.old`;
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(fresh, dist);
  rmSync(old, { recursive: true, force: true });
}

/**
 * Waits for all to end, whatever becomes of the others, so that nothing writes after a failure.
 * @param {Promise<void>[]} work
 */
async function all(...work) {
  for (const outcome of await Promise.allSettled(work)) if (outcome.status === "rejected") throw outcome.reason;
}

/**
 * @param {string} name
 * @param {() => unknown} work
 */
async function timed(name, work) {
  const began = performance.now();
  await work();
  process.stdout.write(`${name.padEnd(8)} ${seconds(performance.now() - began)}\n`);
}
