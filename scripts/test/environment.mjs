// @ts-check
import { mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

/** Variables that change what a gateway does; a developer's own must not reach a test. */
const OURS = /^OPENCLAW_(?!TEST_)|_API_KEY$|_BOT_TOKEN$|^OLLAMA_HOST$|^XDG_/;

/**
 * The environment for tests: an empty home and none of the developer's settings, so that no test can read or
 * write their `~/.openclaw`. npm keeps its own configuration and cache.
 */
export function isolatedHome() {
  const home = mkdtempSync(join(tmpdir(), "openclaw-test-home-"));
  const kept = Object.entries(process.env).filter(([name]) => !OURS.test(name));
  /** @type {NodeJS.ProcessEnv} */
  const env = {
    npm_config_userconfig: join(homedir(), ".npmrc"),
    npm_config_cache: join(homedir(), ".npm"),
    ...Object.fromEntries(kept),
    HOME: home,
    USERPROFILE: home,
  };
  return { env, remove: () => rmSync(home, { recursive: true, force: true }) };
}
