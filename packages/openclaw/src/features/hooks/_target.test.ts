import assert from "node:assert/strict";
import { test } from "node:test";
import type { SessionRow } from "../sessions/index.ts";
import { targetOf } from "./_target.ts";

const channels = {
  known: ["telegram", "slack", "whatsapp"].map((id) => ({ id, label: id })),
  defaultAccount: (channel: string) => (channel === "slack" ? undefined : "default"),
};
const main = (entry: Record<string, unknown> = {}) =>
  ({ key: "agent:main:main", agentId: "main", entry }) as unknown as SessionRow;
const telegram = { lastChannel: "telegram", lastTo: "-7", lastAccountId: "second", chatType: "group" };
const answers = (deliver: "yes" | "wish" | "no", more: { channel?: string; to?: string } = {}, row = main(telegram)) =>
  targetOf({ deliver, channel: "last", ...more }, channels, row);

test("an answer goes where the session was last talked to, or where the hook says", () => {
  const last = { channel: "telegram", account: "second", kind: "group", chat: "-7" };
  assert.deepEqual(answers("wish"), last);
  assert.deepEqual(answers("yes", { channel: "Telegram" }), last);
  assert.deepEqual(answers("yes", { to: "42" }), {
    channel: "telegram",
    account: "second",
    kind: "direct",
    chat: "42",
  });
  assert.deepEqual(answers("yes", { channel: "whatsapp", to: "group:x" }), {
    channel: "whatsapp",
    account: "default",
    kind: "group",
    chat: "x",
  });
  assert.deepEqual(answers("yes", { to: "+49" }, main()), {
    channel: "whatsapp",
    account: "default",
    kind: "direct",
    chat: "+49",
  });
});

test("nobody is written to where nothing is to be delivered, or there is nobody and it was only a wish", () => {
  assert.equal(answers("no"), undefined);
  assert.equal(answers("wish", {}, main()), undefined);
  assert.equal(answers("wish", {}, main({ lastChannel: "webchat", lastTo: "x" })), undefined);
  assert.equal(targetOf({ deliver: "wish", channel: "last" }, channels, undefined), undefined);
});

test("a channel that is unknown, not configured or without a chat is said", () => {
  assert.throws(() => answers("no", { channel: "smoke" }), /channel must be last\|telegram\|slack\|whatsapp/);
  assert.throws(() => answers("yes", { channel: "slack", to: "x" }), /slack is not configured/);
  assert.throws(() => answers("yes", { channel: "whatsapp" }), /to is required for the channel whatsapp/);
  assert.throws(() => answers("yes", {}, main()), /no last chat/);
});
