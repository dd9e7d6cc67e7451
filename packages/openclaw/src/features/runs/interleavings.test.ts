import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { life, live } from "./interleavings.fixture.ts";

/** By hand: `OPENCLAW_INTERLEAVINGS=100000 node --conditions=openclaw-source --test …/interleavings.test.ts`. */
const runs = Number(process.env["OPENCLAW_INTERLEAVINGS"] ?? 1000);

test("whatever is stopped, killed, steered, compacted or broken, no request leaves that a provider refuses", async () => {
  await fc.assert(
    fc.asyncProperty(life, async (plan) => assert.deepEqual(await live(plan), [])),
    { numRuns: runs, ...(process.env["OPENCLAW_SEED"] ? { seed: Number(process.env["OPENCLAW_SEED"]) } : {}) },
  );
});
