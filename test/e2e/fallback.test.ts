import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { NO_BROWSER } from "./_browser.ts";
import { POOR_CONTRAST } from "./_contrast.ts";
import { startRealBackend } from "./_real-backend.ts";
import { stage } from "./_start.ts";
import { visit } from "./_visit.ts";
import type { Visit, VisitOptions } from "./_visit.ts";

// The first model refuses everything; the second answers what the scenes let it.
const model = { primary: "scripted/tired", fallbacks: ["scripted/my-model"] };
const on = stage(() => startRealBackend("scripted", { agents: { defaults: { model } } }));
const options = { skip: NO_BROWSER };
const LINE = "↪️ Model Fallback: scripted/my-model (selected scripted/tired; rate limit)";

async function open(t: TestContext, more: VisitOptions = {}): Promise<Visit> {
  const seen = await (await visit(t, on.browser, on.backend, more)).ready();
  await seen.newChat();
  return seen;
}

test("one quiet line says that another model answers, and stays over a reload", options, async (t) => {
  const seen = await open(t);
  await seen.ask("hello");
  const line = seen.page.locator(".notice");
  await line.getByText(LINE).waitFor();
  assert.equal(await line.count(), 1);
  assert.equal(await seen.answers.count(), 1, "the line is no answer");
  await seen.page.reload();
  await line.getByText(LINE).waitFor();
  assert.equal(await line.count(), 1);
  await seen.page.locator(".answer").hover();
  await seen.page.getByTitle("Answered by scripted/my-model").waitFor();
  await seen.ask("and again");
  assert.equal(await line.count(), 1, "it is said once");
});

test("when every model fails, each stands with what it said", options, async (t) => {
  const seen = await open(t);
  await seen.ask("fail please");
  const failure = seen.page.locator(".failure");
  await failure.getByText("All models failed (2)").waitFor();
  assert.deepEqual(await failure.locator("li code").allTextContents(), ["scripted/tired", "scripted/my-model"]);
  await failure.getByText(/The model server does not answer/).waitFor();
  await seen.page.reload();
  await failure.getByText("All models failed (2)").waitFor();
  assert.equal(await failure.count(), 1);
});

for (const theme of ["light", "dark"] as const) {
  test(`the ${theme} appearance is readable`, options, async (t) => {
    const seen = await open(t, { theme });
    await seen.ask("hello");
    await seen.page.locator(".notice").waitFor();
    await seen.ask("fail please");
    await seen.page.locator(".failure li").first().waitFor();
    await seen.page.locator(".answer").first().hover();
    await seen.shot(`fallback-${theme}`);
    assert.deepEqual(await seen.page.evaluate(POOR_CONTRAST), []);
  });
}

test("it fits a phone", options, async (t) => {
  const seen = await open(t, { width: 360, height: 780, touch: true });
  await seen.ask("hello");
  await seen.page.locator(".notice").waitFor();
  await seen.ask("fail please");
  await seen.page.locator(".failure li").first().waitFor();
  await seen.shot("fallback-phone");
  const wide = await seen.page.evaluate("document.documentElement.scrollWidth - innerWidth");
  assert.equal(wide, 0);
});
