import assert from "node:assert/strict";
import { test } from "node:test";
import { isOneOff } from "./_session.ts";

test("only a session that nobody named is made for one run", () => {
  const id = "0b5c1f8a-3d6e-4c2b-9a10-7e5f4d3c2b1a";
  assert.equal(isOneOff(`agent:main:hook:${id}`), true);
  for (const key of [
    "agent:main:main",
    "agent:main:hook:gmail:17c",
    "agent:main:hook:nightly",
    `agent:main:hook:${id}:more`,
    `agent:main:notes:hook:${id}`,
  ])
    assert.equal(isOneOff(key), false, key);
});
