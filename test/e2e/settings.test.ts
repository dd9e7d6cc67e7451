import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import type { Locator } from "playwright-core";
import { NO_BROWSER } from "./_browser.ts";
import { POOR_CONTRAST } from "./_contrast.ts";
import { runCli, startRealBackend } from "./_real-backend.ts";
import { stage } from "./_start.ts";
import { visit } from "./_visit.ts";
import type { Visit, VisitOptions } from "./_visit.ts";

const on = stage(() => startRealBackend("offline"));
const options = { skip: NO_BROWSER };
const BY_CHANNEL = "messages.queue.debounceMsByChannel";
const LIMIT = "gateway.auth.rateLimit.maxAttempts";

async function open(t: TestContext, more: VisitOptions = {}): Promise<Visit> {
  const seen = await (await visit(t, on.browser, on.backend, more)).ready();
  if ((more.width ?? 1280) < 760) await seen.page.getByRole("button", { name: "Show conversations" }).tap();
  await seen.page.getByRole("button", { name: "Settings", exact: true }).click();
  await seen.page.getByText("Every setting of").waitFor();
  return seen;
}

function setting(seen: Visit, path: string): Locator {
  return seen.page.locator(`.setting[data-path="${path}"]`);
}

function result(seen: Visit, path: string): Locator {
  return seen.page.locator(".setting-place", {
    has: seen.page.locator(".setting-place-text > code", { hasText: exactly(path) }),
  });
}

function exactly(text: string): RegExp {
  return new RegExp(`^${text.replaceAll(".", "\\.")}$`);
}

async function find(seen: Visit, words: string, path: string, kind: "field" | "place" = "field"): Promise<Locator> {
  await seen.page.getByRole("searchbox", { name: "Search all settings" }).fill(words);
  await result(seen, path).click();
  const found = kind === "place" ? seen.page.locator(".settings-title") : setting(seen, path);
  await found.waitFor();
  return found;
}

async function save(seen: Visit): Promise<void> {
  await seen.page.getByRole("button", { name: "Save", exact: true }).click();
}

/** Waits for the gateway to restart. */
async function comesBack(seen: Visit): Promise<void> {
  await seen.page.locator(".connection-bar").waitFor();
  await seen.page.locator(".connection-bar").waitFor({ state: "detached", timeout: 40_000 });
}

const state = () => on.backend.state ?? "";
const configFile = () => join(state(), "openclaw.json");

/** What the file says at a path. */
async function stored(...path: readonly string[]): Promise<unknown> {
  const root = JSON.parse(await readFile(configFile(), "utf8")) as unknown;
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], root);
}

test("a setting is found by search, changed at once, reviewed, saved and taken back", options, async (t) => {
  const seen = await open(t);
  const field = await find(seen, "response prefix", "messages.responsePrefix");
  await field.getByText("Applies at once").waitFor();
  await field.getByRole("textbox").fill("[claw]");
  await seen.page.getByText("1 change", { exact: true }).waitFor();
  await seen.page.getByRole("button", { name: "Review" }).click();
  const review = seen.page.getByRole("dialog", { name: "What will change" });
  await review.getByText('"[claw]"').waitFor();
  await review.getByText("All of it applies at once.").waitFor();
  await review.getByRole("button", { name: "Save" }).click();
  await seen.page.getByText("Saved.").waitFor();
  assert.equal(await stored("messages", "responsePrefix"), "[claw]");
  await seen.page.getByRole("button", { name: "Undo" }).click();
  await seen.eventually(() => stored("messages", "responsePrefix"), undefined);
  await seen.eventually(() => field.getByRole("textbox").inputValue(), "");
});

