/** A visit to the page: a context of its own, watched for violations and foreign requests. */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import type { Backend } from "./_backend.ts";

export interface VisitOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: "light" | "dark";
  readonly touch?: boolean;
  /** Part of the address after the origin; by default the token in the fragment. */
  readonly at?: string;
  /** Shares cookies and storage with another visit. */
  readonly context?: BrowserContext;
}

const WAIT_MS = 15_000;

export class Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page must never cause: violations of its policy, errors, requests to others. */
  readonly faults: string[] = [];

  constructor(page: Page, context: BrowserContext, origin: string) {
    this.page = page;
    this.context = context;
    page.setDefaultTimeout(WAIT_MS);
    page.on("pageerror", (error) => this.faults.push(`error: ${error.message}`));
    page.on("console", (message) => {
      const refused = /Content Security Policy|Refused to/i.test(message.text());
      if (refused) this.faults.push(`console: ${message.text()}`);
    });
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (!["data:", "blob:"].includes(url.protocol) && url.origin !== origin)
        this.faults.push(`request: ${request.url()}`);
    });
  }

  get composer(): Locator {
    return this.page.getByRole("textbox", { name: "Message" });
  }

  get answers(): Locator {
    return this.page.locator(".answer > .md");
  }

  get own(): Locator {
    return this.page.locator(".own");
  }

  get status(): Locator {
    return this.page.locator(".status-line");
  }

  /** Waits for the conversation to stand. */
  async ready(): Promise<this> {
    await this.composer.waitFor();
    return this;
  }

  async say(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press("Enter");
  }

  /** Says something and waits until the answer has ended. */
  async ask(text: string): Promise<void> {
    const before = await this.own.count();
    await this.say(text);
    await this.own.nth(before).waitFor();
    await this.own.nth(before).and(this.page.locator(":not([data-state])")).waitFor();
    await this.idle();
  }

  /** Opens an empty conversation of its own. */
  async newChat(): Promise<void> {
    const before = this.page.url();
    await this.page.getByRole("button", { name: "New chat" }).first().click();
    await this.page.waitForURL((url) => url.href !== before);
    await this.page.getByText("What can I do for you?").waitFor();
  }

  async idle(): Promise<void> {
    await this.status.waitFor({ state: "detached" });
  }

  /** Waits until `read` gives what `expected` says. */
  async eventually<T>(read: () => Promise<T>, expected: T): Promise<void> {
    const until = Date.now() + WAIT_MS;
    for (;;) {
      const value = await read();
      try {
        assert.deepEqual(value, expected);
        return;
      } catch (error) {
        if (Date.now() > until) throw error;
        await this.page.waitForTimeout(50);
      }
    }
  }

  async shot(name: string): Promise<void> {
    mkdirSync(SCREENS, { recursive: true });
    await this.page.screenshot({ path: `${SCREENS}${name}.png`, animations: "disabled" });
  }
}

const SCREENS = fileURLToPath(new URL("./.screens/", import.meta.url));

/** Opens the page; after the test it must have caused no fault. */
export async function visit(
  t: TestContext,
  browser: Browser,
  backend: Backend,
  options: VisitOptions = {},
): Promise<Visit> {
  const context =
    options.context ??
    (await browser.newContext({
      viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
      colorScheme: options.theme ?? "light",
      hasTouch: options.touch ?? false,
      permissions: ["clipboard-read", "clipboard-write"],
      locale: "en-GB",
    }));
  const made = new Visit(await context.newPage(), context, backend.origin);
  t.after(async () => {
    await made.page.close();
    if (options.context === undefined) await context.close();
    assert.deepEqual(made.faults, []);
  });
  await made.page.goto(`${backend.origin}/${options.at ?? `#token=${backend.token}`}`);
  return made;
}
