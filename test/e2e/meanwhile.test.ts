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

/** A conversation in which an answer runs. */
async function open(t: Parameters<typeof visit>[0], more: VisitOptions = {}): Promise<Visit> {
  const seen = await (await visit(t, on.browser, on.backend, more)).ready();
  await seen.newChat();
  await seen.say("tell me slowly");
  await seen.answers.last().getByText("word2").waitFor();
  return seen;
}

const queue = ({ page }: Visit) => page.getByRole("list", { name: "Waiting for the answer to finish" });
const panel = ({ page }: Visit) => page.getByRole("complementary", { name: "How it answers" });

async function how(seen: Visit, item: string): Promise<void> {
  await seen.page.getByRole("button", { name: "When to send" }).click();
  await seen.page.getByRole("menuitem", { name: item }).click();
}

test("what is said meanwhile waits or goes to the answer at once, as one chooses", options, async (t) => {
  const seen = await open(t);
  await seen.composer.fill("for later");
  await how(seen, "After this");
  assert.equal(await queue(seen).getByRole("listitem").count(), 1);
  await seen.composer.fill("right now");
  await how(seen, "Steer now");
  await seen.own.filter({ hasText: "right now" }).waitFor();
  await seen.composer.fill("now too");
  await seen.composer.press("Control+Enter");
  await seen.own.filter({ hasText: "now too" }).waitFor();
  assert.equal(await queue(seen).getByRole("listitem").count(), 1);
  assert.equal(await seen.composer.inputValue(), "");
  await seen.page.keyboard.press("Escape");
  await seen.idle();
});

test("a conversation that is set to steer does so with Enter, and offers to wait", options, async (t) => {
  const seen = await open(t);
  await seen.page.locator(".header .chip").click();
  await panel(seen).getByLabel("Messages during an answer").selectOption("steer");
  await panel(seen).getByText("Saved.").waitFor();
  await panel(seen).getByRole("button", { name: "Close" }).click();
  await seen.composer.fill("straight to it");
  await seen.page.getByRole("button", { name: "Tell it now" }).waitFor();
  await seen.composer.press("Enter");
  await seen.own.filter({ hasText: "straight to it" }).waitFor();
  await seen.composer.fill("kept");
  await seen.composer.press("Control+Enter");
  await queue(seen).getByText("kept").waitFor();
  await seen.page.keyboard.press("Escape");
  await seen.idle();
});

test("what waits is changed in place, and the draft below stays", options, async (t) => {
  const seen = await open(t);
  await seen.say("with a mistaek");
  await seen.composer.fill("another thought");
  await queue(seen).getByRole("button", { name: "Edit" }).click();
  const field = queue(seen).getByRole("textbox", { name: "Waiting message" });
  await field.fill("never mind");
  await field.press("Escape");
  await queue(seen).getByText("with a mistaek").waitFor();
  await queue(seen).getByRole("button", { name: "Edit" }).click();
  await field.fill("without a mistake");
  await field.press("Enter");
  await queue(seen).getByText("without a mistake").waitFor();
  assert.equal(await seen.composer.inputValue(), "another thought");
  await seen.page.reload();
  await seen.ready();
  await queue(seen).getByText("without a mistake").waitFor();
  await queue(seen).getByRole("button", { name: "Remove from the queue" }).click();
  await queue(seen).waitFor({ state: "detached" });
  await seen.page.keyboard.press("Escape");
  await seen.idle();
});

for (const theme of ["light", "dark"] as const) {
  test(`the choice and the queue are readable in ${theme}, and on a phone`, options, async (t) => {
    const seen = await open(t, { theme });
    await seen.say("one thing that waits");
    await seen.composer.fill("and another");
    await seen.page.getByRole("button", { name: "When to send" }).click();
    await seen.page.getByRole("menuitem", { name: "Steer now" }).waitFor();
    await seen.shot(`meanwhile-${theme}`);
    assert.deepEqual(await seen.page.evaluate(POOR_CONTRAST), []);
    const phone = await open(t, { theme, width: 360, height: 720, touch: true });
    await phone.say("one thing that waits");
    await phone.composer.fill("and another");
    await phone.shot(`meanwhile-phone-${theme}`);
    assert.equal(await phone.page.evaluate("document.documentElement.scrollWidth"), 360);
  });
}
