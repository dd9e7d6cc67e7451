import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { newerWarning, refuseNewer } from "../index.ts";
import { compareVersions, newerVersion } from "./newer.ts";

test("versions are compared by number, and a beta comes before its release", () => {
  const inOrder = [
    "2025.12.31",
    "2026.1.9",
    "2026.1.10-beta.1",
    "2026.1.10-beta.2",
    "2026.1.10-beta.10",
    "2026.1.10",
    "2026.2.1",
    "2026.11.0",
  ];
  inOrder.forEach((a, i) =>
    inOrder.forEach((b, j) => assert.equal(Math.sign(compareVersions(a, b)), Math.sign(i - j), `${a} ${b}`)),
  );
  assert.equal(compareVersions("v2026.1.1", "2026.1.1"), 0);
});

test("what is no version is never newer", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      assert.equal(newerVersion({ meta: { lastTouchedVersion: value } }, "9999.1.1"), undefined);
      assert.equal(newerVersion(value, "2026.1.1"), undefined);
    }),
  );
});

const config = { meta: { lastTouchedVersion: "2026.12.1" } };
const by = { version: "2026.11.0", env: {}, action: "gateway --force" };

test("an older version is kept from taking the installation over, and told the three ways out", () => {
  assert.throws(() => refuseNewer(config, by), {
    code: "CONFIG_NEWER",
    message: /2026\.12\.1.*2026\.11\.0.*gateway --force/,
    remedy: /PATH.*gateway install --force.*wrappers.*OPENCLAW_ALLOW_OLDER_BINARY_DESTRUCTIVE_ACTIONS=1/s,
  });
  assert.match(newerWarning(config, "2026.11.0") ?? "", /written by OpenClaw 2026\.12\.1/);
});

test("the same version, an older file and the override go through", () => {
  refuseNewer(config, { ...by, version: "2026.12.1" });
  refuseNewer({}, by);
  refuseNewer(config, { ...by, env: { OPENCLAW_ALLOW_OLDER_BINARY_DESTRUCTIVE_ACTIONS: "1" } });
  assert.throws(() => refuseNewer(config, { ...by, env: { OPENCLAW_ALLOW_OLDER_BINARY_DESTRUCTIVE_ACTIONS: "0" } }));
  assert.equal(newerWarning(config, "2026.12.1"), undefined);
});
