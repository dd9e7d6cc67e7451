// @ts-check
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** The oldest Node that runs OpenClaw: the first that runs TypeScript sources without a flag. */
export const OLDEST_NODE = "22.18.0";

/**
 * @param {string} version such as "22.18.0"
 * @returns whether OpenClaw runs on it
 */
export function isSuitable(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE.split(".").map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

/**
 * The Node to run OpenClaw with: the one that came with the workspace's packages, else the one running now.
 * Undefined when neither is new enough. Runs the candidate once, so that one built for another C library is not chosen.
 * @param {string} root the checkout
 * @returns {string | undefined}
 */
export function findNode(root) {
  return packagedNodes(root).find(runs) ?? (isSuitable(process.versions.node) ? process.execPath : undefined);
}

/** @param {string} root */
function packagedNodes(root) {
  const modules = join(root, "node_modules");
  if (!existsSync(modules)) return [];
  return readdirSync(modules)
    .filter((name) => /^node-(bin-)?(linux|darwin|win)-(x64|arm64)$/.test(name))
    .map((name) => join(modules, name, "bin", process.platform === "win32" ? "node.exe" : "node"))
    .filter((path) => existsSync(path));
}

/** @param {string} path */
function runs(path) {
  const answer = spawnSync(path, ["--version"], { encoding: "utf8" });
  return answer.status === 0 && isSuitable(answer.stdout.trim().slice(1));
}
