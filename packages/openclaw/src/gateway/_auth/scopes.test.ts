import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { allows, covers, scopesWithoutDevice, union } from "./scopes.ts";

const scope = fc.constantFrom(
  "operator.read",
  "operator.write",
  "operator.admin",
  "operator.approvals",
  "operator.pairing",
  "operator.talk",
  "operator.zzz",
  "plugin.x",
);

test("holding nothing allows nothing", () => {
  fc.assert(fc.property(scope, (needed) => !allows([], needed)));
});

test("what is held is allowed, and more never allows less", () => {
  fc.assert(
    fc.property(
      fc.array(scope),
      scope,
      scope,
      (held, more, needed) => !allows(held, needed) || allows([...held, more], needed),
    ),
  );
  fc.assert(fc.property(fc.array(scope, { minLength: 1 }), (held) => covers(held, held)));
});

test("admin covers every operator scope and nothing else", () => {
  assert.ok(allows(["operator.admin"], "operator.not-declared"));
  assert.ok(!allows(["operator.admin"], "plugin.x"));
});

test("write covers reading and talking, but neither approvals nor pairing", () => {
  assert.ok(covers(["operator.write"], ["operator.read", "operator.talk"]));
  assert.ok(!allows(["operator.write"], "operator.approvals"));
  assert.ok(!allows(["operator.write"], "operator.pairing"));
  assert.ok(!allows(["operator.approvals"], "operator.read"));
});

test("a union holds both sides once", () => {
  fc.assert(
    fc.property(fc.array(scope), fc.array(scope), (a, b) => {
      const both = union(a, b);
      return new Set(both).size === both.length && covers(both, a) && covers(both, b);
    }),
  );
});

test("without a device only tools on this machine keep what they ask for", () => {
  const requested = ["operator.read"];
  const table = [
    ["cli", "cli", true, requested],
    ["gateway-client", "backend", true, requested],
    ["cli", "cli", false, []],
    ["cli", "ui", true, []],
    ["webchat", "cli", true, []],
    ["gateway-client", "cli", true, []],
  ] as const;
  for (const [id, mode, local, expected] of table)
    assert.deepEqual(scopesWithoutDevice({ id, mode, local, requested }), expected);
});
