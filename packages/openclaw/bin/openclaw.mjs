#!/usr/bin/env node
// The command `openclaw`. Written so that Node 18 still parses it: whoever runs an old Node gets a sentence, not a syntax error.
import { existsSync, lstatSync, mkdirSync } from "node:fs";
import module from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const OLDEST = [22, 18];
const SOURCE_CONDITION = "--conditions=openclaw-source";
const built = new URL("../dist/openclaw.js", import.meta.url);
const sources = new URL("../src/cli/entry.ts", import.meta.url);

if (isTooOld(process.versions.node)) {
  process.stderr.write(
    `OpenClaw needs Node ${OLDEST.join(".")} or newer, and this is Node ${process.versions.node}. ` +
      "Install a current Node from https://nodejs.org and run the command again.\n",
  );
  process.exit(1);
}

enableCompileCache();
muteSqliteWarning();
if (process.env.OPENCLAW_FROM_SOURCE === "1" || !existsSync(built)) await runSources();
else await import(built.href);

/** Node's answer to "which version" is compared by major and minor only. */
function isTooOld(version) {
  const [major, minor] = version.split(".").map(Number);
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
}

/**
 * Keeps V8's compiled code between starts, in a folder only this user can write: whoever can write there runs code here.
 * Any doubt about the folder means no cache.
 */
function enableCompileCache() {
  if (process.env.NODE_DISABLE_COMPILE_CACHE) return;
  try {
    const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "openclaw", "v8");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder);
    const mine = !process.getuid || (found.uid === process.getuid() && (found.mode & 0o077) === 0);
    if (found.isDirectory() && mine) module.enableCompileCache(folder);
  } catch {
    // A read-only or missing home: slower, not broken.
  }
}

/** Node 22 calls its SQLite experimental on every start; the versions that run OpenClaw have all been tested with it. */
function muteSqliteWarning() {
  const emitWarning = process.emitWarning;
  process.emitWarning = (warning, ...rest) => {
    if (!String(warning).startsWith("SQLite is an experimental feature")) emitWarning.call(process, warning, ...rest);
  };
}

/** Runs the TypeScript sources of a checkout; Node must resolve `openclaw/sdk` to sources too, which only a flag can say. */
async function runSources() {
  if (!existsSync(sources)) {
    process.stderr.write(
      "This installation of OpenClaw is incomplete: dist/openclaw.js is missing. Install it again.\n",
    );
    process.exit(1);
  }
  if (process.execArgv.includes(SOURCE_CONDITION)) {
    await import(sources.href);
    return;
  }
  const { spawn } = await import("node:child_process");
  const self = fileURLToPath(import.meta.url);
  const child = spawn(process.execPath, [...process.execArgv, SOURCE_CONDITION, self, ...process.argv.slice(2)], {
    stdio: "inherit",
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 143)));
}
