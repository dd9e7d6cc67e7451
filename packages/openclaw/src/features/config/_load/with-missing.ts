import type { Env } from "../../../base/env.ts";

/** `env` with those of `extra` that it lacks or holds empty. */
export function withMissing(env: Env, extra: Env): Env {
  const added = Object.entries(extra).filter(([name, value]) => value !== undefined && !env[name]);
  return added.length === 0 ? env : { ...env, ...Object.fromEntries(added) };
}
