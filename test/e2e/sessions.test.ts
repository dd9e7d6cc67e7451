import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_BROWSER } from "./_browser.ts";
import { stage } from "./_start.ts";
import { visit } from "./_visit.ts";
import type { Visit } from "./_visit.ts";

const on = stage();
const options = { skip: NO_BROWSER };
const title = (seen: Visit) => seen.page.locator(".header-title");
const item = (seen: Visit, name: string) => seen.page.locator(".session", { hasText: name });

async function act(seen: Visit, name: string, action: string): Promise<void> {
  await item(seen, name).hover();
  await item(seen, name)
    .getByRole("button", { name: `Actions for ${name}` })
    .click();
  await seen.page.getByRole("menuitem", { name: action }).click();
}

test("a new chat is named after its first message and listed", options, async (t) => {
  const seen = await (await visit(t, on.browser, on.backend)).ready();
  await seen.newChat();
  await seen.ask("a chat about boats");
  await item(seen, "a chat about boats").waitFor();
  assert.equal(await title(seen).innerText(), "a chat about boats");
});

test("a conversation is renamed in place, and Esc leaves its name", options, async (t) => {
  const seen = await (await visit(t, on.browser, on.backend)).ready();
  await seen.newChat();
  await seen.ask("rename me");
  await act(seen, "rename me", "Rename");
  await seen.page.getByLabel("New name").fill("Harbour plans");
  await seen.page.keyboard.press("Enter");
  await item(seen, "Harbour plans").waitFor();
  await act(seen, "Harbour plans", "Rename");
  await seen.page.getByLabel("New name").fill("Other");
  await seen.page.keyboard.press("Escape");
  await seen.page.reload();
  await seen.ready();
  await item(seen, "Harbour plans").waitFor();
  assert.equal(await title(seen).innerText(), "Harbour plans");
});

test("what was said is found from anywhere, and its conversation opened", options, async (t) => {
  const seen = await (await visit(t, on.browser, on.backend)).ready();
  await seen.newChat();
  await seen.ask("remember that the lighthouse keeper is called Mervyn, and that he likes his tea strong");
  const there = seen.page.url();
  await seen.newChat();
  await seen.ask("something else altogether");
  await seen.page.keyboard.press("Control+k");
  await seen.page.getByRole("combobox").pressSequentially("mervyn tea");
  const found = seen.page
    .getByRole("option", { name: /Mervyn/ })
    .filter({ has: seen.page.locator("mark") })
    .last();
  await found.waitFor();
  assert.deepEqual(await found.locator("mark").allInnerTexts(), ["Mervyn", "tea"]);
  await seen.shot("search");
  await found.click();
  await seen.page.waitForURL(there);
  await seen.own.getByText("lighthouse keeper").waitFor();
});

test("starting afresh asks once and empties the conversation", options, async (t) => {
  const seen = await (await visit(t, on.browser, on.backend)).ready();
  await seen.newChat();
  await seen.ask("forget this");
  await act(seen, "forget this", "Start afresh");
  await seen.page.getByRole("button", { name: "Cancel" }).click();
  assert.equal(await seen.own.count(), 1);
  await act(seen, "forget this", "Start afresh");
  await seen.page.getByRole("button", { name: "Start afresh", exact: true }).click();
  await seen.page.getByText("What can I do for you?").waitFor();
  await seen.ask("after the reset");
  assert.equal(await seen.own.count(), 1);
});

test("deleting can be undone, and happens when it is not", options, async (t) => {
  const seen = await (await visit(t, on.browser, on.backend)).ready();
  await seen.newChat();
  await seen.ask("delete me");
  await act(seen, "delete me", "Delete");
  await item(seen, "delete me").waitFor({ state: "detached" });
  await seen.page.getByRole("button", { name: "Undo" }).click();
  await item(seen, "delete me").waitFor();
  await act(seen, "delete me", "Delete");
  await seen.page.getByRole("button", { name: "Dismiss" }).click();
  await seen.page.waitForTimeout(500);
  await seen.page.reload();
  await seen.ready();
  await seen.page.waitForTimeout(300);
  assert.equal(await item(seen, "delete me").count(), 0);
});

test("the address names the conversation: reload and back return to it", options, async (t) => {
  const seen = await (await visit(t, on.browser, on.backend)).ready();
  await seen.newChat();
  await seen.ask("address one");
  const first = seen.page.url();
  await seen.newChat();
  await seen.ask("address two");
  assert.notEqual(seen.page.url(), first);
  await seen.page.goBack();
  await seen.own.getByText("address one").waitFor();
  assert.equal(seen.page.url(), first);
});

test("an answer in another conversation is marked as unread until it is opened", options, async (t) => {
  const seen = await (await visit(t, on.browser, on.backend)).ready();
  await seen.newChat();
  await seen.say("tell me quickly");
  await seen.status.waitFor();
  await seen.newChat();
  await item(seen, "tell me quickly").getByRole("img", { name: "Unread" }).waitFor();
  await item(seen, "tell me quickly").getByRole("button").first().click();
  await seen.answers.getByText("word120").waitFor();
  assert.equal(await item(seen, "tell me quickly").getByRole("img", { name: "Unread" }).count(), 0);
});
