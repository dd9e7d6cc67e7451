import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseNode } from "./_cli-find.ts";
import { durationOf } from "./_cli-list.ts";
import type { NodeView } from "./index.ts";

const node = (nodeId: string, displayName: string, remoteIp: string, connected = true) =>
  ({ nodeId, displayName, remoteIp, connected }) as NodeView;
const desk = node("aaaaaa11", "Desk", "10.0.0.1");
const phone = node("aaaaaa22", "Phone", "10.0.0.2", false);
const other = node("bbbbbb33", "Phone", "10.0.0.3", false);

test("a node is meant by id, name, address or the beginning of its id", () => {
  const all = [desk, phone, other];
  for (const wanted of ["aaaaaa11", "desk", "10.0.0.1"]) assert.equal(chooseNode(all, wanted), desk, wanted);
  assert.equal(chooseNode(all, "bbbbbb"), other);
  assert.throws(() => chooseNode(all, "bbbbb"), { code: "NODE_NAME_UNKNOWN" });
  assert.throws(() => chooseNode(all, "aaaaaa"), /aaaaaa11, aaaaaa22/);
  assert.throws(() => chooseNode(all, "phone"), { code: "NODE_NAME_AMBIGUOUS" });
});

test("without a name the only connected node is meant", () => {
  assert.equal(chooseNode([desk, phone], undefined), desk);
  assert.throws(() => chooseNode([phone], undefined), /No node is connected/);
  assert.throws(() => chooseNode([desk, { ...phone, connected: true }], undefined), /2 nodes are connected/);
});

test("durations are read with their unit, milliseconds without", () => {
  assert.deepEqual(["3000", "10s", "5m", "24h"].map(durationOf), [3000, 10_000, 300_000, 86_400_000]);
  for (const bad of ["", "1w", "-1s", "soon"]) assert.throws(() => durationOf(bad), { code: "NODE_DURATION_INVALID" });
});
