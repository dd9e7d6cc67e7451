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
  await seen.ask("hello there");
  await seen.page.locator(".header .chip").click();
  await panel(seen).getByLabel("Model").waitFor();
  return seen;
}

const panel = ({ page }: Visit) => page.getByRole("complementary", { name: "How it answers" });

test("model, thinking, reports and queue are chosen for one conversation and stay", options, async (t) => {
  const seen = await open(t);
  const pick = (label: string) => panel(seen).getByLabel(label, { exact: true });
  await pick("Model").selectOption("scripted/other");
  await seen.page.locator(".header .chip", { hasText: "other" }).waitFor();
  await pick("Thinking").selectOption("high");
  await pick("Report tools").selectOption("on");
  await pick("Show thoughts").selectOption("stream");
  await pick("Messages during an answer").selectOption("followup");
  await pick("Usage below answers").selectOption("tokens");
  await seen.eventually(() => panel(seen).getByText("Saved.").count(), 6);
  await seen.ask("with the other");
  await seen.page.reload();
  await seen.ready();
  await seen.page.locator(".header .chip", { hasText: "other" }).click();
  await panel(seen).waitFor();
  const values = ["Model", "Thinking", "Report tools", "Show thoughts", "Messages during an answer"];
  await seen.eventually(
    () => Promise.all(values.map((label) => pick(label).inputValue())),
    ["scripted/other", "high", "on", "stream", "followup"],
  );
  await pick("Model").selectOption("");
  await seen.page.locator(".header .chip", { hasText: "my-model" }).waitFor();
});

test("the conversation is started afresh from there", options, async (t) => {
  const seen = await open(t);
  await panel(seen).getByRole("button", { name: "Start afresh…" }).click();
  await seen.page.getByRole("button", { name: "Start afresh", exact: true }).click();
  await seen.page.getByText("What can I do for you?").waitFor();
});

for (const theme of ["light", "dark"] as const) {
  test(`it is readable in ${theme}, and covers a phone`, options, async (t) => {
    const seen = await open(t, { theme });
    await seen.shot(`answers-${theme}`);
    assert.deepEqual(await seen.page.evaluate(POOR_CONTRAST), []);
    const phone = await open(t, { theme, width: 360, height: 720, touch: true });
    await phone.shot(`answers-phone-${theme}`);
    assert.equal(await phone.page.evaluate("document.documentElement.scrollWidth"), 360);
  });
}
