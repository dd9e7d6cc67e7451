// @ts-check
import { readdirSync, readFileSync } from "node:fs";
import { basename, join, sep } from "node:path";
import { filesUnder, fingerprint } from "./files.mjs";
import { step } from "./step.mjs";

/**
 * Builds `packages/openclaw/dist` unless it was built from exactly these sources.
 * @param {string} root the checkout
 * @param {string} node the Node to build with
 */
export async function build(root, node) {
  if (builtFrom(root) === sourcesOf(root)) return;
  await step({
    title: "Building",
    command: node,
    args: [join(root, "scripts", "build.mjs")],
    cwd: root,
    remedy: "The build failed; the reason is above. `npm run check` names mistakes in the sources.",
  });
}

/**
 * The fingerprint of everything that a build reads: sources, extensions, skills, package and build files.
 * Tests and what the generator writes are left out.
 * @param {string} root
 */
export function sourcesOf(root) {
  const packages = readdirSync(join(root, "packages")).map((name) => join(root, "packages", name));
  const folders = [
    ...packages,
    join(root, "extensions"),
    join(root, "skills"),
    join(root, "scripts", "build"),
    join(root, "scripts", "gen"),
  ];
  const files = folders.flatMap((folder) => filesUnder(folder, isBuildInput));
  const single = ["package-lock.json", "scripts/build.mjs", "scripts/gen.ts"].map((name) => join(root, name));
  return fingerprint([...files, ...single]);
}

/**
 * What the present build was made from; undefined when there is none.
 * @param {string} root
 */
export function builtFrom(root) {
  try {
    return readFileSync(stampPath(join(root, "packages", "openclaw", "dist")), "utf8");
  } catch {
    return undefined;
  }
}

/** @param {string} dist */
export function stampPath(dist) {
  return join(dist, ".stamp");
}

/** Written by the build or of no consequence to it. */
const IGNORED = new Set(["LICENSE", "README.md"]);

/** @param {string} path */
function isBuildInput(path) {
  return !/\.(test|fixture)\.ts$/.test(path) && !path.includes(`${sep}generated${sep}`) && !IGNORED.has(basename(path));
}
