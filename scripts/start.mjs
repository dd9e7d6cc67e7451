// @ts-check
// `npm start`: prepare, then be the gateway. Arguments go to `openclaw start`.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { prepare } from "./prepare.mjs";
import { isSuitable } from "./prepare/node.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const command = join(root, "packages", "openclaw", "bin", "openclaw.mjs");
const args = ["start", "--from-checkout", ...process.argv.slice(2)];

const node = await prepare(root);
if (isSuitable(process.versions.node)) await becomeGateway();
else runGateway();

/** One process less: the Node that runs this script is good enough for the gateway. */
async function becomeGateway() {
  process.on("exit", (code) => {
    if (isInterrupted(code)) process.exitCode = 0;
  });
  process.argv = [process.execPath, command, ...args];
  await import(pathToFileURL(command).href);
}

/** The terminal sends Ctrl-C to both processes, so a signal is passed on once and an end that was asked for is no failure. */
function runGateway() {
  const child = spawn(node, [command, ...args], { stdio: "inherit" });
  let asked = false;
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
    process.on(signal, () => {
      if (!asked && !(signal === "SIGINT" && process.stdin.isTTY)) child.kill(signal);
      asked = true;
    });
  }
  child.on("error", (error) => {
    process.stderr.write(
      `${node} could not be started: ${error.message}. Remove node_modules and run npm start again.\n`,
    );
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    process.exit(asked && (signal !== null || isInterrupted(code)) ? 0 : (code ?? 1));
  });
}

/**
 * Whether an exit code says "ended by Ctrl-C or SIGTERM", which npm would report as a failure.
 * @param {number | null} code
 */
function isInterrupted(code) {
  return code === 130 || code === 143;
}
