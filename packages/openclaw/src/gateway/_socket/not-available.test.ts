import { test } from "node:test";
import assert from "node:assert/strict";
import { methods } from "../../generated/methods.ts";
import { laterMethods, laterScope } from "./not-available.ts";

for (const [method, scope] of [
  ["cron.list", "operator.read"],
  ["cron.add", "operator.admin"],
  ["board.tabs.add", "operator.write"],
  ["secrets.store.set", "operator.admin"],
  ["talk.session.create", "operator.talk"],
  ["device.scopes.waitUpgrade", "none"],
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

test("what comes later is not there yet", () => {
  const later = new Set(laterMethods().flatMap(([, names]) => names));
  assert.deepEqual(
    methods.map(({ name }) => name).filter((name) => later.has(name)),
    [],
  );
});
