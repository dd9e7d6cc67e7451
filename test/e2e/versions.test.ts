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

async function open(t: Parameters<typeof visit>[0], said: readonly string[], more: VisitOptions = {}): Promise<Visit> {
  const seen = await (await visit(t, on.browser, on.backend, more)).ready();
  await seen.newChat();
  for (const text of said) await seen.ask(text);
  return seen;
}

const bubbles = (seen: Visit) => seen.own.locator(".bubble").allInnerTexts();
const own = (seen: Visit, text: string) => seen.own.filter({ hasText: text });

async function edit(seen: Visit, text: string): Promise<void> {
  await own(seen, text).hover();
  await own(seen, text).getByRole("button", { name: "Edit and send again" }).click();
}

async function choose(seen: Visit, row: Locator, item: string): Promise<void> {
  await row.hover();
  await row.getByRole("button", { name: "More for this message" }).click();
  await seen.page.getByRole("menuitem", { name: item }).click();
}

test("a message is said anew, and one goes between its versions", options, async (t) => {
  const seen = await open(t, ["first", "second", "third"]);
  await edit(seen, "second");
  assert.equal(await seen.composer.inputValue(), "second");
  await seen.composer.fill("other");
  await seen.composer.press("Enter");
  await seen.answers.getByText("You said: other").waitFor();
  await seen.idle();
  assert.deepEqual(await bubbles(seen), ["first", "other"]);
  const versions = own(seen, "other").getByRole("group", { name: "Versions of this message" });
  await versions.getByText("2 of 2").waitFor();
  await versions.getByRole("button", { name: "Earlier version" }).click();
  await seen.eventually(() => bubbles(seen), ["first", "second", "third"]);
  await own(seen, "second").getByText("1 of 2").waitFor();
  await edit(seen, "second");
  await seen.composer.fill("yet another");
  await seen.composer.press("Enter");
  await seen.answers.getByText("You said: yet another").waitFor();
  await seen.idle();
  await own(seen, "yet another").getByText("3 of 3").waitFor();
  await seen.page.reload();
  await seen.ready();
  await own(seen, "yet another").getByText("3 of 3").waitFor();
  assert.deepEqual(await bubbles(seen), ["first", "yet another"]);
});

test("the first message is said anew too", options, async (t) => {
  const seen = await open(t, ["wrong beginning"]);
  await edit(seen, "wrong beginning");
  await seen.composer.fill("right beginning");
  await seen.page.getByRole("button", { name: "Send again", exact: true }).click();
  await seen.answers.getByText("You said: right beginning").waitFor();
  await seen.idle();
  await own(seen, "right beginning").getByText("2 of 2").waitFor();
  assert.deepEqual(await bubbles(seen), ["right beginning"]);
});

test("a draft is there again after a message was said anew, or was not", options, async (t) => {
  const seen = await open(t, ["one", "two"]);
  await seen.composer.fill("a half-written thought");
  await edit(seen, "two");
  assert.equal(await seen.composer.inputValue(), "two");
  await seen.composer.fill("two, changed");
  await seen.page.reload();
  await seen.ready();
  assert.equal(await seen.composer.inputValue(), "two, changed");
  await seen.composer.press("Escape");
  await seen.eventually(() => seen.composer.inputValue(), "a half-written thought");
  await edit(seen, "two");
  await seen.composer.fill("two, again");
  await seen.composer.press("Enter");
  await seen.answers.getByText("You said: two, again").waitFor();
  await seen.idle();
  assert.equal(await seen.composer.inputValue(), "a half-written thought");
});

test("one goes back to an answer and returns, by undo or later", options, async (t) => {
  const seen = await open(t, ["one", "two", "three"]);
  await choose(seen, seen.page.locator(".answer").first(), "Go back to here");
  await seen.eventually(() => bubbles(seen), ["one"]);
  await seen.page.locator(".toasts").getByRole("button", { name: "Undo" }).click();
  await seen.eventually(() => bubbles(seen), ["one", "two", "three"]);
  await choose(seen, seen.page.locator(".answer").nth(1), "Go back to here");
  await seen.eventually(() => bubbles(seen), ["one", "two"]);
  await seen.page.reload();
  await seen.ready();
  await seen.page.getByRole("button", { name: "Return to it" }).click();
  await seen.eventually(() => bubbles(seen), ["one", "two", "three"]);
  await seen.page.getByRole("button", { name: "Return to it" }).waitFor({ state: "detached" });
});

