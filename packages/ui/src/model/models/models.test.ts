import assert from "node:assert/strict";
import { test } from "node:test";
import { findModels, groupProviders, moodOf, priceOf, windowText } from "./catalog.ts";
import type { ModelRow, Provider } from "./catalog.ts";
import { aliasProblem, aliasesOf, choiceOf, withAlias, withChoice } from "./choices.ts";

const row = (ref: string, more: Partial<ModelRow> = {}): ModelRow => ({
  provider: ref.split("/")[0] ?? "",
  id: ref.split("/").slice(1).join("/"),
  name: ref,
  available: true,
  ...more,
});
const provider = (name: string, more: Partial<Provider> = {}): Provider => ({
  provider: name,
  displayName: name.toUpperCase(),
  status: "missing",
  profiles: [],
  ...more,
});

const defaults = (value: object) => ({ agents: { defaults: value } });

test("a choice stays text as long as it is one model, and an object that was there keeps its other keys", () => {
  const one = { primary: "a/b", fallbacks: [] };
  assert.deepEqual(withChoice({}, "model", one), defaults({ model: "a/b" }));
  assert.deepEqual(withChoice(defaults({ model: "x/y" }), "model", { ...one, fallbacks: ["c/d"] }), {
    agents: { defaults: { model: { primary: "a/b", fallbacks: ["c/d"] } } },
  });
  const before = defaults({ model: { primary: "x/y", fallbacks: ["c/d"], timeoutMs: 5 } });
  assert.deepEqual(
    withChoice(before, "model", one),
    defaults({ model: { timeoutMs: 5, primary: "a/b", fallbacks: [] } }),
  );
  assert.deepEqual(choiceOf(before, "model"), { primary: "x/y", fallbacks: ["c/d"] });
});

test("where a list says which models may be used, a chosen one comes into it; without a list none begins", () => {
  const listed = withChoice(defaults({ models: { "x/y": { alias: "x" } } }), "model", {
    primary: "x/y",
    fallbacks: ["a/b"],
  });
  assert.deepEqual(listed, {
    agents: {
      defaults: { models: { "x/y": { alias: "x" }, "a/b": {} }, model: { primary: "x/y", fallbacks: ["a/b"] } },
    },
  });
});

test("a short name belongs to one model, whatever its letters' case", () => {
  const base = withAlias({}, "a/b", "Quick");
  assert.deepEqual(aliasesOf(base), [{ alias: "Quick", ref: "a/b" }]);
  assert.equal(aliasProblem(base, { alias: "quick", ref: "c/d" }), "taken");
  assert.equal(aliasProblem(base, { alias: "quick", ref: "a/b" }), undefined);
  assert.equal(aliasProblem(base, { alias: "a/b", ref: "c/d" }), "name");
  assert.deepEqual(aliasesOf(withAlias(base, "a/b", undefined)), []);
});

test("models are found by every word, those that can be used first", () => {
  const rows = [row("a/one", { available: false }), row("b/one"), row("b/two")];
  assert.deepEqual(
    findModels(rows, "ONE", 5).map(({ provider: of }) => of),
    ["b", "a"],
  );
  assert.deepEqual(findModels(rows, "b two", 5), [rows[2]]);
  assert.equal(findModels(rows, "", 2).length, 2);
});

test("a provider is used that has a key, a login or an entry", () => {
  const list = [
    provider("none"),
    provider("key", { apiKey: { source: "env", name: "KEY", status: "ok" } }),
    provider("entry"),
  ];
  const { used, others } = groupProviders(list, new Set(["entry"]), "");
  assert.deepEqual(
    [used, others].map((some) => some.map(({ provider: name }) => name)),
    [["entry", "key"], ["none"]],
  );
});

test("one login that works is enough", () => {
  const login = (status: string) => ({ profileId: `p:${status}`, type: "api_key", status });
  assert.equal(moodOf(provider("p", { profiles: [login("cooldown"), login("static")] })), "ready");
  assert.equal(moodOf(provider("p", { profiles: [login("cooldown"), login("expired")] })), "paused");
  assert.equal(moodOf(provider("p", { profiles: [login("expired")] })), "trouble");
  assert.equal(moodOf(provider("p")), "none");
  assert.equal(moodOf(provider("p", { status: "static" })), "ready");
});

test("prices and windows are short", () => {
  assert.deepEqual(priceOf({ cost: { input: 0.075, output: 15 } }), { in: "$0.075", out: "$15" });
  assert.equal(priceOf({}), undefined);
  assert.deepEqual([1_048_576, 200_000, 512].map(windowText), ["1M", "200k", "512"]);
});
