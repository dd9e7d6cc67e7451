import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_BROWSER } from "./_browser.ts";
import { stage } from "./_start.ts";
import { visit } from "./_visit.ts";

const on = stage();
const options = { skip: NO_BROWSER };
const open = async (t: Parameters<typeof visit>[0]) => {
  const seen = await (await visit(t, on.browser, on.backend)).ready();
  await seen.newChat();
  return seen;
};

test("a message is shown at once and its answer streams in", options, async (t) => {
  const seen = await open(t);
  await seen.say("tell me slowly");
  assert.equal(await seen.own.last().locator(".bubble").innerText(), "tell me slowly");
  await seen.answers.last().getByText("word5").waitFor();
  const early = await seen.answers.last().innerText();
  assert.ok(!early.includes("word120"));
  assert.match(await seen.status.innerText(), /Writing/);
  await seen.page.keyboard.press("Escape");
  await seen.idle();
});

test("Esc stops the answer, and what was said stays and is marked", options, async (t) => {
  const seen = await open(t);
  await seen.say("tell me slowly");
  await seen.answers.last().getByText("word3").waitFor();
  await seen.page.keyboard.press("Escape");
  await seen.idle();
  await seen.page.getByText("Stopped", { exact: true }).waitFor();
  const kept = await seen.answers.last().innerText();
  assert.match(kept, /word3/);
  assert.ok(!kept.includes("word120"));
  await seen.page.reload();
  await seen.ready();
  await seen.answers.last().getByText("word3").waitFor();
  assert.equal(await seen.answers.count(), 1);
});

test("a tool call is one line that opens into arguments, output and duration", options, async (t) => {
  const seen = await open(t);
  await seen.ask("use a tool");
  const tool = seen.page.locator(".tool");
  assert.equal(await tool.count(), 1);
  assert.match(await tool.innerText(), /exec\s+uname -s\s+[\d.]+ m?s/);
  await tool.getByRole("button").first().click();
  assert.match(await tool.locator(".fold-body").innerText(), /Arguments\s+command: uname -s\s+Output\s+Linux/);
  assert.deepEqual(await seen.answers.allInnerTexts(), ["I will look at the kernel.", "It is Linux."]);
});

test("a tool that fails says so", options, async (t) => {
  const seen = await open(t);
  await seen.ask("use a bad tool");
  assert.match(await seen.page.locator(".tool").innerText(), /read.*missing\.txt.*failed/s);
});

test("while a tool runs the status line names it, and stop ends it", options, async (t) => {
  const seen = await open(t);
  await seen.say("use a slow tool");
  await seen.status.getByText("Running exec").waitFor();
  if (on.backend.kind === "fake") return;
  await seen.page.getByRole("button", { name: "Stop the answer" }).click();
  await seen.idle();
});

test("thoughts are folded and open on demand", options, async (t) => {
  const seen = await open(t);
  await seen.ask("think about it");
  const thought = seen.page.getByRole("button", { name: /^Thought/ });
  assert.equal(await thought.getAttribute("aria-expanded"), "false");
  await thought.click();
  assert.match(await seen.page.locator(".thinking").innerText(), /The owner wants a number/);
});

test("a failed answer says what happened, and the page goes on", options, async (t) => {
  const seen = await open(t);
  await seen.say("fail please");
  await seen.page.locator(".failure").waitFor();
  assert.match(await seen.page.locator(".failure").innerText(), /failed/i);
  await seen.idle();
  await seen.ask("hello again");
  assert.match(await seen.answers.last().innerText(), /hello again/);
  assert.equal(await seen.page.locator(".failure").count(), 1);
});

test(
  "what is typed while an answer runs waits in a queue, can be taken back, and is sent afterwards",
  options,
  async (t) => {
    const seen = await open(t);
    await seen.say("tell me slowly");
    await seen.status.waitFor();
    await seen.say("first of the queue");
    await seen.say("second of the queue");
    const queue = seen.page.getByRole("list", { name: "Waiting for the answer to finish" });
    assert.equal(await queue.getByRole("listitem").count(), 2);
    await queue.getByRole("button", { name: "Remove from the queue" }).first().click();
    assert.equal(await queue.getByRole("listitem").count(), 1);
    await seen.answers.getByText("You said: second of the queue").waitFor({ timeout: 30_000 });
    await seen.idle();
    assert.deepEqual(await seen.own.locator(".bubble").allInnerTexts(), ["tell me slowly", "second of the queue"]);
  },
);

