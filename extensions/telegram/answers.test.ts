import assert from "node:assert/strict";
import { test } from "node:test";
import type { OutboundFile, OutboundMessage, ReplyRoute } from "openclaw/sdk";
import { makeCore, newDurable } from "../../test/conformance/channelWorld.ts";
import { FakeTelegram } from "../../test/fakes/telegram.ts";
import channel from "./index.ts";

const address = { channel: "telegram", account: "default", kind: "direct", chat: "42" } as const;

async function connected(more: Readonly<Record<string, unknown>> = {}) {
  const fake = await FakeTelegram.start();
  const [account] = channel.accounts({ botToken: fake.token, apiRoot: fake.url, ...more }, {});
  assert.ok(account);
  const connection = await channel.open(account, makeCore(newDurable()).link);
  return {
    fake,
    connection,
    account,
    texts: () => fake.chats.standing(42).map(({ text }) => text),
    [Symbol.asyncDispose]: async () => {
      await connection.close();
      await fake.stop();
    },
  };
}

const said = (text: string, more: Partial<OutboundMessage> = {}): OutboundMessage => ({
  key: "k",
  address,
  text,
  maybeRepeated: false,
  ...more,
});
const file = (more: Partial<OutboundFile> = {}): OutboundFile => ({
  kind: "document",
  mimeType: "text/plain",
  fileName: "my notes; v2.txt",
  bytes: 5,
  data: new TextEncoder().encode("notes"),
  ...more,
});

test("an answer that is shown while it is written is one message that changes, and becomes the answer", async () => {
  await using world = await connected({ streaming: "partial" });
  const preview = world.connection.preview?.({ address, replyTo: "42:7" });
  const begun = await preview?.show("The **first** words");
  assert.equal((await preview?.show("The **first** words and more"))?.nativeId, begun?.nativeId);
  await preview?.show("The **first** words and more");
  assert.ok(begun);
  const receipt = await world.connection.send(said("The answer.", { replaces: begun }));
  assert.deepEqual(world.texts(), ["The answer."]);
  assert.equal(receipt.nativeId, begun.nativeId);
  assert.deepEqual(world.fake.sent[0]?.params["reply_parameters"], {
    message_id: 7,
    allow_sending_without_reply: true,
  });
  assert.deepEqual(world.fake.complaints, []);
});

test("the next process goes on in the same message", async () => {
  await using world = await connected({ streaming: "partial" });
  const begun = await world.connection.preview?.({ address })?.show("words");
  await world.connection.preview?.({ address }, begun)?.show("words and more");
  assert.deepEqual(world.texts(), ["words and more"]);
});

test("saying the answer twice into a preview shows it once, without a mark", async () => {
  await using world = await connected({ streaming: true });
  const begun = await world.connection.preview?.({ address })?.show("words");
  assert.ok(begun);
  await world.connection.send(said("The answer.", { replaces: begun }));
  await world.connection.send(said("The answer.", { replaces: begun, maybeRepeated: true }));
  assert.deepEqual(world.texts(), ["The answer."]);
});

test("an old preview is taken away and the answer comes as a new message", async () => {
  await using world = await connected({ streaming: { mode: "partial" } });
  const begun = await world.connection.preview?.({ address })?.show("words");
  assert.ok(begun);
  await world.connection.send(said("The answer.", { replaces: { ...begun, at: begun.at - 61_000 } }));
  assert.deepEqual(world.texts(), ["The answer."]);
  assert.equal(world.fake.sent.length, 2);
});

test("a preview that somebody deleted does not keep the answer from coming", async () => {
  await using world = await connected({ streaming: "progress" });
  const begun = await world.connection.preview?.({ address })?.show("words");
  assert.ok(begun);
  world.fake.chats.remove(1);
  await world.connection.send(said("The answer.", { replaces: begun }));
  assert.deepEqual(world.texts(), ["The answer."]);
});

test("an answer that says nothing takes its preview away, also when it is gone", async () => {
  await using world = await connected({ streaming: "partial" });
  const begun = await world.connection.preview?.({ address })?.show("words");
  assert.ok(begun);
  await world.connection.send(said("", { replaces: begun }));
  await world.connection.send(said("", { replaces: begun }));
  assert.deepEqual(world.texts(), []);
});

