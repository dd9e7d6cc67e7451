import { test } from "node:test";
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Address } from "../../contracts/envelope.ts";
import { canonicalKey, keyForAddress, kindOf, parseKey } from "./_keys.ts";
import type { DmScope } from "./_keys.ts";

const canonical: readonly [string, string | undefined][] = [
  ["main", "agent:main:main"],
  ["P2", "agent:main:p2"],
  ["agent:work:Main", "agent:work:main"],
  ["agent:main:whatsapp:direct:+1555", "agent:main:whatsapp:dm:+1555"],
  ["global", "global"],
  ["", undefined],
  ["   ", undefined],
  ["agent::x", undefined],
  ["a\nb", undefined],
  ["x".repeat(600), undefined],
];
for (const [given, key] of canonical) {
  test(`the key ${JSON.stringify(given.slice(0, 40))} means ${key ?? "nothing"}`, () =>
    assert.equal(canonicalKey(given, "main"), key));
}

test("a canonical key stays itself", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (text) => {
      const once = canonicalKey(text, "main");
      if (once !== undefined) assert.equal(canonicalKey(once, "other"), once);
    }),
  );
});

const dm: Address = { channel: "telegram", account: "work", kind: "direct", chat: "4711" };
const group: Address = {
  channel: "telegram",
  account: "work",
  kind: "group",
  chat: "-100",
  thread: "42",
  threadKind: "topic",
};
const rules = (dmScope: DmScope) => ({
  dmScope,
  mainKey: "main",
  scope: "per-sender" as const,
  identityLinks: { ann: ["Telegram:4711"] },
});
const noLinks = (dmScope: DmScope) => ({ ...rules(dmScope), identityLinks: {} });

const scopes: readonly [DmScope, string][] = [
  ["main", "agent:main:main"],
  ["per-peer", "agent:main:dm:4711"],
  ["per-channel-peer", "agent:main:telegram:dm:4711"],
  ["per-account-channel-peer", "agent:main:telegram:work:dm:4711"],
];
for (const [scope, key] of scopes) {
  test(`with dmScope ${scope} a direct chat is ${key}`, () =>
    assert.equal(keyForAddress(dm, "main", noLinks(scope)), key));
}

test("one person's linked addresses share a session", () =>
  assert.equal(keyForAddress(dm, "main", rules("per-peer")), "agent:main:dm:ann"));
test("a group topic has a session of its own", () =>
  assert.equal(keyForAddress(group, "main", rules("main")), "agent:main:telegram:group:-100:topic:42"));
test("what a channel calls no topic is a thread", () => {
  const { threadKind: _topic, ...thread } = group;
  assert.equal(keyForAddress(thread, "main", rules("main")), "agent:main:telegram:group:-100:thread:42");
});
test("scope global puts everything into one session", () =>
  assert.equal(keyForAddress(group, "main", { ...rules("main"), scope: "global" }), "global"));

test("keys are told apart by kind", () => {
  assert.equal(kindOf("agent:main:telegram:group:-100"), "group");
  assert.equal(kindOf("agent:main:main"), "direct");
  assert.equal(kindOf("global"), "global");
  assert.equal(kindOf("nonsense"), "unknown");
  assert.deepEqual(parseKey("agent:main:a:b"), { agentId: "main", rest: "a:b" });
});
