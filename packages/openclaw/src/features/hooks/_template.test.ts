import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fill, isTemplate, type HookRequest } from "./_template.ts";

const request = (payload: unknown): HookRequest => ({
  payload,
  headers: { "x-event": "push" },
  query: { q: "7" },
  path: "github/push",
  now: "2026-11-21T15:00:00.000Z",
});

test("a template reads what was sent and how", () => {
  const payload = { a: { b: [{ c: "deep" }, 2] }, flag: false, zero: 0, nothing: null, "x-y": 1 };
  const cases: [string, string][] = [
    ["{{a.b[0].c}} {{ a.b[1] }}", "deep 2"],
    ["{{a['b'][0].c}}", "deep"],
    ["{{payload.a.b[0].c}}", "deep"],
    ["{{flag}} {{zero}} [{{nothing}}] [{{missing}}] [{{a.b.c.d}}]", "false 0 [] [] []"],
    ["{{a.b}}", '[{"c":"deep"},2]'],
    ["{{headers.X-Event}} {{query.q}} {{path}} {{now}}", "push 7 github/push 2026-11-21T15:00:00.000Z"],
    ["{{x-y}}", "1"],
    ["{not} {{}} {{{zero}}} }}", "{not} {{}} {0} }}"],
  ];
  for (const [template, expected] of cases) assert.equal(fill(template, request(payload)), expected, template);
  assert.equal(JSON.stringify(JSON.parse(fill("{{payload}}", request(payload)))), JSON.stringify(payload));
});

test("nothing that is inherited can be read", () => {
  for (const name of [
    "constructor",
    "__proto__",
    "a.constructor.name",
    "toString",
    "a.b.length",
    "headers.constructor",
  ])
    assert.equal(fill(`[{{${name}}}]`, request(JSON.parse('{"a":{"b":"text"},"__proto__":{"x":1}}'))), "[]", name);
});

test("what a value says is not filled again, and no payload makes it fail or grow without end", () => {
  assert.equal(fill("{{a}}", request({ a: "{{path}}" })), "{{path}}");
  const large = request({ a: "x".repeat(200_000) });
  assert.ok(fill("{{a}}".repeat(100), large).length <= 512 * 1024);
  fc.assert(
    fc.property(
      fc.string(),
      fc.jsonValue(),
      (template, payload) => typeof fill(template, request(payload)) === "string",
    ),
  );
});

test("a text with a place in it is a template", () => {
  assert.deepEqual(["hook:{{id}}", "hook:fixed", "{{}}"].map(isTemplate), [true, false, false]);
});
