import assert from "node:assert/strict";
import { test } from "node:test";
import type { Branch } from "openclaw/client";
import type { Entry } from "./conversation.ts";
import { forksOf } from "./branches.ts";

const entry = (id: string, timestamp: number, role: Entry["message"]["role"] = "user"): Entry => ({
  id,
  tick: 0,
  message: { role, content: id, timestamp },
});
const branch = (id: string, forkId: string | null, more: Partial<Branch> = {}): Branch => ({
  id,
  active: false,
  updatedAt: 10,
  preview: id,
  forkId,
  firstId: id,
  firstAt: 10,
  ...more,
});
const active = (id: string): Branch => ({ id, active: true, updatedAt: 99, preview: id, forkId: id });

test("a way has its place among those that begin after the same message, oldest first", () => {
  const entries = [entry("a", 1), entry("b", 20)];
  const found = forksOf([active("b"), branch("c", "a"), branch("d", "a", { firstAt: 30 })], entries, true);
  assert.deepEqual([...found.at], [["b", { at: 2, of: 3, before: "c", after: "d" }]]);
  assert.equal(found.later, undefined);
});

test("ways that part later count as one, and lead to where it was newest", () => {
  const more = { firstId: "x", firstAt: 5 };
  const list = [
    active("b"),
    branch("x1", "a", { ...more, updatedAt: 7 }),
    branch("x2", "a", { ...more, updatedAt: 8 }),
  ];
  const found = forksOf(list, [entry("a", 1), entry("b", 20)], true);
  assert.deepEqual([...found.at], [["b", { at: 2, of: 2, before: "x2" }]]);
});

test("before the first message there are ways too, once the beginning is loaded", () => {
  const list = [active("b"), branch("c", null)];
  assert.equal(forksOf(list, [entry("b", 20)], true).at.get("b")?.of, 2);
  assert.equal(forksOf(list, [entry("b", 20)], false).at.size, 0);
});

test("a conversation that was taken back and has not gone on leads to where it was", () => {
  const found = forksOf([active("a"), branch("z", "a")], [entry("a", 1)], true);
  assert.equal(found.at.size, 0);
  assert.equal(found.later?.id, "z");
});

test("a way that parts at the result of a tool parts after what called it", () => {
  const entries = [entry("a", 1, "assistant"), entry("r", 2, "toolResult"), entry("b", 20)];
  assert.equal(forksOf([active("b"), branch("c", "r")], entries, true).at.get("b")?.of, 2);
});
