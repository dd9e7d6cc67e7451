import assert from "node:assert/strict";
import { test } from "node:test";
import { controlOf, fieldAt, fieldsBelow, typed } from "./fields.ts";
import type { Control } from "./fields.ts";
import { holdsSecret, lookUp, withSecrets } from "./schema.ts";
import type { Catalogue, Hint, Schema } from "./schema.ts";
import { indexOf, search } from "./search.ts";
import { textDifference } from "./text.ts";

const text = { type: "string" };
const whole = { type: "integer" };
const group = { type: "object", properties: { a: text } };
const map = { type: "object", patternProperties: { "^.*$": group } };

const CONTROLS: readonly (readonly [name: string, schema: Schema, hint: Hint, value: unknown, control: Control])[] = [
  ["a boolean", { type: "boolean" }, {}, undefined, { kind: "switch" }],
  ["an enum", { type: "string", enum: ["x", "y"] }, {}, undefined, { kind: "choice", options: ["x", "y"] }],
  [
    "boolean or word",
    { anyOf: [{ type: "boolean" }, { const: "auto" }] },
    {},
    undefined,
    { kind: "choice", options: [true, false, "auto"] },
  ],
  ["text", text, {}, undefined, { kind: "text", numeric: "no" }],
  ["a number", whole, {}, undefined, { kind: "text", numeric: "only" }],
  ["text or number", { anyOf: [text, whole] }, {}, undefined, { kind: "text", numeric: "too" }],
  ["a secret", { anyOf: [text, group] }, { sensitive: true }, undefined, { kind: "secret" }],
  ["a list of texts", { type: "array", items: text }, {}, undefined, { kind: "lines", numeric: false }],
  [
    "a list of words",
    { type: "array", items: { type: "string", enum: ["x"] } },
    {},
    undefined,
    { kind: "checks", options: ["x"] },
  ],
  ["a list of objects", { type: "array", items: group }, {}, [], { kind: "place", entries: "listed" }],
  ["a list of lists", { type: "array", items: { type: "array", items: text } }, {}, [], { kind: "file" }],
  ["settings", group, {}, undefined, { kind: "place", entries: "none" }],
  ["named entries", map, {}, undefined, { kind: "place", entries: "named" }],
  ["text or settings, unset", { anyOf: [text, group] }, {}, undefined, { kind: "text", numeric: "no" }],
  ["text or settings, set", { anyOf: [text, group] }, {}, { a: "b" }, { kind: "place", entries: "none" }],
  ["anything", {}, {}, undefined, { kind: "file" }],
];

for (const [name, schema, hint, value, control] of CONTROLS) {
  test(`${name} is edited with ${control.kind}`, () => {
    assert.deepEqual(controlOf(schema, hint, value), control);
  });
}

const catalogue: Catalogue = {
  schema: {
    type: "object",
    properties: {
      gateway: {
        type: "object",
        properties: { port: { ...whole, default: 18789 }, token: text, reload: group },
      },
      groups: map,
      list: { type: "array", items: group },
    },
  },
  uiHints: {
    gateway: { label: "Gateway", restarts: ["gateway"] },
    "gateway.port": { label: "Port", help: "Where it listens", order: 10, restarts: ["gateway"] },
    "gateway.token": { label: "Token", order: 0, sensitive: true, restarts: ["gateway"] },
    "gateway.reload": { label: "Reload", order: 20, help: "How changes are taken up, on which port or not" },
    groups: { label: "Groups" },
    "groups.*.a": { label: "A", restarts: ["telegram"] },
    "list.*.a": { label: "A" },
  },
};

test("the fields of a place come in the order of the hints, with default and what they restart", () => {
  const fields = fieldsBelow(catalogue, ["gateway"], { port: 1 });
  assert.deepEqual(
    fields.map(({ key }) => key),
    ["token", "port", "reload"],
  );
  assert.deepEqual(
    [fields[1]?.standard, fields[1]?.restarts, fields[1]?.help],
    ["18789", ["gateway"], "Where it listens"],
  );
});

test("entries under names of one's own and of lists are fields too", () => {
  const groups = fieldsBelow(catalogue, ["groups"], { "-100": { a: "x" } });
  assert.deepEqual(
    groups.map(({ key, control }) => [key, control.kind]),
    [["-100", "place"]],
  );
  assert.equal(fieldAt(catalogue, ["groups", "-100", "a"], "x")?.restarts[0], "telegram");
  assert.deepEqual(
    fieldsBelow(catalogue, ["list"], [{ id: "main" }, {}]).map(({ label }) => label),
    ["main", "#2"],
  );
  assert.equal(lookUp(catalogue, ["gateway", "nonsense"]), undefined);
});

test("a setting that may also be an object leads to what it then has", () => {
  const either = { schema: { type: "object", properties: { model: { anyOf: [text, group] } } }, uiHints: {} };
  assert.deepEqual(fieldAt(either, ["model"], "x")?.deeper, ["model", "a"]);
  assert.equal(fieldAt(catalogue, ["gateway", "port"], 1)?.deeper, undefined);
});

test("a secret is found wherever it stands in a value", () => {
  assert.equal(holdsSecret(catalogue, ["gateway"], { port: 1, token: "x" }), true);
  assert.equal(holdsSecret(catalogue, ["gateway"], { port: 1 }), false);
  assert.equal(holdsSecret(catalogue, ["gateway", "token"], "x"), true);
  assert.equal(holdsSecret(catalogue, ["gateway", "token"], undefined), false);
  const value = { port: 1, token: "x" };
  assert.deepEqual(
    withSecrets(catalogue, { path: ["gateway"], value }, () => "hidden"),
    { port: 1, token: "hidden" },
  );
});

test("what is typed becomes a number only where it means one", () => {
  const table = [
    ["5", "only", 5],
    ["1.5", "only", 1.5],
    ["many", "only", "many"],
    ["5", "no", "5"],
    ["42", "too", 42],
    ["007", "too", "007"],
    ["12345678901234567890", "too", "12345678901234567890"],
    ["30m", "too", "30m"],
  ] as const;
  for (const [given, numeric, value] of table) assert.equal(typed(given, numeric), value);
});

test("a search finds names before paths before descriptions", () => {
  const index = indexOf(catalogue);
  assert.deepEqual(
    search(index, "port").map(({ path }) => path),
    ["gateway.port", "gateway.reload"],
  );
  assert.equal(search(index, "gateway listens")[0]?.path, "gateway.port");
  assert.deepEqual(search(index, " "), []);
  assert.deepEqual(search(index, "no such thing"), []);
});

test("the difference of two texts leaves out what they have in common", () => {
  assert.deepEqual(textDifference("a\nb\nc", "a\nx\ny\nc"), { from: 2, before: ["b"], after: ["x", "y"] });
  assert.deepEqual(textDifference("a", "a"), { from: 2, before: [], after: [] });
});
