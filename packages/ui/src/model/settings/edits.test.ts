import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { REDACTED, apply, differences, edit, included, issueFor, needsSecret, patchOf, rebase } from "./edits.ts";
import type { Edit } from "./edits.ts";
import { isDict, same } from "./path.ts";
import type { Dict, Path } from "./path.ts";

const base = {
  gateway: { port: 18789, auth: { token: REDACTED } },
  agents: { list: [{ id: "a", model: "x" }, { id: "b" }] },
};

function edited(...changes: readonly (readonly [Path, unknown])[]): readonly Edit[] {
  return changes.reduce<readonly Edit[]>((edits, [path, value]) => edit(edits, base, path, value), []);
}

/** RFC 7396. */
function merge(target: unknown, patch: unknown): unknown {
  if (!isDict(patch)) return patch;
  const out: Record<string, unknown> = isDict(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key];
    else out[key] = merge(out[key], value);
  }
  return out;
}

const key = fc.constantFrom("a", "b", "c");
const tree = fc.letrec<{ value: unknown; dict: Dict }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, fc.integer(), fc.string(), fc.array(fc.integer()), tie("dict")),
  dict: fc.dictionary(key, tie("value"), { noNullPrototype: true }),
})).dict;

test("the patch from one file to another makes it the other", () => {
  fc.assert(fc.property(tree, tree, (a, b) => assert.ok(same(merge(a, patchOf(a, b)), b))));
  assert.deepEqual(patchOf({ a: { b: 1, c: 2 } }, { a: { b: 1, d: 3 } }), { a: { c: null, d: 3 } });
});

test("the patch back undoes a patch", () => {
  fc.assert(fc.property(tree, tree, (a, b) => assert.ok(same(merge(merge(a, patchOf(a, b)), patchOf(b, a)), a))));
});

test("an edit that comes back to the stored value is no edit", () => {
  assert.equal(edited([["gateway", "port"], 1]).length, 1);
  assert.deepEqual(edited([["gateway", "port"], 1], [["gateway", "port"], 18789]), []);
  assert.deepEqual(edited([["new"], 1], [["new"], undefined]), []);
});

test("what stands in a list is edited as that list", () => {
  const edits = edited([["agents", "list", 0, "model"], "y"], [["agents", "list", 1], undefined]);
  assert.deepEqual(edits, [{ path: ["agents", "list"], value: [{ id: "a", model: "y" }] }]);
  assert.deepEqual(patchOf(base, apply(base, edits)), { agents: { list: [{ id: "a", model: "y" }] } });
});

test("an edit below a place that was added or taken away is part of that edit", () => {
  const edits = edited([["channels"], {}], [["channels", "telegram"], { enabled: true }]);
  assert.deepEqual(apply({}, edits), { channels: { telegram: { enabled: true } } });
  assert.equal(edits.length, 1);
  const above = edited([["gateway", "port"], 1], [["gateway"], undefined]);
  assert.deepEqual(above, [{ path: ["gateway"] }]);
});

test("edits are laid over a file that was changed elsewhere; what it says already is dropped", () => {
  const edits = edited([["gateway", "port"], 1], [["gateway", "bind"], "lan"]);
  const elsewhere = { gateway: { port: 1, mode: "local" } };
  const rest = rebase(edits, elsewhere);
  assert.deepEqual(rest, [{ path: ["gateway", "bind"], value: "lan" }]);
  assert.deepEqual(apply(elsewhere, rest), { gateway: { port: 1, mode: "local", bind: "lan" } });
});

test("differences are told at the deepest keys, lists as one value", () => {
  const after = apply(base, edited([["gateway", "bind"], "lan"], [["agents", "list", 0, "model"], "y"]));
  assert.deepEqual(
    differences(base, after).map(({ path }) => path),
    [
      ["gateway", "bind"],
      ["agents", "list"],
    ],
  );
  assert.deepEqual(differences({ a: 1 }, {}), [{ path: ["a"], before: 1 }]);
  assert.deepEqual(differences({}, { a: { b: 1 } }), [{ path: ["a", "b"], after: 1 }]);
});

test("the way back of a replaced secret needs the secret, that of anything else does not", () => {
  const token = edited([["gateway", "auth", "token"], "new"]);
  assert.equal(needsSecret(differences(base, apply(base, token))), true);
  const port = edited([["gateway", "port"], 1]);
  assert.equal(needsSecret(differences(base, apply(base, port))), false);
});

test("what the gateway refused is found at the setting, or at the one around it", () => {
  const issues = [{ path: "agents.list[0].model", message: "expected text" }];
  assert.equal(issueFor(issues, ["agents", "list"]), "expected text");
  assert.equal(issueFor(issues, ["agents", "list", 0, "model"]), "expected text");
  assert.equal(issueFor(issues, ["agents", "li"]), undefined);
});

test("what a file includes stands in its place", () => {
  const parsed = { channels: { $include: "./channels.json5" }, gateway: { port: 1 } };
  const config = { channels: { telegram: {} }, gateway: { port: 1, mode: "local" } };
  assert.deepEqual(included(parsed, config), { channels: { telegram: {} }, gateway: { port: 1 } });
});