test("a change that restarts the gateway says so before, and the page comes back by itself", options, async (t) => {
  const seen = await open(t);
  const field = await find(seen, "locked out", LIMIT);
  await field.getByText("Restarts the gateway").waitFor();
  await field.getByRole("textbox").fill("12");
  await seen.page.getByRole("button", { name: "Review" }).click();
  await seen.page.getByText("Saving restarts the gateway.").waitFor();
  await seen.page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await comesBack(seen);
  assert.equal(await stored("gateway", "auth", "rateLimit", "maxAttempts"), 12);
  await seen.page.getByText("Saved. Restarts the gateway.").waitFor();
  await seen.eventually(() => field.getByRole("textbox").inputValue(), "12");
});

test("what the gateway refuses stands beside the field, and nothing is lost", options, async (t) => {
  const seen = await open(t);
  const field = await find(seen, "gateway.port", "gateway.port");
  await field.getByRole("textbox").fill("many");
  await save(seen);
  await field.getByText("expected a whole number, got text").waitFor();
  await seen.shot("settings-refused-light");
  assert.equal(await field.getByRole("textbox").inputValue(), "many");
  await seen.page.reload();
  await field.getByText("Changed").waitFor();
  assert.equal(await field.getByRole("textbox").inputValue(), "many");
  await seen.page.getByRole("button", { name: "Discard" }).click();
  assert.equal(await field.getByRole("textbox").inputValue(), "");
});

test("switches, choices, lists and secrets are edited in their own way", options, async (t) => {
  const seen = await open(t);
  const browser = await find(seen, "browser.enabled", "browser.enabled");
  await browser.getByRole("switch").click();
  const bind = await find(seen, "gateway.bind", "gateway.bind");
  await bind.getByRole("combobox").selectOption({ label: "lan" });
  const origins = await find(seen, "allowed origins", "gateway.controlUi.allowedOrigins");
  await origins.getByRole("textbox").fill("https://a.example\nhttps://b.example\n");
  const token = await find(seen, "gateway.auth.token", "gateway.auth.token");
  await token.getByText("Set. It is never shown.").waitFor();
  await token.getByRole("button", { name: "Replace" }).click();
  await token.locator("input").fill("another-secret");
  await seen.page.getByText("4 changes").waitFor();
  await seen.page.getByRole("button", { name: "Review" }).click();
  const review = seen.page.getByRole("dialog");
  for (const part of ["browser.enabled", "gateway.bind", '"lan"', "https://b.example"])
    await review.getByText(part).first().waitFor();
  await review.getByText("a new secret").waitFor();
  assert.equal((await review.innerText()).includes("another-secret"), false);
  await seen.shot("settings-four-light");
  await seen.page.keyboard.press("Escape");
  await seen.page.getByRole("button", { name: "Discard" }).click();
  await token.getByText("Set. It is never shown.").waitFor();
});

test("entries under names of one's own are added and taken away", options, async (t) => {
  const seen = await open(t);
  await find(seen, BY_CHANNEL, BY_CHANNEL, "place");
  await seen.page.getByLabel("Name of a new entry").fill("telegram");
  await seen.page.getByRole("button", { name: "Add", exact: true }).click();
  await setting(seen, `${BY_CHANNEL}.telegram`).getByRole("textbox").fill("500");
  await save(seen);
  await seen.page.getByText("Saved.").waitFor();
  assert.equal(await stored(...BY_CHANNEL.split("."), "telegram"), 500);
});

