import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { FakeTelegram } from "../fakes/telegram.ts";
import { login } from "./_client.ts";
import { eventually, TOKEN, wholeGateway } from "./_whole.ts";

/** A gateway with an account on a FAKE network, and a client that may write. */
async function connected(t: TestContext) {
  const telegram = await FakeTelegram.start();
  t.after(() => telegram.stop());
  const { port } = await wholeGateway(t, {
    config: {
      channels: { telegram: { botToken: telegram.token, apiRoot: telegram.url, dmPolicy: "open", allowFrom: ["*"] } },
    },
  });
  const client = await login(`ws://127.0.0.1:${port}`, { auth: { token: TOKEN } });
  t.after(() => client.close());
  await eventually(async () => {
    const { payload } = await client.request("channels.status");
    return payload.channelAccounts.telegram[0].connected || undefined;
  }, "the connection");
  return { telegram, client };
}

test("a message is sent once, and its receipt is told", async (t) => {
  const { telegram, client } = await connected(t);
  const params = { to: "42", message: "hello there", idempotencyKey: "k1" };
  const { payload } = await client.request("send", params);
  assert.deepEqual([payload.runId, payload.channel, payload.chatId], ["k1", "telegram", "42"]);
  assert.match(payload.messageId, /^42:\d+$/);
  assert.deepEqual((await client.request("send", params)).payload, payload);
  assert.equal(telegram.sent.length, 1);
  const action = { channel: "telegram", action: "send", params: { to: "42", message: "again" }, senderIsOwner: true };
  assert.equal((await client.request("message.action", { ...action, whatever: 1 })).payload.ok, true);
  assert.equal(telegram.sent.length, 2);
});

test("media and polls, which the channel does not take yet, are refused before anything is sent", async (t) => {
  const { telegram, client } = await connected(t);
  const media = await client.request("send", { to: "42", mediaUrl: "https://example.com/a.png", idempotencyKey: "k2" });
  assert.equal(media.error?.code, "UNAVAILABLE");
  const poll = await client.request("poll", { to: "42", question: "?", options: ["a", "b"], idempotencyKey: "k3" });
  assert.equal(poll.error?.message, "unsupported poll channel: telegram");
  assert.equal(telegram.sent.length, 0);
});

test("an account that was stopped by hand keeps messages until it is started again", async (t) => {
  const { telegram, client } = await connected(t);
  assert.equal((await client.request("channels.stop", { channel: "telegram" })).payload.stopped, true);
  const sending = client.request("send", { to: "42", message: "later", idempotencyKey: "k4" });
  assert.equal((await client.request("channels.start", { channel: "telegram" })).payload.started, true);
  assert.match((await sending).payload.messageId, /^42:\d+$/);
  assert.equal(telegram.sent.length, 1);
});
