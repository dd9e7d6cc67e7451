// @ts-check
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findNode, OLDEST_NODE } from "./node.mjs";
import { step, StepFailed } from "./step.mjs";

/**
 * Makes `node_modules` agree with `package-lock.json` and answers with the Node to run OpenClaw with.
 * When nothing changed since the last time this reads two files. Install scripts never run.
 * @param {string} root the checkout
 * @returns {Promise<string>} path of a suitable Node
 */
export async function install(root) {
  const lock = readFileSync(join(root, "package-lock.json"));
  const digest = createHash("sha256").update(lock).digest("hex");
  const known = readStamp(root);
  if (known && known.lock === digest && existsSync(known.node)) return known.node;

  if (!agrees(root, lock.toString("utf8"))) await runNpm(root);
  const node = findNode(root);
  if (!node) {
    throw new StepFailed(
      `No Node ${OLDEST_NODE} or newer is available for ${process.platform} ${process.arch}: install one from https://nodejs.org and run the command again.`,
      "",
    );
  }
  writeFileSync(stampPath(root), JSON.stringify({ lock: digest, node }));
  return node;
}

/** @param {string} root */
function runNpm(root) {
  const npm = process.env["npm_execpath"];
  const args = [
    "ci",
    "--ignore-scripts",
    "--include=dev",
    "--include=optional",
    "--no-fund",
    "--no-audit",
    "--loglevel=error",
  ];
  return step({
    title: "Installing packages (about 150 MB the first time)",
    // The Node that runs npm, not the one inside the node_modules that npm is about to replace.
    command: npm ? (process.env["npm_node_execpath"] ?? process.execPath) : "npm",
    args: npm ? [npm, ...args] : args,
    cwd: root,
    remedy:
      "The packages could not be installed: check that the npm registry can be reached and the disk has 1 GB free, then run the command again.",
  });
}

/**
 * Whether npm's own record of what it installed already satisfies the lock file.
 * @param {string} root
 * @param {string} lock
 */
function agrees(root, lock) {
  const record = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, "utf8")).packages ?? {};
  return Object.entries(JSON.parse(lock).packages).every(([path, wanted]) => {
    if (!path.includes("node_modules/") || wanted.link) return true;
    const found = installed[path];
    return found ? found.version === wanted.version : wanted.optional === true || wanted.peer === true;
  });
}

/**
 * @param {string} root
 * @returns {{ lock: string, node: string } | undefined}
 */
function readStamp(root) {
  try {
    return JSON.parse(readFileSync(stampPath(root), "utf8"));
  } catch {
    return undefined; // Never installed, or cut off while writing: the work is done again.
  }
}

/** @param {string} root */
function stampPath(root) {
  return join(root, "node_modules", ".openclaw-install");
}
