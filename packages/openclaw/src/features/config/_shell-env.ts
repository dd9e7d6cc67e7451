import type { Env } from "../../base/env.ts";
import type { Spawn } from "../../base/spawn.ts";
import type { Clock } from "../../base/time.ts";
export async function importShellEnv(_: {
  env: Env;
  settings: Readonly<Record<string, unknown>>;
  cwd: string;
  spawn: Spawn;
  clock: Clock;
}): Promise<Env> {
  return {};
}
