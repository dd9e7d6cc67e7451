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

const PDF = { name: "tide table.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4\n%nothing\n") };
const TEXT = { name: "list.txt", mimeType: "text/plain", buffer: Buffer.from("bread\n") };
const PIXEL = {
  name: "pixel.png",
  mimeType: "image/png",
  buffer: Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8Dwn4GBgYGBAQAJMQEDgPvc3gAAAABJRU5ErkJggg==",
    "base64",
  ),
};
/** A tenth of a second of silence. */
const SOUND = { name: "note.wav", mimeType: "audio/wav", buffer: wav(800) };

function wav(samples: number): Buffer {
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + samples, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(8000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write("data", 36);
  head.writeUInt32LE(samples, 40);
  return Buffer.concat([head, Buffer.alloc(samples, 128)]);
}

async function open(t: TestContext, more: VisitOptions = {}): Promise<Visit> {
  const seen = await (await visit(t, on.browser, on.backend, more)).ready();
  await seen.newChat();
  return seen;
}

const choose = ({ page }: Visit, files: Parameters<ReturnType<typeof page.locator>["setInputFiles"]>[0]) =>
  page.locator('input[type="file"]').setInputFiles(files);
const waiting = ({ page }: Visit) => page.getByRole("list", { name: "Files that go with the message" });

test("files wait as chips, go with the message, and stand in the conversation after a reload", options, async (t) => {
  const seen = await open(t);
  await choose(seen, [PDF, TEXT, PIXEL, SOUND]);
  await waiting(seen).getByText("tide table.pdf").waitFor();
  await waiting(seen).getByRole("button", { name: "Leave out list.txt" }).click();
  assert.equal(await waiting(seen).getByRole("listitem").count(), 3);
  await seen.ask("look at these");
  await waiting(seen).waitFor({ state: "detached" });
  await seen.own.getByText("look at these").waitFor();
  await seen.own.getByText("tide table.pdf").waitFor();
  await seen.own.locator("audio").waitFor();
  assert.equal(await seen.own.locator("img").count(), 1);
  await seen.page.reload();
  await seen.own.getByText(/tide.table\.pdf/).waitFor();
  await seen.own.getByText(/note\.wav/).waitFor();
  assert.doesNotMatch((await seen.own.textContent()) ?? "", /media attached/);
});

test("a file goes without words", options, async (t) => {
  const seen = await open(t);
  await choose(seen, [TEXT]);
  await waiting(seen).waitFor();
  await seen.page.getByRole("button", { name: "Send", exact: true }).click();
  await seen.own.getByText("list.txt").waitFor();
  await seen.answers.first().waitFor();
});

test("files are dropped and pasted", options, async (t) => {
  const seen = await open(t);
  await seen.page.evaluate(`{
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(["one"], "dropped.md", { type: "text/markdown" }));
    document.querySelector(".centre").dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  }`);
  await waiting(seen).getByText("dropped.md").waitFor();
  await seen.page.evaluate(`{
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File(["two"], "pasted.csv", { type: "text/csv" }));
    document.querySelector("#composer").dispatchEvent(new ClipboardEvent("paste", { clipboardData, cancelable: true, bubbles: true }));
  }`);
  await waiting(seen).getByText("pasted.csv").waitFor();
});

test("what cannot be sent says why, and the rest stays", options, async (t) => {
  const seen = await open(t);
  await choose(seen, [{ ...TEXT, name: "nothing.txt", buffer: Buffer.alloc(0) }, TEXT]);
  await seen.page.getByText(/“nothing\.txt” is empty/).waitFor();
  await waiting(seen).getByText("list.txt").waitFor();
  await choose(seen, [{ ...PDF, name: "huge.pdf", buffer: Buffer.alloc(19_000_001) }]);
  await seen.page.getByText(/“huge\.pdf” is too large/).waitFor();
  assert.equal(await waiting(seen).getByRole("listitem").count(), 1);
});

test("what comes with files while an answer runs waits at the gateway", options, async (t) => {
  const seen = await open(t);
  await seen.say("tell me slowly");
  await seen.status.waitFor();
  await choose(seen, [TEXT]);
  await waiting(seen).waitFor();
  await seen.say("and this");
  await seen.own.nth(1).getByText("list.txt").waitFor();
  await seen.answers.nth(1).waitFor();
  await seen.idle();
});

for (const theme of ["light", "dark"] as const) {
  test(`the ${theme} appearance is readable`, options, async (t) => {
    const seen = await open(t, { theme });
    await choose(seen, [PDF, PIXEL, SOUND]);
    await waiting(seen).waitFor();
    await seen.ask("look at these");
    await choose(seen, [PDF, PIXEL, { ...TEXT, name: "nothing.txt", buffer: Buffer.alloc(0) }]);
    await waiting(seen).waitFor();
    await seen.shot(`files-${theme}`);
    assert.deepEqual(await seen.page.evaluate(POOR_CONTRAST), []);
  });
}

test("it fits a phone", options, async (t) => {
  const seen = await open(t, { width: 360, height: 780, touch: true });
  await choose(seen, [{ ...PDF, name: `${"a very long name ".repeat(6)}.pdf` }, PIXEL, SOUND]);
  await waiting(seen).waitFor();
  await seen.ask("look at these");
  await choose(seen, [{ ...PDF, name: `${"a very long name ".repeat(6)}.pdf` }, PIXEL]);
  await waiting(seen).waitFor();
  await seen.shot("files-phone");
  const wide = await seen.page.evaluate("document.documentElement.scrollWidth - innerWidth");
  assert.equal(wide, 0);
});
