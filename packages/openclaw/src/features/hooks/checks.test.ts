import assert from "node:assert/strict";
import { test } from "node:test";
import { weaknesses } from "./checks.ts";
import type { HooksConfig } from "./_mapping.ts";

const SAFE = {
  enabled: true,
  token: "x".repeat(24),
  allowRequestSessionKey: false,
  allowQueryToken: false,
  mappings: [],
};
const hooks = (more: Record<string, unknown> = {}) => ({ ...SAFE, ...more }) as unknown as HooksConfig;

test("each way of letting hooks do more is found, and none where there is none", () => {
  assert.deepEqual(weaknesses(hooks()), []);
  assert.deepEqual(weaknesses(hooks({ allowRequestSessionKey: undefined, allowedSessionKeyPrefixes: ["hook:"] })), []);
  const cases: [Record<string, unknown>, RegExp][] = [
    [{ token: "short" }, /shorter than 16/],
    [{ allowQueryToken: true }, /end up in logs/],
    [{ allowRequestSessionKey: undefined }, /every session/],
    [{ mappings: [{ allowUnsafeExternalContent: true }] }, /your own words/],
    [{ gmail: { allowUnsafeExternalContent: true } }, /your own words/],
  ];
  for (const [more, message] of cases) {
    const found = weaknesses(hooks(more));
    assert.equal(found.length, 1, JSON.stringify(more));
    assert.match(found[0]?.message ?? "", message);
  }
});