test("in the text a mistake is shown at its line, and the text stays", options, async (t) => {
  const seen = await open(t);
  await seen.page.getByRole("button", { name: "File", exact: true }).click();
  const area = seen.page.getByLabel("The configuration as text");
  const before = await area.inputValue();
  assert.ok(before.includes("__OPENCLAW_REDACTED__"));
  await area.fill(`{\n  // mine\n  gateway: { mode: "local"\n  nonsense\n}`);
  await save(seen);
  await seen.page.getByRole("button", { name: /^Line 4: SyntaxError: JSON5: invalid character/ }).waitFor();
  await area.fill(before.replace("{", '{\n  "logging": { "level": "loud" },'));
  await save(seen);
  await seen.page.getByRole("button", { name: /^Line 2: logging.level/ }).click();
  await seen.shot("settings-mistake-light");
  await area.fill(before.replace("{", '{\n  // mine\n  "logging": { "level": "debug" },'));
  await save(seen);
  await seen.page.getByText("Saved.").waitFor();
  const file = await readFile(configFile(), "utf8");
  assert.ok(file.includes("// mine") && file.includes(on.backend.token));
  await seen.page.getByRole("button", { name: "Undo" }).click();
  await seen.eventually(async () => (await readFile(configFile(), "utf8")).includes("// mine"), false);
});

test("an edit of the command line meanwhile keeps what was typed and takes up the other", options, async (t) => {
  const seen = await open(t);
  const field = await find(seen, "response prefix", "messages.responsePrefix");
  await field.getByRole("textbox").fill("[mine]");
  await runCli(state(), "config", "set", "messages.ackReaction", "👀");
  await seen.page.getByText("The file was changed elsewhere meanwhile.").waitFor();
  assert.equal(await field.getByRole("textbox").inputValue(), "[mine]");
  await save(seen);
  await seen.page.getByText("Saved.").waitFor();
  assert.deepEqual(
    [await stored("messages", "responsePrefix"), await stored("messages", "ackReaction")],
    ["[mine]", "👀"],
  );
});

test("a save on an outdated file writes nothing, reads it again and keeps the edits for review", options, async (t) => {
  const context = await on.browser.newContext({ viewport: { width: 1280, height: 800 } });
  t.after(() => context.close());
  // The page is never told that the file changed.
  await context.routeWebSocket(/.*/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => {
      if (!String(message).includes('"event":"config.changed"')) socket.send(message);
    });
  });
  const seen = await open(t, { context });
  const field = await find(seen, "response prefix", "messages.responsePrefix");
  await field.getByRole("textbox").fill("[later]");
  await runCli(state(), "config", "set", "messages.ackReaction", "🦞");
  await save(seen);
  const review = seen.page.getByRole("dialog", { name: "What will change" });
  await review.getByText("The file was changed elsewhere meanwhile.").waitFor();
  assert.notEqual(await stored("messages", "responsePrefix"), "[later]");
  await review.getByRole("button", { name: "Save" }).click();
  await seen.page.getByText("Saved.").waitFor();
  assert.deepEqual(
    [await stored("messages", "responsePrefix"), await stored("messages", "ackReaction")],
    ["[later]", "🦞"],
  );
});

test("a text that outlives a reload is not laid over what was written meanwhile without a word", options, async (t) => {
  const seen = await open(t);
  await seen.page.getByRole("button", { name: "File", exact: true }).click();
  const area = seen.page.getByLabel("The configuration as text");
  await area.fill((await area.inputValue()).replace("{", "{\n  // mine"));
  await seen.page.goto("about:blank");
  await runCli(state(), "config", "set", "messages.ackReaction", "👋");
  await seen.page.goto(`${on.backend.origin}/#settings&file`);
  await seen.page.getByText("The file was changed elsewhere meanwhile.").waitFor();
  assert.match(await area.inputValue(), /\/\/ mine/);
  await seen.page.getByRole("button", { name: "Discard" }).click();
  assert.match(await area.inputValue(), /👋/);
});

test("without administrator rights everything can be read and nothing changed", options, async (t) => {
  const context = await on.browser.newContext({ viewport: { width: 1280, height: 800 } });
  t.after(() => context.close());
  await context.routeWebSocket(/.*/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => socket.send(String(message).replaceAll('"operator.admin",', "")));
  });
  const seen = await open(t, { context });
  await seen.page.getByText("this browser has no administrator rights").waitFor();
  const field = await find(seen, "gateway.port", "gateway.port");
  assert.equal(await field.getByRole("textbox").isEditable(), false);
  assert.equal(
    await find(seen, "browser.enabled", "browser.enabled").then((one) => one.getByRole("switch").isDisabled()),
    true,
  );
});

