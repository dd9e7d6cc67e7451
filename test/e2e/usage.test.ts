import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { NO_BROWSER } from "./_browser.ts";
import { POOR_CONTRAST } from "./_contrast.ts";
import { startRealBackend } from "./_real-backend.ts";
import { stage } from "./_start.ts";
import { visit } from "./_visit.ts";
import type { Visit, VisitOptions } from "./_visit.ts";

const on = stage(() => startRealBackend("scripted"));
const options = { skip: NO_BROWSER };

/** The page after something was asked. */
async function open(t: TestContext, more: VisitOptions = {}): Promise<Visit> {
  const seen = await (await visit(t, on.browser, on.backend, more)).ready();
  await seen.ask("show me markdown");
  if ((more.width ?? 1280) < 760) await seen.page.getByRole("button", { name: "Show conversations" }).tap();
  await seen.page.getByRole("button", { name: "Usage", exact: true }).click();
  await seen.page.getByRole("heading", { name: "By model" }).waitFor();
  return seen;
}

test("what was asked is counted by day, model, agent, channel and conversation", options, async (t) => {
  const seen = await open(t);
  const { page } = seen;
  await page.getByRole("rowheader", { name: "scripted/my-model" }).waitFor();
  await page.getByRole("rowheader", { name: "webchat" }).waitFor();
  await page.getByRole("rowheader", { name: "main", exact: true }).waitFor();
  const chart = page.getByRole("img", { name: /^Cost by day from .*: \$0\.\d+ in all/ });
  await chart.waitFor();
  assert.equal(await chart.locator(".usage-bar").count(), 30);
  await page.getByRole("button", { name: "Tokens", exact: true }).click();
  await page.getByRole("img", { name: /^Tokens by day from / }).waitFor();
  await page.getByText("As a table").click();
  await page.getByRole("columnheader", { name: "Day" }).waitFor();
  await page.getByRole("button", { name: "7 days" }).click();
  await seen.eventually(() => page.locator(".usage-bar").count(), 7);
  await page
    .getByRole("button", { name: /^Open / })
    .first()
    .click();
  await seen.composer.waitFor();
});

for (const theme of ["light", "dark"] as const) {
  test(`the ${theme} appearance is readable`, options, async (t) => {
    const seen = await open(t, { theme, height: 1400 });
    await seen.shot(`usage-${theme}`);
    assert.deepEqual(await seen.page.evaluate(POOR_CONTRAST), []);
  });
}

test("it fits a phone", options, async (t) => {
  const seen = await open(t, { width: 360, height: 780, touch: true });
  await seen.shot("usage-phone");
  const wide = await seen.page.evaluate("document.documentElement.scrollWidth - innerWidth");
  assert.equal(wide, 0);
});
