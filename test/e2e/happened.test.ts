import assert from "node:assert/strict";
import { test } from "node:test";
import type { Locator } from "playwright-core";
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
  return seen;
}

const panel = ({ page }: Visit, name = "What happened") => page.getByRole("complementary", { name });
const steps = (seen: Visit) => panel(seen).locator(".step");
const titles = (seen: Visit) => panel(seen).locator(".step-title").allInnerTexts();

async function choose(seen: Visit, row: Locator, item: string): Promise<void> {
  await row.hover();
  await row.getByRole("button", { name: "More for this message" }).click();
  await seen.page.getByRole("menuitem", { name: item }).click();
}

test("an answer tells its way from the message to the end, and each step leads to its row", options, async (t) => {
  const seen = await open(t);
  await seen.ask("use a tool");
  await choose(seen, seen.page.locator(".answer").last(), "What happened");
  await panel(seen).getByText("Answered").first().waitFor();
  const told = await titles(seen);
  for (const step of ["Message", "Assigned", "Prompt", "Model", "Permission", "Tool", "End"])
    assert.ok(told.includes(step), `${step} is missing in ${told.join(", ")}`);
  assert.equal(told.filter((title) => title === "Model").length, 2);
  assert.match(await panel(seen).innerText(), /2 model calls · 1 tool · [\d,]+ tokens in, [\d,]+ out · \$\d/);
  assert.match(await steps(seen).filter({ hasText: "Permission" }).innerText(), /exec may run\s+rule: \S+/);
  const tool = steps(seen).filter({ has: seen.page.locator(".step-title", { hasText: /^Tool$/ }) });
  assert.match(await tool.innerText(), /exec[\s\S]*\d m?s/);
  await tool.getByRole("button", { name: "Show in the conversation" }).click();
  await seen.page.locator(".tool.shown").waitFor();
  const model = steps(seen).filter({ has: seen.page.locator(".step-title", { hasText: /^Model$/ }) });
  await model.last().getByRole("button", { name: "Show in the conversation" }).click();
  await seen.page.locator(".answer.shown", { hasText: "It is Linux." }).waitFor();
  assert.deepEqual(await seen.page.evaluate(POOR_CONTRAST), []);
});

test("a run that failed says why there was no answer", options, async (t) => {
  const seen = await open(t);
  await seen.say("fail please");
  await seen.page.locator(".failure").getByRole("button", { name: "What happened?" }).click();
  await panel(seen).getByText("Failed").first().waitFor();
  assert.match(await panel(seen).locator(".run-why").innerText(), /model server does not answer/);
  const failed = panel(seen).locator('.step[data-kind="model"][data-tone="bad"]').first();
  assert.match(await failed.innerText(), /model server does not answer/);
  await seen.shot("happened-failed");
});

test("a run under way is told while it happens", options, async (t) => {
  const seen = await open(t);
  await seen.say("tell me slowly");
  await seen.status.getByRole("button", { name: "Details" }).click();
  await panel(seen).getByText("Under way").waitFor();
  await seen.answers.last().getByText("word4").waitFor();
  await seen.status.getByRole("button", { name: /^Stop/ }).click();
  await panel(seen).getByText("Stopped", { exact: true }).first().waitFor();
  assert.match(await panel(seen).locator(".run-why").innerText(), /stopped before it had finished/);
  assert.ok((await titles(seen)).includes("End"));
});

test("the menu of a conversation opens its last run, and there may be none", options, async (t) => {
  const seen = await open(t);
  await seen.ask("a run to look into");
  const item = seen.page.locator(".session", { hasText: "a run to look into" });
  await item.hover();
  await item.getByRole("button", { name: /^Actions/ }).click();
  await seen.page.getByRole("menuitem", { name: "What happened in the last run" }).click();
  await panel(seen).getByText("Answered").first().waitFor();
  await panel(seen).getByRole("button", { name: "Close" }).click();
  await panel(seen).waitFor({ state: "detached" });
  await seen.newChat();
  await seen.page.keyboard.press("Control+k");
  await seen.page.keyboard.type("what happened");
  await seen.page.keyboard.press("Enter");
  await panel(seen).getByText("Nothing was run in this conversation yet.").waitFor();
});

test("with the keyboard it is opened, walked through and closed, and the focus returns", options, async (t) => {
  const seen = await open(t);
  await seen.ask("use a tool");
  const menu = seen.page.locator(".answer").last().getByRole("button", { name: "More for this message" });
  await menu.focus();
  await seen.page.keyboard.press("Enter");
  await seen.page.keyboard.press("Enter");
  await panel(seen).getByText("Answered").first().waitFor();
  assert.equal(await seen.page.evaluate("document.activeElement.textContent"), "What happened");
  await seen.page.keyboard.press("Tab");
  assert.equal(await seen.page.evaluate("document.activeElement.ariaLabel"), "Close");
  await seen.page.keyboard.press("Escape");
  await panel(seen).waitFor({ state: "detached" });
  assert.equal(await seen.page.evaluate("document.activeElement.ariaLabel"), "More for this message");
});

for (const theme of ["light", "dark"] as const) {
  test(`it is readable in ${theme}, and covers a phone of 360 pixels`, options, async (t) => {
    const seen = await open(t, { theme });
    await seen.ask("use a tool");
    await choose(seen, seen.page.locator(".answer").last(), "What happened");
    await panel(seen).getByText("Answered").first().waitFor();
    await seen.shot(`happened-${theme}`);
    assert.deepEqual(await seen.page.evaluate(POOR_CONTRAST), []);
    const phone = await open(t, { theme, width: 360, height: 720, touch: true });
    await phone.ask("use a tool");
    await phone.page.locator(".answer").last().getByRole("button", { name: "More for this message" }).tap();
    await phone.page.getByRole("menuitem", { name: "What happened" }).tap();
    await panel(phone).getByText("Answered").first().waitFor();
    await phone.shot(`happened-phone-${theme}`);
    assert.equal(await phone.page.evaluate("document.documentElement.scrollWidth"), 360);
    assert.deepEqual(await phone.page.evaluate(POOR_CONTRAST), []);
    await panel(phone).getByRole("button", { name: "Show in the conversation" }).first().tap();
    await panel(phone).waitFor({ state: "detached" });
  });
}