test("a phone of 360 pixels reaches every setting", options, async (t) => {
  const seen = await open(t, { width: 360, height: 720, touch: true });
  await seen.shot("settings-phone-front");
  const field = await find(seen, "gateway.port", "gateway.port");
  await field.getByRole("textbox").fill("19000");
  await seen.shot("settings-phone-field");
  await seen.page.getByRole("button", { name: "Back" }).tap();
  await seen.page.getByRole("button", { name: "File", exact: true }).tap();
  await seen.shot("settings-phone-file");
  assert.equal(await seen.page.evaluate("document.documentElement.scrollWidth"), 360);
});

for (const theme of ["light", "dark"] as const) {
  test(`the settings are readable in ${theme}`, options, async (t) => {
    const seen = await open(t, { theme });
    const readable = async (name: string) => {
      await seen.shot(`settings-${name}-${theme}`);
      assert.deepEqual(await seen.page.evaluate(POOR_CONTRAST), []);
    };
    await readable("front");
    await seen.page.getByRole("searchbox").fill("timeout");
    await readable("results");
    const field = await find(seen, "gateway.bind", "gateway.bind");
    await field.getByRole("combobox").selectOption({ label: "lan" });
    await readable("place");
    await seen.page.getByRole("button", { name: "Review" }).click();
    await readable("review");
    await seen.page.keyboard.press("Escape");
    await seen.page.getByRole("button", { name: "File", exact: true }).click();
    await readable("file");
  });
}

test(
  "the chat loads without the settings, the address leads to a setting, and the palette finds it",
  options,
  async (t) => {
    const seen = await (await visit(t, on.browser, on.backend)).ready();
    const names = () => seen.page.evaluate("performance.getEntriesByType('resource').map((one) => one.name).join(' ')");
    assert.doesNotMatch(String(await names()), /settings-/);
    await seen.page.keyboard.press("Control+k");
    await seen.page.keyboard.type("gateway.port");
    await seen.page.getByRole("option", { name: /Search the settings/ }).click();
    await result(seen, "gateway.port").click();
    await setting(seen, "gateway.port").waitFor();
    assert.match(seen.page.url(), /#settings=gateway\.port$/);
    await seen.page.reload();
    await setting(seen, "gateway.port").waitFor();
    await seen.page.goBack();
    await seen.page.goBack();
    await seen.composer.waitFor();
  },
);

/** From asking for a place to its fields, as the page sees it; the best of five. */
const PLACE_MS = `(async () => {
  const spent = {};
  const go = async (hash, title) => {
    const from = performance.now();
    history.pushState(null, "", hash);
    dispatchEvent(new PopStateEvent("popstate"));
    for (let turn = 0; turn < 1000 && document.querySelector(".settings-title")?.textContent !== title; turn += 1) await null;
    return performance.now() - from;
  };
  for (const [at, title] of [["messages", "Messages"], ["gateway", "Gateway"], ["agents.defaults", "Defaults"], ["channels", "Channels"], ["channels.telegram", "Telegram"]]) {
    const times = [];
    for (let round = 0; round < 5; round += 1) {
      await go("#settings", undefined);
      await new Promise((resolve) => setTimeout(resolve, 50));
      times.push(await go("#settings=" + at, title));
    }
    spent[at] = Math.round(Math.min(...times) * 10) / 10;
  }
  return spent;
})()`;

test("every place of the settings stands at once", options, async (t) => {
  const seen = await open(t);
  const spent = (await seen.page.evaluate(PLACE_MS)) as Readonly<Record<string, number>>;
  t.diagnostic(JSON.stringify(spent));
  assert.ok(Math.max(...Object.values(spent)) < 100, JSON.stringify(spent));
});
