import assert from "node:assert/strict";
import { test } from "node:test";
import { withholding } from "./withheld.ts";

const env = {
  TEA_KEY: "tea-key-0123456789",
  TEA_TOKEN: "tea-key-0123456789-longer",
  MODE: "production",
  A_KEY: "short",
};
const through = (text: string) => withholding(env)({ content: [{ type: "text", text }] }).content;

for (const [given, told] of [
  ["key: tea-key-0123456789\nKEY=tea-key-0123456789", "key: (TEA_KEY withheld)\nKEY=(TEA_KEY withheld)"],
  ["tea-key-0123456789-longer", "(TEA_TOKEN withheld)"],
  ["in production, shortly", "in production, shortly"],
] as const)
  test(`of ${JSON.stringify(given)} is told ${JSON.stringify(told)}`, () => {
    assert.deepEqual(through(given), [{ type: "text", text: told }]);
  });

test("details are gone through, too, and pictures stay", () => {
  const picture = { type: "image", data: "tea-key-0123456789", mimeType: "image/png" } as const;
  const result = {
    content: [picture],
    details: { tail: ["x tea-key-0123456789"], code: 0, none: null },
    endsTurn: true,
  };
  assert.deepEqual(withholding(env)(result), {
    content: [picture],
    details: { tail: ["x (TEA_KEY withheld)"], code: 0, none: null },
    endsTurn: true,
  });
});

test("a run without secrets gets its results as they are", () => {
  const result = { content: [{ type: "text" as const, text: "production" }] };
  assert.equal(withholding({ MODE: "production" })(result), result);
});
