import assert from "node:assert/strict";
import { test } from "node:test";
import { describeMatch, parseBind, planBind } from "./_bindings.ts";
import type { Binding } from "./_bindings.ts";

test("a place is a channel, and an account where there are several", () => {
  assert.deepEqual(parseBind("Telegram"), { channel: "telegram" });
  assert.deepEqual(parseBind("telegram:Work"), { channel: "telegram", accountId: "Work" });
  assert.deepEqual(parseBind("slack:*"), { channel: "slack", accountId: "*" });
  for (const wrong of ["", ":work", "telegram:", "a:b:c", "tele gram"])
    assert.throws(() => parseBind(wrong), { code: "BINDING_MALFORMED" });
});

test("a rule is told in one line", () => {
  assert.equal(describeMatch({ channel: "telegram" }), "telegram");
  assert.equal(
    describeMatch({ channel: "discord", accountId: "a", peer: { kind: "dm", id: "7" }, roles: ["x", "y"] }),
    "discord accountId=a peer=dm:7 roles=x,y",
  );
});

const rules: Binding[] = [
  { agentId: "work", match: { channel: "telegram" } },
  { agentId: "home", match: { channel: "slack", accountId: "team" } },
];

test("what is new is added, what is there is left, what is another's is told", () => {
  const plan = planBind(rules, "work", [
    { channel: "telegram" },
    { channel: "telegram", accountId: "default" },
    { channel: "slack", accountId: "team" },
    { channel: "signal" },
    { channel: "signal" },
  ]);
  assert.deepEqual(plan.skipped.length, 3);
  assert.deepEqual(plan.conflicts, [{ match: { channel: "slack", accountId: "team" }, agentId: "home" }]);
  assert.deepEqual(plan.added, [{ channel: "signal" }]);
  assert.deepEqual(plan.upgraded, []);
});

test("a rule for the channel alone gets the account, in its place, and only one", () => {
  const plan = planBind(rules, "work", [
    { channel: "telegram", accountId: "work" },
    { channel: "telegram", accountId: "second" },
  ]);
  assert.deepEqual(plan.upgraded, [{ at: 0, match: { channel: "telegram", accountId: "work" } }]);
  assert.deepEqual(plan.added, [{ channel: "telegram", accountId: "second" }]);
  assert.deepEqual(planBind(rules, "home", [{ channel: "telegram", accountId: "x" }]).upgraded, []);
});