test("what waits in the queue can be sent while the answer runs, and is answered once", options, async (t) => {
  const seen = await open(t);
  await seen.say("tell me slowly");
  await seen.status.waitFor();
  await seen.say("and this now");
  await seen.page.getByRole("button", { name: "Send now" }).click();
  assert.equal(await seen.page.getByRole("list", { name: "Waiting for the answer to finish" }).count(), 0);
  await seen.answers.getByText("You said: and this now").waitFor({ timeout: 30_000 });
  assert.deepEqual(await seen.own.locator(".bubble").allInnerTexts(), ["tell me slowly", "and this now"]);
});

test("Shift+Enter breaks the line and the arrow up brings the last message back", options, async (t) => {
  const seen = await open(t);
  await seen.composer.fill("one");
  await seen.composer.press("Shift+Enter");
  await seen.page.keyboard.type("two");
  await seen.composer.press("Enter");
  await seen.answers.getByText(/You said: one/).waitFor();
  await seen.idle();
  await seen.composer.press("ArrowUp");
  assert.equal(await seen.composer.inputValue(), "one\ntwo");
});

test("Markdown is rendered, code can be copied, and HTML in a text stays text", options, async (t) => {
  const seen = await open(t);
  await seen.ask("show me markdown");
  const answer = seen.answers.last();
  assert.equal(await answer.locator("h2").innerText(), "Two ways to do it");
  assert.deepEqual(await answer.locator("th").allInnerTexts(), ["Channel", "State", "Messages"]);
  assert.equal(await answer.locator("b").count(), 0);
  assert.match(await answer.innerText(), /<b>Raw HTML<\/b>/);
  assert.equal(
    await answer.getByRole("link", { name: "the documentation" }).getAttribute("rel"),
    "noopener noreferrer",
  );
  assert.equal(await answer.locator(".code-head span").innerText(), "ts");
  await answer.getByRole("button", { name: "Copy", exact: true }).click();
  await answer.getByRole("button", { name: "Copied" }).waitFor();
  assert.match(
    await seen.page.evaluate(() =>
      (navigator as unknown as { clipboard: { readText(): Promise<string> } }).clipboard.readText(),
    ),
    /^export function greet/,
  );
});

test("a slash command is answered where it was given and the conversation goes on", options, async (t) => {
  const seen = await open(t);
  if (on.backend.kind === "fake") return;
  await seen.ask("hello first");
  await seen.say("/status");
  await seen.answers.nth(1).waitFor();
  await seen.idle();
  await seen.ask("hello after");
  const texts = await seen.page.locator(".bubble, .answer > .md").allInnerTexts();
  assert.deepEqual(
    [texts[0], texts[1], texts[2], texts[4], texts[5]],
    ["hello first", "You said: hello first", "/status", "hello after", "You said: hello after"],
  );
});

test("saying something shows it, wherever the reader was", options, async (t) => {
  const seen = await open(t);
  await seen.ask("show me markdown");
  await seen.ask("show me markdown");
  await seen.page.locator(".thread-scroll").evaluate((box) => (box.scrollTop = 0));
  await seen.page.getByRole("button", { name: "Jump to the newest message" }).waitFor();
  await seen.ask("and this is new");
  await seen.page.getByRole("button", { name: "Jump to the newest message" }).waitFor({ state: "detached" });
  assert.ok(await seen.answers.last().evaluate((row) => row.getBoundingClientRect().bottom <= 800));
});

test("a draft survives a reload and stays with its conversation", options, async (t) => {
  const seen = await open(t);
  await seen.composer.fill("not yet finished");
  await seen.page.reload();
  await seen.ready();
  assert.equal(await seen.composer.inputValue(), "not yet finished");
  await seen.page.locator(".session", { hasText: "Main conversation" }).getByRole("button").first().click();
  await seen.eventually(() => seen.composer.inputValue(), "");
});
