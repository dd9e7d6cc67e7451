import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_BROWSER } from "./_browser.ts";
import { startFakeBackend } from "./_fake-backend.ts";
import { stage } from "./_start.ts";
import { visit } from "./_visit.ts";

const COUNT = 10_000;

const on = stage(async () => {
  const backend = await startFakeBackend();
  const messages = Array.from({ length: COUNT }, (_, at) => ({
    role: at % 2 === 0 ? "user" : "assistant",
    content: at % 2 === 0 ? `question ${at}` : [{ type: "text", text: `answer ${at}\n\nwith a second paragraph` }],
    timestamp: at,
  }));
  backend.assistant.remember("agent:main:main", messages);
  return backend;
});

test(
  "a conversation of ten thousand messages keeps the page small and can be read to its beginning",
  { skip: NO_BROWSER, timeout: 120_000 },
  async (t) => {
    const seen = await (await visit(t, on.browser, on.backend)).ready();
    await seen.answers.last().waitFor();
    assert.match(await seen.answers.last().innerText(), new RegExp(`^answer ${COUNT - 1}`));
    const rows = seen.page.locator(".row :is(.bubble, .md)");
    const numbers = () => rows.evaluateAll((all) => all.map((row) => Number(/\d+/.exec(row.textContent ?? "")?.[0])));
    let most = 0;
    let first = COUNT;
    for (let turn = 0; turn < 400 && first > COUNT - 3000; turn += 1) {
      await seen.page.locator(".thread-scroll").evaluate((box) => (box.scrollTop -= 3000));
      await seen.page.waitForTimeout(30);
      const shown = await numbers();
      most = Math.max(most, shown.length);
      first = shown[0] ?? first;
      assert.deepEqual(
        shown,
        shown.toSorted((a, b) => a - b),
      );
      assert.equal(new Set(shown).size, shown.length);
      assert.equal(shown.length, (shown.at(-1) ?? 0) - (shown[0] ?? 0) + 1);
    }
    assert.ok(first <= COUNT - 3000, `scrolled back to ${first}`);
    assert.ok(most < 300, `${most} rows stood in the page`);
    await seen.page.getByRole("button", { name: "Jump to the newest message" }).click();
    await seen.eventually(async () => (await numbers()).at(-1), COUNT - 1);
  },
);

test("scrolling back keeps what is read where it is", { skip: NO_BROWSER }, async (t) => {
  const seen = await (await visit(t, on.browser, on.backend)).ready();
  await seen.answers.last().waitFor();
  const box = seen.page.locator(".thread-scroll");
  await box.evaluate((element) => (element.scrollTop = 900));
  const place = () =>
    seen.page.locator(".row").evaluateAll((all) => {
      const row = all.find((one) => one.getBoundingClientRect().top > 200);
      return { text: row?.textContent, top: Math.round(row?.getBoundingClientRect().top ?? 0) };
    });
  const before = await place();
  await box.evaluate((element) => (element.scrollTop -= 150));
  await seen.page.waitForTimeout(500);
  const after = await seen.page
    .locator(".row")
    .evaluateAll(
      (all, text) => Math.round(all.find((one) => one.textContent === text)?.getBoundingClientRect().top ?? -1),
      before.text ?? "",
    );
  assert.ok(Math.abs(after - (before.top + 150)) <= 2, `it stood at ${before.top} and now at ${after}`);
});