test("another window follows when the conversation is taken back", options, async (t) => {
  const seen = await open(t, ["one", "two"]);
  const at = new URL(seen.page.url());
  const other = await (
    await visit(t, on.browser, on.backend, { at: `${at.search}#token=${on.backend.token}`.replace(/^\//, "") })
  ).ready();
  await own(other, "two").waitFor();
  await choose(seen, seen.page.locator(".answer").first(), "Go back to here");
  await other.eventually(() => bubbles(other), ["one"]);
});

test("a conversation goes on in a new chat and stays as it is in the old one", options, async (t) => {
  const seen = await open(t, ["stem of it", "branch off"]);
  const before = seen.page.url();
  await choose(seen, own(seen, "stem of it"), "Continue in a new chat");
  await seen.page.waitForURL((url) => url.href !== before);
  await seen.eventually(() => bubbles(seen), ["stem of it"]);
  await seen.ask("only here");
  await seen.page.goto(before);
  await seen.ready();
  await seen.eventually(() => bubbles(seen), ["stem of it", "branch off"]);
});

test("while an answer runs nothing is turned, what was typed stays, and it says why", options, async (t) => {
  const seen = await open(t, ["one"]);
  await seen.say("tell me slowly");
  await seen.answers.last().getByText("word3").waitFor();
  await edit(seen, "one");
  await seen.composer.fill("changed");
  await seen.composer.press("Enter");
  await seen.page.locator(".toast").waitFor();
  assert.equal(await seen.composer.inputValue(), "changed");
  await seen.page.getByRole("button", { name: "Cancel" }).click();
  await seen.page.keyboard.press("Escape");
  await seen.idle();
});

test("with the keyboard alone a message is said anew", options, async (t) => {
  const seen = await open(t, ["one"]);
  const keys = seen.page.keyboard;
  await own(seen, "one").getByRole("button", { name: "Edit and send again" }).focus();
  await keys.press("Enter");
  await seen.page.locator("#composer:focus").waitFor();
  await keys.press("Control+a");
  await keys.type("uno");
  await keys.press("Enter");
  await seen.answers.getByText("You said: uno").waitFor();
  await seen.idle();
  await seen.page.getByRole("button", { name: "Earlier version" }).focus();
  await keys.press("Enter");
  await seen.eventually(() => bubbles(seen), ["one"]);
});

for (const theme of ["light", "dark"] as const) {
  test(`versions are readable in ${theme}, and on a phone`, options, async (t) => {
    const seen = await open(t, ["a first", "a second"], { theme });
    await edit(seen, "a second");
    await seen.shot(`editing-${theme}`);
    assert.deepEqual(await seen.page.evaluate(POOR_CONTRAST), []);
    await seen.composer.fill("a better second");
    await seen.composer.press("Enter");
    await own(seen, "a better second").getByText("2 of 2").waitFor();
    await seen.idle();
    await own(seen, "a better second").hover();
    await own(seen, "a better second").getByRole("button", { name: "More for this message" }).click();
    await seen.shot(`versions-${theme}`);
    assert.deepEqual(await seen.page.evaluate(POOR_CONTRAST), []);
    const phone = await open(t, ["small first", "small second"], { theme, width: 360, height: 720, touch: true });
    await own(phone, "small second").getByRole("button", { name: "Edit and send again" }).tap();
    await phone.shot(`editing-phone-${theme}`);
    await phone.composer.fill("small other");
    await phone.page.getByRole("button", { name: "Send again", exact: true }).tap();
    await own(phone, "small other").getByText("2 of 2").waitFor();
    await phone.idle();
    await phone.shot(`versions-phone-${theme}`);
    assert.equal(await phone.page.evaluate("document.documentElement.scrollWidth"), 360);
  });
}
