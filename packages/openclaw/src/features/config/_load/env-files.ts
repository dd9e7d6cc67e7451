/** `.env` files: fallbacks for variables that the process does not have. */
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { forbiddenChildVariables, type Env } from "../../../base/env.ts";
import { errorText } from "../../../base/errors.ts";
import { readText } from "../../../base/files.ts";
import type { Place } from "./place.ts";
import { withMissing } from "./with-missing.ts";

const MAX_BYTES = 1024 * 1024;

/**
 * Variables that decide where messages go or how programs run. A folder that somebody works in (a clone
 * of a stranger's project) must not set them.
 */
const UNTRUSTED = /^(?:OPENCLAW_|MATRIX_|MATTERMOST_|IRC_|SYNOLOGY_CHAT_|NODE_)|_PROXY$|^SSL_CERT_/i;

export interface EnvFiles {
  /** The environment with what the files add. */
  readonly env: Env;
  /** Sentences about files that could not be read or that disagree. */
  readonly warnings: readonly string[];
}

/**
 * Adds `.env` of the current directory, of the state directory and, with the default state directory,
 * `~/.config/openclaw/gateway.env`, in this order. None changes a variable that is set and not empty.
 */
export async function readEnvFiles(place: Place, cwd: string): Promise<EnvFiles> {
  const { home, state } = place.paths;
  const warnings: string[] = [];
  const read = (path: string) => parseFile(path, warnings);
  const own = await read(join(state, ".env"));
  const local = resolve(cwd) === state ? {} : trusted(await read(join(cwd, ".env")));
  const fallbackPath = join(home, ".config", "openclaw", "gateway.env");
  const fallback = place.isDefault ? await read(fallbackPath) : {};
  const disagree = Object.keys(fallback).filter((name) => own[name] !== undefined && own[name] !== fallback[name]);
  if (disagree.length > 0)
    warnings.push(
      `${fallbackPath} and ${join(state, ".env")} disagree about ${disagree.join(", ")}; the latter is used.`,
    );
  return { env: withMissing(withMissing(withMissing(place.env, local), own), fallback), warnings };
}

function trusted(vars: Record<string, string>): Record<string, string> {
  const loaders = new Set(forbiddenChildVariables(vars));
  return Object.fromEntries(Object.entries(vars).filter(([name]) => !UNTRUSTED.test(name) && !loaders.has(name)));
}

async function parseFile(path: string, warnings: string[]): Promise<Record<string, string>> {
  try {
    const text = await readText(path, MAX_BYTES);
    if (text === undefined) return {};
    return Object.fromEntries(
      Object.entries(parseEnv(text)).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
  } catch (error) {
    warnings.push(`${path} was not read: ${errorText(error)}.`);
    return {};
  }
}
