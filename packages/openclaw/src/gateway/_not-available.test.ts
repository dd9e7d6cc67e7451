import { test } from "node:test";
import assert from "node:assert/strict";
import { laterScope } from "./_not-available.ts";

for (const [method, scope] of [
  ["cron.list", "operator.read"],
  ["cron.add", "operator.admin"],
  ["board.tabs.add", "operator.write"],
  ["sessions.branches.switch", "operator.admin"],
  ["talk.session.create", "operator.talk"],
  ["node.pending.pull", "node"],
] as const)
  test(`${method} comes later and needs ${scope}`, () => assert.equal(laterScope(method), scope));

for (const method of [
  "",
  "nope",
  "cron",
  "cron.nope",
  "board",
  "sessions.branche",
  "cron.add.more",
  "__proto__",
  "constructor",
])
  test(`"${method}" is no name that comes later`, () => assert.equal(laterScope(method), undefined));
