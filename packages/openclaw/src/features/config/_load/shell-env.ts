/**
 * Keys from the login shell, for a process that was not started from one: runs `$SHELL -l` once, takes the
 * expected keys that are missing, and nothing else. Not done when any of them is set already.
 */
import { isAbsolute } from "node:path";
import { platform as system } from "node:process";
import { childEnv, type Env } from "../../../base/env.ts";
import type { Spawn } from "../../../base/spawn.ts";
import type { Clock } from "../../../base/time.ts";
import { isExpectedKey } from "./expected-keys.ts";
import type { Dict } from "./merge.ts";

const SWITCH = "OPENCLAW_LOAD_SHELL_ENV";
const DEFAULT_TIMEOUT_MS = 15_000;
const MAX_OUTPUT = 1024 * 1024;
/** A NUL before the list ends whatever a profile has printed. */
const COMMAND = "printf '\\0'; env -0";

export interface ShellEnvOptions {
  /** With the `env` block in it. */
  readonly env: Env;
  /** `env.shellEnv` of the file. */
  readonly settings: Dict;
  readonly cwd: string;
  readonly spawn: Spawn;
  readonly clock: Clock;
}

/** What the shell adds, and the mark that it has been asked. Never throws: without an answer nothing is added. */
export async function importShellEnv(options: ShellEnvOptions): Promise<Env> {
  const { env, settings } = options;
  if (system === "win32" || !isWanted(env[SWITCH], settings["enabled"] === true)) return {};
  const isSet = Object.keys(env).some((name) => isExpectedKey(name) && env[name]);
  const found = isSet ? {} : await askShell(options).catch(() => ({}));
  const missing = Object.entries(found).filter(([name, value]) => isExpectedKey(name) && value !== "" && !env[name]);
  return { ...Object.fromEntries(missing), [SWITCH]: DONE };
}

/** Value of the switch in a process that has asked its shell. */
const DONE = "done";

/** The variable beats the file. */
function isWanted(given: string | undefined, enabled: boolean): boolean {
  if (given === DONE) return false;
  return given ? !/^(?:0|false|no|off)$/i.test(given) : enabled;
}

async function askShell({ env, settings, cwd, spawn, clock }: ShellEnvOptions): Promise<Record<string, string>> {
  const shell = env["SHELL"];
  const chunks: Buffer[] = [];
  let size = 0;
  const child = await spawn({
    argv: [shell && isAbsolute(shell) ? shell : "/bin/sh", "-l", "-c", COMMAND],
    cwd,
    env: childEnv(env),
    onOutput: (stream, chunk) => {
      size += stream === "stdout" ? chunk.length : 0;
      if (stream === "stdout" && size <= MAX_OUTPUT) chunks.push(Buffer.from(chunk));
    },
  });
  const cancel = clock.timer(timeoutOf(env, settings), () => void child.kill(0));
  const { code } = await child.exit.finally(cancel);
  if (code !== 0 || size > MAX_OUTPUT) return {};
  const [, ...entries] = Buffer.concat(chunks).toString("utf8").split("\0");
  return Object.fromEntries(
    entries.flatMap((entry) => {
      const at = entry.indexOf("=");
      return at > 0 ? [[entry.slice(0, at), entry.slice(at + 1)] as const] : [];
    }),
  );
}

function timeoutOf(env: Env, settings: Dict): number {
  const fromEnv = Number(env["OPENCLAW_SHELL_ENV_TIMEOUT_MS"]);
  if (Number.isInteger(fromEnv) && fromEnv > 0) return fromEnv;
  const fromFile = settings["timeoutMs"];
  return typeof fromFile === "number" && fromFile > 0 ? fromFile : DEFAULT_TIMEOUT_MS;
}
