import assert from "node:assert/strict";
import { test } from "node:test";
import type { Update } from "grammy/types";
import { messageNumber, toEnvelope } from "./_decode.ts";

const message = (more: object) =>
  ({
    update_id: 1,
    message: {
      message_id: 5,
      date: 1_700_000_000,
      chat: { id: 42, type: "private", first_name: "Ada" },
      from: { id: 42, is_bot: false, first_name: "Ada", last_name: "L", username: "AdaL" },
      ...more,
    },
  }) as unknown as Update;

test("a text becomes an envelope", () => {
  assert.deepEqual(
    toEnvelope(message({ text: "hi", reply_to_message: { message_id: 3 }, message_thread_id: 8 }), "work"),
    {
      envelope: {
        nativeId: "42:5",
        address: { channel: "telegram", account: "work", kind: "direct", chat: "42" },
        from: { id: "42", isBot: false, name: "Ada L", username: "AdaL" },
        parts: [{ type: "text", text: "hi" }],
        at: 1_700_000_000_000,
        replyTo: "42:3",
        native: { messageThreadId: 8 },
      },
    },
  );
});

test("a tap says what stands in the button", () => {
  const tap = (data: string) =>
    toEnvelope(
      {
        update_id: 1,
        callback_query: {
          id: "77",
          data,
          chat_instance: "1",
          from: { id: 42, is_bot: false, first_name: "Ada" },
          message: { message_id: 5, date: 1_700_000_000, chat: { id: 42, type: "private", first_name: "Ada" } },
        },
      } as unknown as Update,
      "default",
    );
  const decoded = tap("/think high");
  assert.ok("envelope" in decoded);
  assert.equal(decoded.envelope.nativeId, "42:tap-77");
  assert.equal(decoded.envelope.gesture, true);
  assert.deepEqual(decoded.envelope.parts, [{ type: "text", text: "/think high" }]);
  const other = tap("something");
  assert.deepEqual("envelope" in other && other.envelope.parts, [{ type: "text", text: "callback_data: something" }]);
});

const parts: [title: string, content: object, parts: readonly object[] | undefined][] = [
  [
    "a photo with a caption keeps both, and of its sizes the largest",
    { photo: [{ file_id: "small" }, { file_id: "large", file_size: 9 }], caption: "look" },
    [
      { type: "text", text: "look" },
      { type: "file", ref: "large", kind: "image", mimeType: "image/jpeg", bytes: 9 },
    ],
  ],
  [
    "a voice note is one",
    { voice: { file_id: "v", duration: 3, mime_type: "audio/ogg" } },
    [{ type: "file", ref: "v", kind: "audio", mimeType: "audio/ogg", durationMs: 3000, isVoice: true }],
  ],
  [
    "an animation is a video although it is a document too",
    { animation: { file_id: "a" }, document: { file_id: "a" } },
    [{ type: "file", ref: "a", kind: "video" }],
  ],
  [
    "a document keeps its name",
    { document: { file_id: "d", file_name: "a.pdf", mime_type: "application/pdf" } },
    [{ type: "file", ref: "d", kind: "document", mimeType: "application/pdf", fileName: "a.pdf" }],
  ],
  [
    "a picture that was sent as a file is a picture",
    { document: { file_id: "d", mime_type: "image/png" } },
    [{ type: "file", ref: "d", kind: "image", mimeType: "image/png" }],
  ],
  [
    "a sticker is a picture",
    { sticker: { file_id: "s", emoji: "🦞" } },
    [{ type: "file", ref: "s", kind: "image", mimeType: "image/webp" }],
  ],
  [
    "a sticker that moves leaves what it stands for",
    { sticker: { file_id: "s", emoji: "🦞", is_animated: true } },
    [{ type: "text", text: "<media:sticker> 🦞" }],
  ],
  ["what says nothing is skipped", { poll: {} }, undefined],
];
for (const [title, content, expected] of parts) {
  test(title, () => {
    const decoded = toEnvelope(message(content), "default");
    assert.deepEqual("envelope" in decoded ? decoded.envelope.parts : decoded, expected ?? { skipped: "no-text" });
  });
}

const skipped: [title: string, update: object, reason: string][] = [
  [
    "a group's message is left for later",
    message({ chat: { id: -1, type: "supergroup", title: "G" }, text: "hi" }),
    "groups:not-supported-yet",
  ],
  ["a channel's post has no sender", message({ from: undefined, text: "hi" }), "no-sender"],
  ["another kind of update is named", { update_id: 1, poll: {} }, "update:poll"],
  [
    "a tap on a message that is gone",
    { update_id: 1, callback_query: { id: "9", data: "/help" } },
    "tap-without-message",
  ],
  [
    "a tap in a group is left for later",
    {
      update_id: 1,
      callback_query: {
        id: "9",
        data: "/help",
        message: { message_id: 1, date: 1, chat: { id: -1, type: "supergroup" } },
      },
    },
    "groups:not-supported-yet",
  ],
];
for (const [title, update, reason] of skipped) {
  test(title, () => assert.deepEqual(toEnvelope(update as Update, "default"), { skipped: reason }));
}

test("opening the chat is a gesture, a word that begins alike is not", () => {
  const gesture = (text: string) => {
    const decoded = toEnvelope(message({ text }), "default");
    return "envelope" in decoded && decoded.envelope.gesture === true;
  };
  assert.deepEqual(["/start", "/start payload", "/start@my_bot", "/started", "start"].map(gesture), [
    true,
    true,
    true,
    false,
    false,
  ]);
});

test("message ids are read back from our form and from bare numbers only", () => {
  assert.deepEqual(["42:7", "7", "-100:7", "x7", "", undefined].map(messageNumber), [
    7,
    7,
    7,
    undefined,
    undefined,
    undefined,
  ]);
});
