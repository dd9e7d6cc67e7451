import { test } from "node:test";
import assert from "node:assert/strict";
import { longestWaitMs } from "./longest-wait.ts";

test("a provider is waited for a minute at most, unless the environment says otherwise", () => {
  for (const [value, ms] of [
    [undefined, 60_000],
    ["", 60_000],
    ["90", 90_000],
    ["0.5", 500],
    ["-1", 60_000],
    ["soon", 60_000],
    ["0", Number.POSITIVE_INFINITY],
    [" OFF ", Number.POSITIVE_INFINITY],
    ["none", Number.POSITIVE_INFINITY],
  ] as const)
    assert.equal(longestWaitMs(value === undefined ? {} : { OPENCLAW_SDK_RETRY_MAX_WAIT_SECONDS: value }), ms);
});
