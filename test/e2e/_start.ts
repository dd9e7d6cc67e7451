/** Gateway and browser for one test file. `OPENCLAW_TEST_GATEWAY=fake` leaves the real gateway out. */
import { after, before } from "node:test";
import type { Browser } from "playwright-core";
import type { Backend } from "./_backend.ts";
import { NO_BROWSER, launch } from "./_browser.ts";
import { startFakeBackend } from "./_fake-backend.ts";
import { startRealBackend } from "./_real-backend.ts";

export interface Stage {
  readonly browser: Browser;
  readonly backend: Backend;
}

/** Starts both before the tests of the file and ends them after; the getters are for use inside tests. */
export function stage(make: () => Promise<Backend> = usual): Stage {
  let browser: Browser | undefined;
  let backend: Backend | undefined;
  if (NO_BROWSER === false) {
    before(async () => {
      [browser, backend] = await Promise.all([launch(), make()]);
    });
    after(async () => {
      await browser?.close();
      await backend?.close();
    });
  }
  const need = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error("the stage stands only while tests run");
    return value;
  };
  return {
    get browser() {
      return need(browser);
    },
    get backend() {
      return need(backend);
    },
  };
}

function usual(): Promise<Backend> {
  return process.env["OPENCLAW_TEST_GATEWAY"] === "fake" ? startFakeBackend() : startRealBackend("scripted");
}
