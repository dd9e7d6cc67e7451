import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_BROWSER } from "./_browser.ts";
import { POOR_CONTRAST } from "./_contrast.ts";
import { startRealBackend } from "./_real-backend.ts";
import { stage } from "./_start.ts";
import { visit } from "./_visit.ts";
import type { Visit } from "./_visit.ts";

const on = stage();
const options = { skip: NO_BROWSER };
const THEMES = ["light", "dark"] as const;

async function converse(seen: Visit): Promise<void> {
  await seen.ask("think about it");
  await seen.ask("use a tool");
  await seen.ask("use a bad tool");
  await seen.ask("show me markdown");
}

for (const theme of THEMES) {
  test(`the ${theme} appearance is readable in every view`, options, async (t) => {
    const login = await visit(t, on.browser, on.backend, { theme, at: "#token=wrong" });
    await login.page.locator(".complaint").waitFor();
    await login.shot(`login-${theme}`);
    assert.deepEqual(await login.page.evaluate(POOR_CONTRAST), []);

    const seen = await (await visit(t, on.browser, on.backend, { theme })).ready();
    await seen.newChat();
    await seen.shot(`empty-${theme}`);
    assert.deepEqual(await seen.page.evaluate(POOR_CONTRAST), []);
    await converse(seen);
    await seen.shot(`chat-${theme}`);
    assert.deepEqual(await seen.page.evaluate(POOR_CONTRAST), []);
    await seen.page.locator(".tool .fold-head").first().click();
    await seen.page.getByRole("button", { name: /^Thought/ }).click();
    await seen.page.locator(".tool").first().scrollIntoViewIfNeeded();
    await seen.shot(`tools-${theme}`);
    assert.deepEqual(await seen.page.evaluate(POOR_CONTRAST), []);
    await seen.say("tell me slowly");
    await seen.answers.last().getByText("word8").waitFor();
    await seen.say("and then this");
    await seen.shot(`running-${theme}`);
    await seen.page.keyboard.press("Control+k");
    await seen.page.getByRole("combobox").waitFor();
    await seen.shot(`palette-${theme}`);
    await seen.page.keyboard.press("Escape");
    await seen.page.getByRole("button", { name: "Remove from the queue" }).click();
    await seen.page.keyboard.press("Escape");
    await seen.idle();
    await seen.page.locator(".session").nth(1).hover();
    await seen.page
      .locator(".session")
      .nth(1)
      .getByRole("button", { name: /^Actions/ })
      .click();
    await seen.shot(`menu-${theme}`);
    await seen.page.getByRole("menuitem", { name: "Start afresh" }).click();
    await seen.shot(`confirm-${theme}`);
    await seen.page.getByRole("button", { name: "Cancel" }).click();
  });

  test(`a phone of 360 pixels shows everything in ${theme}`, options, async (t) => {
    const phone = { theme, width: 360, height: 720, touch: true } as const;
    const seen = await (await visit(t, on.browser, on.backend, phone)).ready();
    await seen.newChat();
    await seen.shot(`phone-empty-${theme}`);
    for (const message of ["use a tool", "show me markdown"]) await seen.ask(message);
    await seen.page.locator(".tool .fold-head").first().click();
    await seen.shot(`phone-chat-${theme}`);
    const width = await seen.page.evaluate(
      () =>
        (globalThis as unknown as { document: { documentElement: { scrollWidth: number } } }).document.documentElement
          .scrollWidth,
    );
    assert.equal(width, 360);
    await seen.page.getByRole("button", { name: "Show conversations" }).tap();
    await seen.page.waitForTimeout(300);
    await seen.shot(`phone-drawer-${theme}`);
    await seen.page.locator(".session-open").first().tap();
    await seen.page.locator(".shell[data-drawer=false]").waitFor();
    const login = await visit(t, on.browser, on.backend, { ...phone, at: "" });
    await login.page.getByLabel("Gateway token").waitFor();
    await login.shot(`phone-login-${theme}`);
  });
}

test("the switch changes the appearance and is remembered", options, async (t) => {
  const seen = await (await visit(t, on.browser, on.backend, { theme: "light" })).ready();
  const ground = () => seen.page.evaluate("getComputedStyle(document.body).backgroundColor");
  const light = await ground();
  await seen.page.getByRole("button", { name: /^Appearance/ }).click();
  await seen.page.getByRole("button", { name: /^Appearance/ }).click();
  const dark = await ground();
  assert.notEqual(dark, light);
  await seen.page.reload();
  await seen.ready();
  assert.equal(await ground(), dark);
});

