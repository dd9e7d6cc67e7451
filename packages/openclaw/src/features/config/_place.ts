/** Step 1 of loading: where home, state directory and configuration are. Needs no configuration. */
import { join, resolve } from "node:path";
import type { Env } from "../../base/env.ts";
import type { Paths } from "../../contracts/service.ts";
import { errors } from "./errors.ts";

export interface PlaceFlags {
  readonly profile?: string;
  readonly dev?: boolean;
}

export interface Place {
  readonly paths: Paths;
  /** The environment with what profile and dev mode fill in where nothing was set. */
  readonly env: Env;
  /** Whether the state directory is the one used when nothing is said. */
  readonly isDefault: boolean;
}

const DEV_PORT = "19001";

/**
 * Explicit variables beat `--profile` and `--dev`, which beat the default `~/.openclaw`.
 * `osHome` is used when the environment names no home. Throws `PROFILE_INVALID`.
 */
export function resolvePlace(env: Env, flags: PlaceFlags, osHome: string): Place {
  const home = homeOf(env, osHome);
  const suffix = suffixOf(flags.profile ?? env["OPENCLAW_PROFILE"], flags.dev ?? false);
  const state = resolve(expand(env["OPENCLAW_STATE_DIR"] || join(home, `.openclaw${suffix}`), home));
  const config = resolve(expand(env["OPENCLAW_CONFIG_PATH"] || join(state, "openclaw.json"), home));
  return {
    paths: { home, state, config },
    env: flags.dev && !env["OPENCLAW_GATEWAY_PORT"] ? { ...env, OPENCLAW_GATEWAY_PORT: DEV_PORT } : env,
    isDefault: state === join(home, ".openclaw"),
  };
}

/** `~` and `~/…` become paths below `home`. */
function expand(path: string, home: string): string {
  return path === "~" || path.startsWith("~/") ? join(home, path.slice(1)) : path;
}

function homeOf(env: Env, osHome: string): string {
  const system = env["HOME"] || env["USERPROFILE"] || osHome;
  return resolve(expand(env["OPENCLAW_HOME"] || system, system));
}

function suffixOf(profile: string | undefined, dev: boolean): string {
  if (dev) {
    if (profile) throw errors.PROFILE_INVALID({ reason: "--dev and --profile exclude each other." });
    return "-dev";
  }
  if (!profile || profile === "default") return "";
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(profile))
    throw errors.PROFILE_INVALID({ reason: `${JSON.stringify(profile)} is not a profile name.` });
  return `-${profile}`;
}
