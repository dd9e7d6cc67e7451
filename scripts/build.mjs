// @ts-check
// `npm run build`: the release build of packages/openclaw, in five steps. The old build stays until the new one is whole.
//   1 gen       registries, reference pages                  packages/openclaw/src/generated, docs/reference
//   2 ui        the Control UI                               dist/ui
//   3 bundle    entries and lazily loaded chunks             dist/*.js
//   4 assets    skills, licences of what was bundled         dist/skills, dist/THIRD-PARTY-LICENSES.txt
//   5 publish   the finished folder takes dist's place
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
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
  await timed("gen", generate);
  await timed("ui", () => buildUi({ root, into: join(fresh, "ui"), bundled }));
  await timed("bundle", () => bundle({ root, into: fresh, bundled }));
  await timed("assets", copyAssets);
  writeFileSync(stampPath(fresh), sources);
  publish();
} finally {
  rmSync(fresh, { recursive: true, force: true });
}

function generate() {
  const args = ["--conditions=openclaw-source", join(root, "scripts", "gen.ts")];
  execFileSync(process.execPath, args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
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
 * @param {string} name
 * @param {() => unknown} work
 */
async function timed(name, work) {
  const began = performance.now();
  await work();
  process.stdout.write(`${name.padEnd(8)} ${seconds(performance.now() - began)}\n`);
}
