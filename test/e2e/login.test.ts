import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_BROWSER } from "./_browser.ts";
import { stage } from "./_start.ts";
import { visit } from "./_visit.ts";

const on = stage();
const options = { skip: NO_BROWSER };

test(
  "a link with the token in its fragment opens the conversation, and the token leaves the address bar",
  options,
  async (t) => {
    const seen = await (await visit(t, on.browser, on.backend)).ready();
    assert.equal(new URL(seen.page.url()).hash, "");
    assert.ok(!seen.page.url().includes(on.backend.token));
    await seen.page.reload();
    await seen.ready();
  },
);

test("without a token the page says where to find it", options, async (t) => {
  const seen = await visit(t, on.browser, on.backend, { at: "" });
  await seen.page.getByLabel("Gateway token").waitFor();
  assert.match(await seen.page.locator(".login-help").innerText(), /openclaw dashboard/);
  await seen.page.getByRole("button", { name: "Connect" }).click();
  assert.equal(await seen.page.getByRole("alert").innerText(), "Paste the token first.");
});

test("a wrong token is named beside the field, and the right one opens the page", options, async (t) => {
  const seen = await visit(t, on.browser, on.backend, { at: "#token=wrong-token" });
  await seen.page.locator(".complaint").waitFor();
  assert.match(await seen.page.locator("#token-problem").innerText(), /not the gateway's token.*openclaw dashboard/s);
  assert.equal(await seen.page.getByLabel("Gateway token").getAttribute("aria-invalid"), "true");
  await seen.page.getByLabel("Gateway token").fill(on.backend.token);
  await seen.page.keyboard.press("Enter");
  await seen.ready();
});

test("a second tab of the same browser needs no token, and after logging out it does", options, async (t) => {
  const first = await (await visit(t, on.browser, on.backend)).ready();
  const second = await (await visit(t, on.browser, on.backend, { context: first.context, at: "" })).ready();
  await second.page.getByRole("button", { name: "Log out" }).click();
  await second.page.getByLabel("Gateway token").waitFor();
  await second.page.reload();
  await second.page.getByLabel("Gateway token").waitFor();
});
