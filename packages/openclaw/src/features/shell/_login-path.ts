/** The PATH of the person's login shell: a service manager starts the gateway with less. */
import { platform as system } from "node:process";
import { childEnv } from "../../base/env.ts";
import type { Platform } from "../../contracts/service.ts";
import { joinPaths, ownPath, posixShell } from "./_shell.ts";

const DEADLINE_MS = 1500;
const MAX_OUTPUT = 64 * 1024;
const MARK = "__openclaw_path__";

/** This process's PATH, then the folders that only the login shell knows. Never throws. */
export async function searchPath(platform: Platform): Promise<string> {
  const own = ownPath(platform.env);
  if (system === "win32") return own;
  return joinPaths(own, await loginPath(platform).catch(() => undefined));
}

async function loginPath({ env, spawn, clock, paths }: Platform): Promise<string | undefined> {
  let output = "";
  const child = await spawn({
    argv: [posixShell(env), "-lc", `printf '\\n${MARK}%s\\n' "$PATH"`],
    cwd: paths.home,
    env: childEnv(env),
    onOutput: (stream, chunk) => {
      if (stream === "stdout" && output.length < MAX_OUTPUT) output += chunk.toString("utf8");
    },
  });
  const cancel = clock.timer(DEADLINE_MS, () => void child.kill(0));
  await child.exit.finally(cancel);
  const line = output.split("\n").find((text) => text.startsWith(MARK));
  return line?.slice(MARK.length);
}
