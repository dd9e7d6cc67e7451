/** Step 1 of loading: where home, state directory and configuration are. Needs no configuration. */
import { join, resolve } from "node:path";
import type { Env } from "../../../base/env.ts";
import type { Paths } from "../../../contracts/service.ts";
import { errors } from "../errors.ts";
import { withMissing } from "./with-missing.ts";

export interface PlaceFlags {
  readonly profile?: string;
  readonly dev?: boolean;
}

export interface Place {
  readonly paths: Paths;
  /** The environment with the profile of the flag, and the port of dev mode where none was set. */
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
  const profile = flags.profile ?? env["OPENCLAW_PROFILE"];
  const suffix = suffixOf(flags.dev ? flags.profile : profile, flags.dev ?? false);
  const state = resolve(expand(env["OPENCLAW_STATE_DIR"] || join(home, `.openclaw${suffix}`), home));
  const config = resolve(expand(env["OPENCLAW_CONFIG_PATH"] || join(state, "openclaw.json"), home));
  return {
    paths: { home, state, config },
    env: environment(env, flags),
    isDefault: state === join(home, ".openclaw"),
  };
}

/** With what the flags say, for parts that only see the environment. */
function environment(env: Env, { profile, dev }: PlaceFlags): Env {
  const ports = withMissing(env, dev ? { OPENCLAW_GATEWAY_PORT: DEV_PORT } : {});
  return profile ? { ...ports, OPENCLAW_PROFILE: profile } : ports;
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