test("without streaming, a topic of a private chat gets a draft, and nothing else anything", async () => {
  await using world = await connected();
  const topic: ReplyRoute = { address, native: { messageThreadId: 9 } };
  assert.equal(world.connection.preview?.({ address }), undefined);
  assert.equal(await world.connection.preview?.(topic)?.show("words"), undefined);
  assert.deepEqual(
    world.fake.chats.drafts.map(({ text }) => text),
    ["words"],
  );
  assert.deepEqual(world.texts(), []);
});

for (const [title, section] of [
  ["streamMode off", { streamMode: "off" }],
  ["streaming off", { streaming: false }],
  ["streaming off, though streamMode is on", { streaming: "off", streamMode: "partial" }],
] as const)
  test(`${title} shows nothing before its time`, async () => {
    await using world = await connected(section);
    assert.equal(world.connection.preview?.({ address, native: { messageThreadId: 9 } }), undefined);
  });

test("previews by pieces say how long those are", async () => {
  await using world = await connected({ streaming: "block", draftChunk: { maxChars: 500 } });
  assert.deepEqual(world.connection.preview?.({ address })?.chunk, {
    minChars: 200,
    maxChars: 500,
    breakPreference: "paragraph",
  });
});

test("a limit on a preview holds for the answer, too", async () => {
  await using world = await connected({ streaming: "partial" });
  const preview = world.connection.preview?.({ address });
  world.fake.mishap = ({ method }) =>
    method === "sendMessage"
      ? { error_code: 429, description: "Too Many Requests", parameters: { retry_after: 3 } }
      : undefined;
  await assert.rejects(preview?.show("words") ?? Promise.resolve(), { kind: "rate_limit", retryAfterMs: 3000 });
  await assert.rejects(world.connection.send(said("x")), { kind: "rate_limit" });
});

const files: readonly [string, Partial<OutboundFile>, string][] = [
  ["a picture", { kind: "image", mimeType: "image/png", fileName: "a.png" }, "sendPhoto"],
  ["sound", { kind: "audio", mimeType: "audio/mpeg", fileName: "a.mp3" }, "sendAudio"],
  ["a voice note", { kind: "audio", mimeType: "audio/ogg", fileName: "a.ogg", asVoice: true }, "sendVoice"],
  ["a film", { kind: "video", mimeType: "video/mp4", fileName: "a.mp4" }, "sendVideo"],
  ["anything else", {}, "sendDocument"],
  ["a picture that is too large for one", { kind: "image", bytes: 11 * 1024 * 1024 }, "sendDocument"],
];
for (const [title, more, method] of files)
  test(`${title} goes by ${method}, with its caption`, async () => {
    await using world = await connected();
    const receipt = await world.connection.send(said("**Look**", { media: file(more) }));
    assert.equal(receipt.nativeId, "42:1");
    assert.deepEqual(
      world.fake.chats.standing(42).map(({ text, file: sent }) => [text, sent?.method, sent?.name, sent?.bytes]),
      [["Look", method, more.fileName ?? "my notes; v2.txt", 5]],
    );
    assert.deepEqual(world.fake.complaints, []);
  });

test("a picture that Telegram cannot show goes as a document", async () => {
  await using world = await connected();
  world.fake.mishap = ({ method }) =>
    method === "sendPhoto" ? { error_code: 400, description: "Bad Request: PHOTO_INVALID_DIMENSIONS" } : undefined;
  await world.connection.send(said("", { media: file({ kind: "image", fileName: "a.png" }) }));
  assert.equal(world.fake.chats.standing(42)[0]?.file?.method, "sendDocument");
});

test("a reaction is put on a message and taken away; one that Telegram does not know is refused", async () => {
  await using world = await connected();
  await world.connection.react?.(address, "42:7", "👀");
  assert.equal(world.fake.chats.reactions.get("42:7"), "👀");
  await world.connection.react?.(address, "42:7", undefined);
  assert.equal(world.fake.chats.reactions.size, 0);
  await assert.rejects(world.connection.react?.(address, "42:7", "🦞") ?? Promise.resolve(), { kind: "invalid" });
});
