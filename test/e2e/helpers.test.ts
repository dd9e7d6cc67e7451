import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_BROWSER } from "./_browser.ts";
import { POOR_CONTRAST } from "./_contrast.ts";
import { startRealBackend } from "./_real-backend.ts";
import { stage } from "./_start.ts";
import { visit } from "./_visit.ts";
import type { Visit, VisitOptions } from "./_visit.ts";

const on = stage(() => startRealBackend("scripted"));
const options = { skip: NO_BROWSER };

async function open(t: Parameters<typeof visit>[0], more: VisitOptions = {}): Promise<Visit> {
  const seen = await (await visit(t, on.browser, on.backend, more)).ready();
  await seen.newChat();
  await seen.say("ask a helper");
  await seen.answers.getByText("A helper looks into it.").waitFor();
  return seen;
}

const rail = ({ page }: Visit) => page.locator('.session[data-current="true"] + .helpers');
const line = ({ page }: Visit) => page.locator(".helper-line");

test("a helper shows where it was started and beneath its conversation, and reports", options, async (t) => {
  const seen = await open(t);
  await line(seen).getByText("At work").waitFor();
  await seen.page.locator(".tool").getByText("Started a helper").waitFor();
  await seen.status.getByText("1 helper at work").waitFor();
  const head = rail(seen).getByRole("button", { name: /^1 helper/ });
  await head.getByText("1 at work").waitFor();
  assert.equal(await head.getAttribute("aria-expanded"), "false");
  await head.click();
  await rail(seen).getByText("Oak research").waitFor();
  await seen.answers.getByText("The helper is back.").waitFor();
  await line(seen).getByText("Finished").waitFor();
  await seen.status.waitFor({ state: "detached" });
  const report = seen.page.locator(".report");
  assert.match(await report.innerText(), /Oak research reported\s+word1[\s\S]*done/);
  await report.getByRole("button", { name: /reported/ }).click();
  assert.match(await report.locator(".fold-body").innerText(), /word120/);
  assert.equal(await seen.own.count(), 1);
  await report.getByRole("button", { name: "Open its chat" }).click();
  await seen.answers.getByText("word120").waitFor();
  assert.equal(await seen.page.locator(".header-title").innerText(), "Oak research");
  // Its conversation is open: it stays in sight beneath the one that it belongs to.
  await seen.page.locator('.helpers .session[data-current="true"]', { hasText: "Oak research" }).waitFor();
});

test("stop ends the helpers of a conversation, and one can be stopped alone", options, async (t) => {
  const seen = await open(t);
  await seen.status.getByText("1 helper at work").waitFor();
  await seen.page.keyboard.press("Escape");
  await line(seen).getByText("Finished").waitFor();
  await seen.newChat();
  await seen.say("ask a helper");
  await line(seen).getByRole("button", { name: "Stop it" }).click();
  await line(seen).getByText("Finished").waitFor();
  await seen.status.waitFor({ state: "detached" });
});

for (const theme of ["light", "dark"] as const) {
  test(`helpers are readable in ${theme}, and on a phone`, options, async (t) => {
    const seen = await open(t, { theme });
    await rail(seen)
      .getByRole("button", { name: /^1 helper/ })
      .click();
    await seen.shot(`helpers-${theme}`);
    assert.deepEqual(await seen.page.evaluate(POOR_CONTRAST), []);
    await seen.answers.getByText("The helper is back.").waitFor();
    await seen.page
      .locator(".report")
      .getByRole("button", { name: /reported/ })
      .click();
    await seen.shot(`reported-${theme}`);
    assert.deepEqual(await seen.page.evaluate(POOR_CONTRAST), []);
    const phone = await open(t, { theme, width: 360, height: 720, touch: true });
    await phone.answers.getByText("The helper is back.").waitFor();
    await phone.shot(`helpers-phone-${theme}`);
    assert.equal(await phone.page.evaluate("document.documentElement.scrollWidth"), 360);
    const menu = await phone.page.locator(".report .menu-button").boundingBox();
    assert.ok(menu !== null && menu.x + menu.width <= 360);
    await phone.page.getByRole("button", { name: "Show conversations" }).tap();
    await phone.page.locator(".helpers-head").first().tap();
    await phone.page.waitForTimeout(300);
    await phone.shot(`helpers-drawer-${theme}`);
  });
}