test("everything can be done with the keyboard alone", options, async (t) => {
  const seen = await visit(t, on.browser, on.backend, { at: "" });
  const keys = seen.page.keyboard;
  await seen.page.getByLabel("Gateway token").waitFor();
  await keys.type(on.backend.token);
  await keys.press("Enter");
  await seen.ready();
  await keys.press("Control+k");
  await keys.type("new chat");
  await keys.press("Enter");
  await seen.page.getByText("What can I do for you?").waitFor();
  await seen.page.locator("#composer:focus").waitFor();
  await keys.type("typed by hand");
  await keys.press("Enter");
  await seen.answers.getByText("You said: typed by hand").waitFor();
  await seen.idle();
  await keys.press("Control+k");
  await keys.type("rename");
  await keys.press("Enter");
  await seen.page.getByLabel("New name").waitFor();
  await keys.press("Control+a");
  await keys.type("By keyboard");
  await keys.press("Enter");
  await seen.page.locator(".header-title", { hasText: "By keyboard" }).waitFor();
  await seen.composer.focus();
  await keys.type("tell me slowly");
  await keys.press("Enter");
  await seen.status.waitFor();
  await keys.press("Escape");
  await seen.idle();
  await keys.press("Control+k");
  await keys.type("delete this");
  await keys.press("Enter");
  await seen.page.locator(".session", { hasText: "By keyboard" }).waitFor({ state: "detached" });
  await seen.page.getByRole("button", { name: "Undo" }).focus();
  await keys.press("Enter");
  await seen.page.locator(".session", { hasText: "By keyboard" }).waitFor();
});

test("with Tab every control shows where the focus is", options, async (t) => {
  const seen = await (await visit(t, on.browser, on.backend)).ready();
  await seen.page.locator("body").focus();
  const names = new Set<string>();
  for (let turn = 0; turn < 90; turn += 1) {
    await seen.page.keyboard.press("Tab");
    const focus = (await seen.page.evaluate(`(() => {
      const at = document.activeElement;
      const style = getComputedStyle(at);
      return { name: at.ariaLabel ?? at.textContent.trim(), outlined: style.outlineStyle !== "none" || at.matches("textarea, .thread-scroll, body") };
    })()`)) as { name: string; outlined: boolean };
    assert.ok(focus.outlined, `${focus.name} shows no focus`);
    names.add(focus.name);
  }
  for (const name of ["New chat", "Log out", "Message"])
    assert.ok(
      [...names].some((one) => one.startsWith(name)),
      `${name} was not reached`,
    );
});

test("with the offline model the page says so and teaches how to connect a real one", options, async (t) => {
  const backend = await startRealBackend("offline");
  t.after(() => backend.close());
  for (const theme of THEMES) {
    const seen = await (await visit(t, on.browser, backend, { theme })).ready();
    await seen.page.locator(".chip.offline").waitFor();
    if (theme === "light") {
      await seen.say("What can you do?");
      await seen.answers.first().waitFor();
      await seen.idle();
      await seen.ask("What time is it?");
      await seen.ask("List the files in your workspace");
    }
    await seen.answers.last().waitFor();
    await seen.shot(`offline-${theme}`);
    assert.deepEqual(await seen.page.evaluate(POOR_CONTRAST), []);
    await seen.page.getByRole("button", { name: "Connect a real model" }).click();
    await seen.page.getByRole("dialog").waitFor();
    await seen.shot(`models-${theme}`);
    await seen.page.keyboard.press("Escape");
  }
});

test("when the gateway goes away the page says so in a slim bar", options, async (t) => {
  const backend = await startRealBackend("offline");
  t.after(() => backend.close());
  const seen = await (await visit(t, on.browser, backend)).ready();
  await backend.stop();
  await seen.page.locator(".connection-bar").waitFor();
  await seen.shot("away-light");
  assert.deepEqual(await seen.page.evaluate(POOR_CONTRAST), []);
});

test("the picture of the guides shows a day's conversation", options, async (t) => {
  const backend = await startRealBackend("scripted");
  t.after(() => backend.close());
  const seen = await (await visit(t, on.browser, backend)).ready();
  for (const name of [
    "Plan the weekend in Lisbon",
    "Why does the backup take so long?",
    "Draft a letter to the landlord",
  ]) {
    await seen.newChat();
    await seen.ask(name);
  }
  await seen.newChat();
  await seen.ask("For today: call the boatyard, renew the domain, water the tomatoes.");
  await seen.ask("I called the boatyard. What is left?");
  assert.match(await seen.answers.last().innerText(), /Two things are left/);
  assert.equal(await seen.page.locator(".tool[data-status=failed]").count(), 0);
  await seen.page.locator(".tool .fold-head").last().click();
  await seen.composer.focus();
  await seen.composer.hover();
  await seen.shot("guide");
});
