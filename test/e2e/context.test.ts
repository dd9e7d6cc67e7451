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

/** Longer than the record that takes its place. */
const LONG = `one bed of roses${", tulips-along-the-northern-wall".repeat(50)}`;

async function open(t: Parameters<typeof visit>[0], more: VisitOptions = {}): Promise<Visit> {
  const seen = await (await visit(t, on.browser, on.backend, more)).ready();
  await seen.newChat();
  for (const text of [LONG, "tell me quickly"]) await seen.ask(text);
  return seen;
}

const meter = ({ page }: Visit) => page.getByRole("button", { name: /^Context:/ });
const panel = ({ page }: Visit) => page.getByRole("complementary", { name: "What fills the window" });

test("the meter says how full the window is and opens into its parts", options, async (t) => {
  const seen = await open(t);
  await seen.eventually(
    async () => /\d+ % of the window/.test((await meter(seen).getAttribute("aria-label")) ?? ""),
    true,
  );
  await meter(seen).click();
  const rows = panel(seen).locator("tbody tr");
  await rows.first().waitFor();
  const parts = await panel(seen).locator("tbody th").allInnerTexts();
  for (const part of ["Instructions", "Files of the workspace", "Descriptions of tools", "Conversation", "Free"])
    assert.ok(
      parts.some((one) => one.trim() === part),
      `${part} is missing in ${parts.join(", ")}`,
    );
  assert.match(await panel(seen).locator(".context-total").innerText(), /^[\d,]+ of [\d,]+ tokens$/);
  await panel(seen).getByRole("button", { name: "Files of the workspace" }).click();
  await panel(seen).getByText("AGENTS.md").waitFor();
  await meter(seen).click();
  await panel(seen).waitFor({ state: "detached" });
});

test("the conversation is summarised on request, and stands divided", options, async (t) => {
  const seen = await open(t);
  await meter(seen).click();
  await panel(seen).getByLabel("What should it keep in view?").fill("the roses");
  await panel(seen).getByRole("button", { name: "Compact now" }).click();
  await panel(seen).getByRole("button", { name: "Summarising…" }).waitFor();
  await seen.status.getByText("Summarising the earlier conversation").waitFor();
  await panel(seen)
    .getByText(/^Done: [\d,]+ → [\d,]+ tokens\.$/)
    .waitFor();
  await seen.status.waitFor({ state: "detached" });
  await panel(seen).getByText("Summary of earlier conversation").waitFor();
  const divider = seen.page.getByRole("button", { name: "Earlier conversation was summarised" });
  await divider.click();
  await seen.page.locator(".compaction-body").getByText("A garden on the north side.").waitFor();
  await seen.ask("three more");
  await seen.page.reload();
  await seen.ready();
  await divider.waitFor();
  const order = await seen.page.locator(".bubble, .compaction, .answer > .md").allInnerTexts();
  assert.equal(
    order.findIndex((text) => text.includes("summarised")),
    4,
  );
  assert.equal(order.length, 7);
});

test("where there is nothing to summarise it says so", options, async (t) => {
  const seen = await (await visit(t, on.browser, on.backend)).ready();
  await seen.newChat();
  await seen.ask("only this");
  await meter(seen).click();
  await panel(seen).getByRole("button", { name: "Compact now" }).click();
  await panel(seen)
    .getByText(/^(Nothing to summarise yet|Done: .*)\.$/)
    .waitFor();
});

for (const theme of ["light", "dark"] as const) {
  test(`it is readable in ${theme}, and on a phone`, options, async (t) => {
    const seen = await open(t, { theme });
    await meter(seen).click();
    await panel(seen).getByRole("button", { name: "Compact now" }).click();
    await panel(seen)
      .getByText(/^Done:/)
      .waitFor();
    await seen.page.getByRole("button", { name: "Earlier conversation was summarised" }).click();
    await seen.shot(`context-${theme}`);
    assert.deepEqual(await seen.page.evaluate(POOR_CONTRAST), []);
    const phone = await open(t, { theme, width: 360, height: 720, touch: true });
    await phone.shot(`meter-phone-${theme}`);
    await meter(phone).tap();
    await panel(phone).locator("tbody tr").first().waitFor();
    await phone.shot(`context-phone-${theme}`);
    assert.equal(await phone.page.evaluate("document.documentElement.scrollWidth"), 360);
    assert.deepEqual(await phone.page.evaluate(POOR_CONTRAST), []);
    await phone.page.keyboard.press("Escape");
    await panel(phone).waitFor({ state: "detached" });
  });
}
