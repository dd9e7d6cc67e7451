import assert from "node:assert/strict";
import { test } from "node:test";
import type { OutboundMessage } from "openclaw/sdk";
import { makeCore, newDurable, until } from "../../test/conformance/channelWorld.ts";
import { testChannel } from "../../test/conformance/testChannel.ts";
import { FakeTelegram } from "../../test/fakes/telegram.ts";
import channel from "./index.ts";

testChannel(channel, async () => {
  const fake = await FakeTelegram.start();
  const section = { botToken: fake.token, apiRoot: fake.url };
  let stopped: Promise<void> | undefined;
  return {
    section,
    refusedSection: { ...section, botToken: "1:another-token-entirely" },
    deadSection: { ...section, apiRoot: "http://127.0.0.1:9" },
    secret: fake.token,
    chat: (number) => String(700 + number),
    write: (chat, text) => void fake.inject({ chat: Number(chat), text }),
    shown: () => fake.sent,
    typing: () =>
      fake.calls.filter(({ method }) => method === "sendChatAction").map(({ params }) => String(params["chat_id"])),
    undelivered: () => fake.unconfirmed,
    listening: () => fake.polling,
    limit: (chat, seconds) =>
      once(fake, (call) => call.method === "sendMessage" && call.params["chat_id"] === chat, {
        error_code: 429,
        description: `Too Many Requests: retry after ${seconds}`,
        parameters: { retry_after: seconds },
      }),
    loseAnswer: () => once(fake, ({ method }) => method === "sendMessage", "drop-after"),
    revoke: () => void (fake.token = "4242:revoked-and-replaced-by-another-one"),
    complaints: () => fake.complaints,
    stop: () => (stopped ??= fake.stop()),
  };
});

function once(
  fake: FakeTelegram,
  when: (call: Parameters<FakeTelegram["mishap"]>[0]) => boolean,
  then: ReturnType<FakeTelegram["mishap"]>,
): void {
  fake.mishap = (call) => {
    if (!when(call)) return undefined;
    fake.mishap = () => undefined;
    return then;
  };
}

async function connected(more: Readonly<Record<string, unknown>> = {}, prepare?: (fake: FakeTelegram) => void) {
  const fake = await FakeTelegram.start();
  prepare?.(fake);
  const durable = newDurable();
  const core = makeCore(durable);
  const [account] = channel.accounts({ botToken: fake.token, apiRoot: fake.url, ...more }, {});
  assert.ok(account);
  const connection = await channel.open(account, core.link);
  return {
    fake,
    core,
    durable,
    connection,
    account,
    [Symbol.asyncDispose]: async () => {
      await connection.close();
      await fake.stop();
    },
  };
}

const said = (text: string, more: Partial<OutboundMessage> = {}): OutboundMessage => ({
  key: "k",
  address: { channel: "telegram", account: "default", kind: "direct", chat: "42" },
  text,
  maybeRepeated: false,
  ...more,
});

test("markup that the server cannot parse is sent once more as plain text", async () => {
  await using world = await connected();
  once(world.fake, ({ params }) => params["parse_mode"] === "HTML", {
    error_code: 400,
    description: "Bad Request: can't parse entities: somewhere",
  });
  await world.connection.send(said("**bold** [x](https://e.example)"));
  assert.deepEqual(
    world.fake.sent.map(({ text }) => text),
    ["bold x (https://e.example)"],
  );
});

test("a webhook that is set is removed before polling, also when it is set later", async () => {
  await using world = await connected({}, (fake) => void (fake.webhook = "https://elsewhere.example"));
  await until(() => world.fake.polling, "polling");
  world.fake.webhook = "https://again.example";
  world.fake.inject({ chat: 1, text: "wake" });
  await until(() => world.fake.polling && world.fake.webhook === "", "polling again");
});

test("another program that polls is reported, and polling goes on", async () => {
  await using world = await connected();
  await until(() => world.fake.polling, "polling");
  once(world.fake, ({ method }) => method === "getUpdates", {
    error_code: 409,
    description: "Conflict: terminated by other getUpdates request",
  });
  world.fake.inject({ chat: 1, text: "one" });
  await until(() => world.core.states.some(({ problem }) => problem?.includes("Another program") === true), "reported");
  await until(() => world.core.states.at(-1)?.state === "connected", "recovered");
  assert.equal(world.durable.stored.size, 1);
});

test("an answer that is no JSON may have been a delivery", async () => {
  await using world = await connected();
  once(world.fake, ({ method }) => method === "sendMessage", "garbage");
  await assert.rejects(world.connection.send(said("x")), { kind: "network", maybeSent: true });
});

test("what the Bot API refuses is told apart", async () => {
  const cases = [
    [403, "Forbidden: bot was blocked by the user", "permission"],
    [400, "Bad Request: chat not found", "not_found"],
    [400, "Bad Request: message is too long", "invalid"],
    [401, "Unauthorized", "auth"],
    [500, "Internal Server Error", "network"],
  ] as const;
  await using world = await connected();
  for (const [error_code, description, kind] of cases) {
    once(world.fake, ({ method }) => method === "sendMessage", { error_code, description });
    await assert.rejects(world.connection.send(said("x")), { kind, maybeSent: false });
  }
});

test("two limited chats at once silence the whole account", async () => {
  await using world = await connected();
  const limit = (chat: string) =>
    said("x", { address: { channel: "telegram", account: "default", kind: "direct", chat } });
  for (const chat of ["1", "2"]) {
    once(world.fake, ({ method }) => method === "sendMessage", {
      error_code: 429,
      description: "Too Many Requests",
      parameters: { retry_after: 5 },
    });
    await assert.rejects(world.connection.send(limit(chat)), { kind: "rate_limit" });
  }
  await assert.rejects(world.connection.send(limit("3")), { kind: "rate_limit" });
});

test("answers quote the question and stay in its topic", async () => {
  await using world = await connected();
  await world.connection.send(said("x", { replyTo: "42:7", native: { messageThreadId: 9 } }));
  assert.deepEqual(world.fake.sent[0]?.params["reply_parameters"], {
    message_id: 7,
    allow_sending_without_reply: true,
  });
  assert.equal(world.fake.sent[0]?.params["message_thread_id"], 9);
});

test("linkPreview off hides previews", async () => {
  await using world = await connected({ linkPreview: false });
  await world.connection.send(said("x"));
  assert.deepEqual(world.fake.sent[0]?.params["link_preview_options"], { is_disabled: true });
});

test("an old cursor and one of another bot are not used", async () => {
  for (const cursor of [
    { bot: 1, offset: 99_999, at: Date.now() },
    { bot: 4242, offset: 99_999, at: Date.now() - 7 * 86_400_000 },
  ]) {
    const fake = await FakeTelegram.start();
    const durable = newDurable();
    durable.memory.set("cursor", JSON.stringify(cursor));
    const [account] = channel.accounts({ botToken: fake.token, apiRoot: fake.url }, {});
    assert.ok(account);
    fake.inject({ chat: 1, text: "kept" });
    const connection = await channel.open(account, makeCore(durable).link);
    await until(() => durable.stored.size === 1, "stored");
    await connection.close();
    await fake.stop();
  }
});
