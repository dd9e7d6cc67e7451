import assert from "node:assert/strict";
import { test } from "node:test";
import type { Channel, ChannelAccount, DmPolicy } from "../../contracts/channel.ts";
import { dmVerdict, standingOf } from "./_standing.ts";

const channel = {
  id: "telegram",
  aliases: ["tg"],
  normalizeSender: (raw: string) =>
    raw
      .trim()
      .replace(/^(tg|telegram):/i, "")
      .replace(/^@/, "")
      .toLowerCase(),
} as unknown as Channel;
const account = (allowFrom: readonly string[], dmPolicy: DmPolicy = "pairing") =>
  ({ allowFrom, dmPolicy }) as unknown as ChannelAccount;
const keys = ["42", "ada"];

const cases: [
  title: string,
  policy: DmPolicy,
  allowFrom: string[],
  approved: string[],
  owners: string[],
  verdict: string,
  role: string,
][] = [
  ["a stranger has to pair", "pairing", [], [], [], "pair pairing", "stranger"],
  ["somebody listed is an owner", "pairing", ["tg:42"], [], [], "allow allow-from", "owner"],
  ["a listed username counts in any case", "pairing", ["@Ada"], [], [], "allow allow-from", "owner"],
  ["somebody paired is a member", "pairing", [], ["42"], [], "allow paired", "member"],
  ["the wildcard makes a guest", "pairing", ["*"], [], [], "allow allow-from:wildcard", "guest"],
  ["a paired recorded owner is an owner", "pairing", [], ["42"], ["telegram:42"], "allow paired", "owner"],
  ["an owner of another channel is nobody here", "pairing", [], ["42"], ["discord:42"], "allow paired", "member"],
  ["an owner entry without a channel owns nothing", "pairing", [], ["42"], ["42"], "allow paired", "member"],
  ["an owner entry may use the channel's alias", "pairing", [], ["42"], ["tg:42"], "allow paired", "owner"],
  [
    "being an owner does not let in by itself",
    "allowlist",
    [],
    [],
    ["telegram:42"],
    "ignore dm-policy:allowlist",
    "owner",
  ],
  ["an empty allowlist lets nobody in", "allowlist", [], [], [], "ignore dm-policy:allowlist", "stranger"],
  ["an allowlist counts the paired too", "allowlist", [], ["42"], [], "allow paired", "member"],
  ["open with the wildcard lets everybody in", "open", ["*"], [], [], "allow dm-policy:open", "guest"],
  [
    "open without the wildcard refuses strangers",
    "open",
    [],
    [],
    [],
    "ignore dm-policy:open-without-wildcard",
    "stranger",
  ],
  ["pairing never widens open", "open", [], ["42"], [], "ignore dm-policy:open-without-wildcard", "member"],
  ["open without the wildcard still lets the listed in", "open", ["42"], [], [], "allow allow-from", "owner"],
  [
    "disabled refuses even the listed",
    "disabled",
    ["42"],
    ["42"],
    ["telegram:42"],
    "ignore dm-policy:disabled",
    "owner",
  ],
];

for (const [title, policy, allowFrom, approved, owners, expected, role] of cases) {
  test(title, () => {
    const standing = standingOf(keys, channel, account(allowFrom), { approved, owners });
    const { verdict, reason } = dmVerdict(policy, standing);
    assert.equal(`${verdict} ${reason}`, expected);
    assert.equal(standing.role, role);
  });
}
