// @ts-check
import { existsSync } from "node:fs";

const USUAL = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

export const NO_BROWSER =
  "no Chromium was found. Install it (Debian: apt-get install chromium) or set CHROMIUM_PATH to its program.";

/** The browser for tests: `CHROMIUM_PATH`, else one in its usual place. */
export function findBrowser() {
  return [process.env["CHROMIUM_PATH"], ...USUAL].find((path) => path && existsSync(path));
}
