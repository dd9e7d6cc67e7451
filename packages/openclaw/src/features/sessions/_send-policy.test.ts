import assert from "node:assert/strict";
import { test } from "node:test";
import type { Address } from "../../contracts/envelope.ts";
import { maySend } from "./_send-policy.ts";

const group: Address = { channel: "discord", account: "default", kind: "group", chat: "1" };
const direct: Address = { channel: "telegram", account: "default", kind: "direct", chat: "1" };
const key = "agent:main:main";
type Policy = Parameters<typeof maySend>[0];
const rules = (action: "allow" | "deny", match: object): Policy => ({ default: "allow", rules: [{ action, match }] });

const cases: readonly [string, Policy, Parameters<typeof maySend>[1], boolean][] = [
  ["nothing said allows", undefined, { sessionKey: key, address: direct }, true],
  ["a default may deny", { default: "deny" }, { sessionKey: key, address: direct }, false],
  [
    "a rule denies its kind of chat",
    rules("deny", { channel: "discord", chatType: "group" }),
    { sessionKey: key, address: group },
    false,
  ],
  [
    "and no other",
    rules("deny", { channel: "discord", chatType: "group" }),
    { sessionKey: key, address: direct },
    true,
  ],
  [
    "a key is compared without its agent",
    rules("deny", { keyPrefix: "cron:" }),
    { sessionKey: "agent:main:cron:x", address: direct },
    false,
  ],
  [
    "or with it",
    rules("deny", { rawKeyPrefix: "agent:main:cron:" }),
    { sessionKey: "agent:work:cron:x", address: direct },
    true,
  ],
  ["an older name of a kind counts", rules("deny", { chatType: "dm" }), { sessionKey: key, address: direct }, false],
  [
    "a rule allows against the default",
    { default: "deny", rules: [{ action: "allow", match: { channel: "telegram" } }] },
    { sessionKey: key, address: direct },
    true,
  ],
  [
    "a denial wins over an allowance",
    {
      default: "allow",
      rules: [
        { action: "allow", match: {} },
        { action: "deny", match: { channel: "telegram" } },
      ],
    },
    { sessionKey: key, address: direct },
    false,
  ],
  [
    "the session's own word wins over all",
    rules("deny", {}),
    { sessionKey: key, address: direct, override: "allow" },
    true,
  ],
  ["also when it denies", undefined, { sessionKey: key, address: direct, override: "deny" }, false],
];
for (const [title, policy, sending, allowed] of cases)
  test(title, () => assert.equal(maySend(policy, sending), allowed));
