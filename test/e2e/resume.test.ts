import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_BROWSER } from "./_browser.ts";
import { stage } from "./_start.ts";
import { visit } from "./_visit.ts";
import type { Visit } from "./_visit.ts";

const on = stage();
const options = { skip: NO_BROWSER };
const bubbles = (seen: Visit) => seen.own.locator(".bubble").allInnerTexts();
const whole = Array.from({ length: 120 }, (_, at) => `word${at + 1}`).join(" ");

async function open(t: Parameters<typeof visit>[0]): Promise<Visit> {
  const seen = await (await visit(t, on.browser, on.backend)).ready();
  await seen.newChat();
  return seen;
}

test("a reload in mid-stream goes on with the answer, without a word lost or doubled", options, async (t) => {
  const seen = await open(t);
  await seen.say("tell me slowly");
  await seen.answers.last().getByText("word10").waitFor();
  await seen.page.reload();
  await seen.ready();
  await seen.status.waitFor();
  assert.deepEqual(await bubbles(seen), ["tell me slowly"]);
  await seen.answers.last().getByText("word120").waitFor();
  await seen.idle();
  assert.deepEqual(await seen.answers.allInnerTexts(), [whole]);
});

test("two tabs show the same conversation as it happens", options, async (t) => {
  const first = await open(t);
  const at = first.page.url().slice(on.backend.origin.length + 1);
  const second = await (await visit(t, on.browser, on.backend, { context: first.context, at })).ready();
  await first.say("tell me quickly");
  await second.own.getByText("tell me quickly").waitFor();
  await second.answers.last().getByText("word120").waitFor();
  await second.idle();
  await second.ask("use a tool");
  await first.answers.getByText("It is Linux.").waitFor();
  await first.idle();
  for (const seen of [first, second]) {
    assert.deepEqual(await bubbles(seen), ["tell me quickly", "use a tool"]);
    assert.deepEqual(await seen.answers.allInnerTexts(), [whole, "I will look at the kernel.", "It is Linux."]);
    assert.equal(await seen.page.locator(".tool").count(), 1);
  }
});

test(
  "while the gateway is away a bar says so, what is sent waits, and nothing is lost or doubled",
  options,
  async (t) => {
    const seen = await open(t);
    await seen.ask("before the restart");
    await on.backend.stop();
    await seen.page.locator(".connection-bar").waitFor();
    await seen.say("sent while away");
    await seen.own.getByText("Sending…").waitFor();
    await on.backend.start();
    await seen.page.locator(".connection-bar").waitFor({ state: "detached", timeout: 40_000 });
    await seen.answers.getByText("You said: sent while away").waitFor();
    await seen.idle();
    assert.deepEqual(await bubbles(seen), ["before the restart", "sent while away"]);
    assert.equal(await seen.answers.count(), 2);
    await seen.page.reload();
    await seen.ready();
    await seen.answers.nth(1).waitFor();
    assert.deepEqual(await bubbles(seen), ["before the restart", "sent while away"]);
  },
);

test(
  "a restart in mid-answer keeps the message once and ends the answer or says that it was cut off",
  options,
  async (t) => {
    const seen = await open(t);
    await seen.say("tell me slowly");
    await seen.answers.last().getByText("word5").waitFor();
    await on.backend.stop();
    await on.backend.start();
    await seen.page.locator(".connection-bar").waitFor({ state: "detached", timeout: 40_000 });
    await seen.idle();
    assert.deepEqual(await bubbles(seen), ["tell me slowly"]);
    await seen.ask("and now?");
    assert.match(await seen.answers.last().innerText(), /and now\?/);
    assert.deepEqual(await bubbles(seen), ["tell me slowly", "and now?"]);
  },
);
