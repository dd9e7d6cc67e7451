/** Which shell runs a command line, and with which environment. */
import { delimiter } from "node:path";
import { platform as system } from "node:process";
import { childEnv, forbiddenChildVariables, type Env } from "../../base/env.ts";
import { errors } from "./errors.ts";

/** Shells that take `-c` and understand POSIX syntax. Others (fish, nologin) are replaced. */
const POSIX_SHELLS = /(?:^|\/)(?:sh|bash|zsh|dash|ksh)$/;

/** Baseline for services that are started without a PATH. */
const DAEMON_PATH =
  system === "darwin" ? "/opt/homebrew/bin:/usr/local/bin:/usr/bin:/bin" : "/usr/local/bin:/usr/bin:/bin";

export function shellArgv(command: string, env: Env): [string, ...string[]] {
  if (system === "win32") return ["powershell.exe", "-NoProfile", "-NonInteractive", "-Command", command];
  return [posixShell(env), "-c", command];
}

export function posixShell(env: Env): string {
  const shell = env["SHELL"] ?? "";
  if (POSIX_SHELLS.test(shell)) return shell;
  return shell.endsWith("/fish") ? "bash" : "/bin/sh";
}

/** Throws `EXEC_ENV_FORBIDDEN` when the call sets variables that load code or redirect programs. */
export function checkCallEnv(requested: Readonly<Record<string, string>>): void {
  const names = forbiddenChildVariables(requested);
  if (names.length > 0) throw errors.EXEC_ENV_FORBIDDEN({ names });
}

/** Environment of a command: what children may inherit, the call's variables, and PATH. */
export function commandEnv(
  env: Env,
  requested: Readonly<Record<string, string>>,
  path: string,
): Record<string, string> {
  return { ...childEnv(env, requested), PATH: path, OPENCLAW_SHELL: "exec" };
}

/** The folders of several PATHs in order, each once. */
export function joinPaths(...paths: readonly (string | undefined)[]): string {
  const folders = paths.flatMap((path) => (path ?? "").split(delimiter)).filter((folder) => folder !== "");
  return [...new Set(folders)].join(delimiter);
}

export function ownPath(env: Env): string {
  const path = env["PATH"];
  return path === undefined || path === "" ? DAEMON_PATH : path;
}
