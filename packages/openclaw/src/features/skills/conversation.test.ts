import assert from "node:assert/strict";
import { test } from "node:test";
import { skillsOfConversation } from "./_conversation.ts";
import { settings } from "./home.fixture.ts";

const config = settings({
  channels: {
    telegram: {
      groups: { "-1": { skills: ["tea"], topics: { "7": { skills: ["milk"] }, "8": {} } }, "*": { skills: [] } },
      accounts: { work: { groups: { "-1": { skills: ["mail"] } } } },
    },
    slack: { channels: { C1: { skills: ["notes"] } } },
    discord: { guilds: { g: { channels: { c: { skills: ["data"] } } } } },
  },
});

for (const [what, channel, account, chat, thread, expected] of [
  ["a group", "telegram", "default", "-1", undefined, ["tea"]],
  ["a topic of it", "telegram", "default", "-1", "7", ["milk"]],
  ["a topic that says nothing", "telegram", "default", "-1", "8", ["tea"]],
  ["the group of an account", "telegram", "work", "-1", undefined, ["mail"]],
  ["any other group", "telegram", "default", "-2", undefined, []],
  ["a channel of Slack", "slack", "default", "C1", undefined, ["notes"]],
  ["a channel of a guild", "discord", "default", "c", undefined, ["data"]],
  ["a channel that says nothing", "slack", "default", "C2", undefined, undefined],
  ["a network without settings", "irc", "default", "x", undefined, undefined],
] as const) {
  test(`${what} has its own list, if any`, () => {
    const address = { channel, account, kind: "group" as const, chat, ...(thread === undefined ? {} : { thread }) };
    assert.deepEqual(skillsOfConversation(config, address), expected);
  });
}

test("a direct chat has none: the list for all groups is not for it", () => {
  const address = { channel: "telegram", account: "default", kind: "direct", chat: "-2" } as const;
  assert.equal(skillsOfConversation(config, address), undefined);
});
