import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_BROWSER } from "./_browser.ts";
import { startRealBackend } from "./_real-backend.ts";
import { stage } from "./_start.ts";
import { visit, type Visit } from "./_visit.ts";

const on = stage(() => startRealBackend("scripted", { tools: { exec: { host: "gateway" } } }));
const options = { skip: NO_BROWSER };

const card = ({ page }: Visit) =>
  page
    .getByRole("region", { name: "Commands that wait for you" })
    .getByRole("group", { name: "May this command run?" });

async function asking(seen: Visit): Promise<void> {
  await seen.say("use a tool");
  await card(seen).waitFor();
}

test("a command waits for the owner, who allows it once", options, async (t) => {
  const seen = await (await visit(t, on.browser, on.backend)).ready();
  await seen.newChat();
  await asking(seen);
  assert.equal(await card(seen).getByLabel("Command").innerText(), "uname -s");
  assert.match(await card(seen).innerText(), /Program\s+\/.*\s+Folder\s+\//);
  await seen.page.getByRole("status").filter({ hasText: "Waiting for your approval" }).waitFor();
  await seen.shot("approval-light");
  await card(seen).getByRole("button", { name: "Allow once" }).click();
  await card(seen).waitFor({ state: "detached" });
  await seen.idle();
  assert.match(await seen.answers.last().innerText(), /It is Linux/);
});

test("a command that is denied does not run", options, async (t) => {
  const seen = await (await visit(t, on.browser, on.backend)).ready();
  await seen.newChat();
  await asking(seen);
  await card(seen).getByRole("button", { name: "Deny" }).click();
  await seen.idle();
  const tool = seen.page.locator(".tool").last();
  assert.equal(await tool.getAttribute("data-status"), "failed");
  await tool.getByRole("button").first().click();
  assert.match(await tool.innerText(), /the owner denied it/);
});

test("every page of the owner is asked, also in another conversation, and one answer is enough", options, async (t) => {
  const first = await (await visit(t, on.browser, on.backend)).ready();
  const second = await (await visit(t, on.browser, on.backend, { width: 360, height: 640, theme: "dark" })).ready();
  await first.newChat();
  await asking(first);
  await card(second).waitFor();
  await second.page.getByText("Asked by").waitFor();
  await second.shot("approval-narrow-dark");
  const wide = await second.page.evaluate("document.documentElement.scrollWidth > innerWidth");
  assert.equal(wide, false, "nothing sticks out at 360 px");
  const late = await (await visit(t, on.browser, on.backend)).ready();
  await card(late).waitFor();
  await second.page.getByRole("button", { name: "Allow once" }).focus();
  await second.page.keyboard.press("Enter");
  for (const page of [first, second, late]) await card(page).waitFor({ state: "detached" });
  await first.idle();
});
