/** Chromium for the tests of the page. */
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";

const USUAL = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const path = [process.env["CHROMIUM_PATH"], ...USUAL].find((one) => one !== undefined && existsSync(one));

/** Why the tests cannot run here, or false: the value of a test's `skip`. */
export const NO_BROWSER: string | false =
  path === undefined &&
  "no Chromium was found: install it (Debian: apt-get install chromium) or set CHROMIUM_PATH to its program";

export function launch(): Promise<Browser> {
  return chromium.launch({ ...(path === undefined ? {} : { executablePath: path }), args: FLAGS });
}
