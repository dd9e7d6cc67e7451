import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_BROWSER } from "./_browser.ts";
import { startRealBackend } from "./_real-backend.ts";
import { stage } from "./_start.ts";
import { visit } from "./_visit.ts";

const on = stage(() => startRealBackend("scripted"));
const options = { skip: NO_BROWSER };
const open = async (t: Parameters<typeof visit>[0]) => {
  const seen = await (await visit(t, on.browser, on.backend)).ready();
  await seen.newChat();
  return seen;
};

test("a slash offers commands, then their choices; Enter sends what is complete", options, async (t) => {
  const seen = await open(t);
  const menu = seen.page.getByRole("listbox", { name: "Commands" });
  await seen.composer.pressSequentially("/verb");
  await menu.getByRole("option", { name: "/verbose" }).waitFor();
  await seen.page.keyboard.press("Tab");
  assert.equal(await seen.composer.inputValue(), "/verbose ");
  await menu.getByRole("option", { name: "full" }).click();
  assert.equal(await seen.composer.inputValue(), "/verbose full");
  await menu.waitFor({ state: "detached" });
  await seen.page.keyboard.press("Enter");
  await seen.page.getByText("Verbose logging set to full.").waitFor();
  await seen.composer.pressSequentially("/status");
  await seen.page.keyboard.press("Enter");
  await seen.page.getByText("Verbose: full").waitFor();
});

test("Esc closes the menu and leaves the text; other texts open none", options, async (t) => {
  const seen = await open(t);
  const menu = seen.page.getByRole("listbox", { name: "Commands" });
  await seen.composer.pressSequentially("/st");
  await menu.waitFor();
  await seen.page.keyboard.press("Escape");
  await menu.waitFor({ state: "detached" });
  assert.equal(await seen.composer.inputValue(), "/st");
  await seen.composer.fill("what is /st");
  assert.equal(await menu.count(), 0);
});

test("commands and side questions are answered while an answer is written, and stop ends it", options, async (t) => {
  const seen = await open(t);
  await seen.say("tell me at length");
  await seen.answers.last().getByText("word3").waitFor();
  await seen.say("/whoami");
  await seen.page.getByText("You are an owner here").waitFor();
  await seen.composer.pressSequentially("/btw what is this?");
  await seen.page.keyboard.press("Enter");
  await seen.page.getByText("Aside: not part of the conversation").waitFor();
  await seen.say("stop");
  await seen.idle();
  await seen.page.getByText("Stopped", { exact: true }).waitFor();
  assert.match(await seen.page.locator(".header-title").innerText(), /tell me at length/);
});

test("the palette puts a command into the message box", options, async (t) => {
  const seen = await open(t);
  await seen.page.keyboard.press("Control+k");
  await seen.page.getByRole("combobox").fill("/think");
  await seen.page.getByRole("option", { name: "/think" }).waitFor();
  await seen.page.keyboard.press("Enter");
  await seen.eventually(() => seen.composer.inputValue(), "/think ");
});
