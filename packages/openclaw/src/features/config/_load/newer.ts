/** A configuration that a newer version has written, in the hands of an older one. */
import type { Env } from "../../../base/env.ts";
import { errors } from "../errors.ts";
import { valueAt } from "../_path.ts";

/** `YYYY.M.D` or `YYYY.M.D-beta.N`. */
const VERSION = /^v?(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?$/;
const OVERRIDE = "OPENCLAW_ALLOW_OLDER_BINARY_DESTRUCTIVE_ACTIONS";

/** The version that wrote the configuration, when it is newer than `running`. What is no version is never newer. */
export function newerVersion(config: unknown, running: string): string | undefined {
  const written = valueAt(config, "meta.lastTouchedVersion");
  return typeof written === "string" && compareVersions(written, running) > 0 ? written : undefined;
}

/** One line for commands that only read. */
export function newerWarning(config: unknown, running: string): string | undefined {
  const written = newerVersion(config, running);
  return written && `The configuration was written by OpenClaw ${written}, which is newer than this one (${running}).`;
}

/**
 * Stops what would take a running installation away from the newer version; `action` is the command.
 * Throws `CONFIG_NEWER`, unless the environment allows it.
 */
export function refuseNewer(
  config: unknown,
  by: { readonly version: string; readonly env: Env; readonly action: string },
): void {
  const written = newerVersion(config, by.version);
  if (written === undefined || by.env[OVERRIDE] === "1") return;
  throw errors.CONFIG_NEWER({ written, running: by.version, action: by.action });
}

/** Below, equal to or above 0 as `a` is older, the same or newer. A prerelease is older than its release. */
export function compareVersions(a: string, b: string): number {
  const [one, two] = [VERSION.exec(a), VERSION.exec(b)];
  if (!one || !two) return 0;
  for (const part of [1, 2, 3]) {
    const way = Number(one[part]) - Number(two[part]);
    if (way !== 0) return way;
  }
  return comparePrerelease(one[4], two[4]);
}

function comparePrerelease(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return (a === undefined ? 1 : 0) - (b === undefined ? 1 : 0);
  const [one, two] = [a.split("."), b.split(".")];
  for (let at = 0; at < Math.max(one.length, two.length); at += 1) {
    const [x = "", y = ""] = [one[at], two[at]];
    if (x === y) continue;
    const numbers = /^\d+$/.test(x) && /^\d+$/.test(y);
    return numbers ? Number(x) - Number(y) : x < y ? -1 : 1;
  }
  return 0;
}
